import { createHash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { deserialize, serialize } from 'node:v8';
import { writeDurably } from '../files/durable';
import type { JournalContent } from '../experiments';

/** Everything that a run needs to go on. */
export interface Snapshot {
  readonly run: string;
  /** What it had computed, pauses left out. */
  readonly seconds: number;
  /** sha256 of each input file by path: a run goes on with the files that it began with. */
  readonly hashes: Readonly<Record<string, string>>;
  readonly content: JournalContent;
}

const magic = Buffer.from('BRKTSNAP', 'latin1');

/** Raised when the parts of an experiment or their numbers change, so that no run is made of two halves that do not fit. */
const version = 1;

const digestBytes = 32;
const headerBytes = magic.length + 4 + digestBytes;

/** Writes a snapshot over the last one: afterwards there is the new one or, if it fails, the last. */
export function writeSnapshot(path: string, snapshot: Snapshot): void {
  const body = serialize(snapshot);
  const number = Buffer.alloc(4);
  number.writeUInt32LE(version);
  writeDurably(path, [magic, number, createHash('sha256').update(body).digest(), body]);
}

/** @returns undefined when there is none, a phrase when there is one that cannot be used */
export function readSnapshot(path: string, run: string): Snapshot | string | undefined {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    return 'cannot be read';
  }
  if (bytes.length < headerBytes || !bytes.subarray(0, magic.length).equals(magic)) return 'is not complete';
  if (bytes.readUInt32LE(magic.length) !== version) return 'is from another version of Bracket';
  const body = bytes.subarray(headerBytes);
  const digest = createHash('sha256').update(body).digest();
  if (!digest.equals(bytes.subarray(headerBytes - digestBytes, headerBytes))) return 'is damaged';
  try {
    const snapshot = deserialize(body) as Snapshot;
    return snapshot.run === run ? snapshot : 'belongs to another run';
  } catch {
    return 'is from another version of Bracket';
  }
}

export function removeSnapshot(path: string): void {
  rmSync(path, { force: true });
}
