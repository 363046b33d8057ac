import { createHash, randomUUID } from 'node:crypto';
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { InputError } from '../../shared/errors';
import { syncFolder } from '../files/durable';
import { NotFoundError, storeFailure } from './failures';
import type { Store } from './store';

/** A file that is kept, by the hash of its bytes. */
export interface Artifact {
  readonly sha256: string;
  /** Its file name: the end of it says what some formats are. */
  readonly name: string;
  readonly bytes: number;
  readonly created: number;
  /** Where it lies: `artifacts/ab/<sha256>/<name>`. */
  readonly path: string;
}

/**
 * Copies bytes into the data folder: a temporary file, fsync, rename. The same bytes are kept once, under their first name.
 * Until something refers to it ({@link referToArtifact}, a model, a data set) the next clean-up takes it away again.
 * @param source a path, or bytes as they arrive
 */
export async function keepArtifact(
  store: Store,
  source: string | AsyncIterable<Uint8Array> | Uint8Array,
  name: string,
): Promise<Artifact> {
  const temporary = join(store.artifacts, `${randomUUID()}.tmp`);
  try {
    const { sha256, bytes } = await copy(source, temporary);
    const known = findArtifact(store, sha256);
    if (known !== undefined && existsSync(known.path)) return known;
    const path = pathOf(store, sha256, fileName(name));
    mkdirSync(dirname(path), { recursive: true });
    renameSync(temporary, path);
    syncFolder(dirname(path));
    const created = Date.now();
    store.write(() =>
      store
        .sql('INSERT OR REPLACE INTO artifacts (sha256, name, bytes, created) VALUES (?, ?, ?, ?)')
        .run(sha256, basename(path), bytes, created),
    );
    return { sha256, name: basename(path), bytes, created, path };
  } catch (error) {
    if (typeof source === 'string' && error instanceof Error && 'path' in error && error.path === source) {
      throw new InputError(source, `cannot be read (${error.message})`, 'Check the path.', { cause: error });
    }
    throw storeFailure(error, store.folder);
  } finally {
    rmSync(temporary, { force: true });
  }
}

export function findArtifact(store: Store, sha256: string): Artifact | undefined {
  const row = store.read(() =>
    store
      .sql<Omit<Artifact, 'path'>>('SELECT sha256, name, bytes, created FROM artifacts WHERE sha256 = ?')
      .get(sha256),
  );
  return row === undefined ? undefined : { ...row, path: pathOf(store, row.sha256, row.name) };
}

/** @throws NotFoundError */
export function getArtifact(store: Store, sha256: string): Artifact {
  const artifact = findArtifact(store, sha256);
  if (artifact === undefined)
    throw new NotFoundError(sha256.slice(0, 12), 'is not kept here', 'Import the file again.');
  return artifact;
}

/** Has a run hold on to a file, under a name of its own. */
export function referToArtifact(store: Store, run: string, name: string, sha256: string): void {
  store.write(() =>
    store.sql('INSERT OR REPLACE INTO run_artifacts (run, name, sha256) VALUES (?, ?, ?)').run(run, name, sha256),
  );
}

/** Takes in a file that a run has put into its place under the hash of its bytes, and has the run hold on to it. */
export function adoptArtifact(
  store: Store,
  run: string,
  { name, path, sha256 }: { readonly name: string; readonly path: string; readonly sha256: string },
): void {
  const bytes = statSync(path, { throwIfNoEntry: false })?.size;
  if (bytes === undefined) return;
  store.write(() => {
    store
      .sql('INSERT OR IGNORE INTO artifacts (sha256, name, bytes, created) VALUES (?, ?, ?, ?)')
      .run(sha256, basename(path), bytes, Date.now());
    referToArtifact(store, run, name, sha256);
  });
}

/** The kept file that a path leads to. */
export function artifactAt(store: Store, path: string): Artifact | undefined {
  const artifact = findArtifact(store, basename(dirname(path)));
  return artifact?.path === path ? artifact : undefined;
}

/** Removes files that no model, data set or run refers to. */
export function cleanArtifacts(store: Store, { youngest = 24 * 3600 * 1000 }: { youngest?: number } = {}): void {
  const before = Date.now() - youngest;
  store.write(() => {
    const unused = store
      .sql<{ sha256: string }>(
        `SELECT sha256 FROM artifacts WHERE created < ? AND sha256 NOT IN (SELECT sha256 FROM models)
           AND sha256 NOT IN (SELECT sha256 FROM datasets) AND sha256 NOT IN (SELECT sha256 FROM run_artifacts)`,
      )
      .all(before);
    for (const { sha256 } of unused) {
      store.sql('DELETE FROM artifacts WHERE sha256 = ?').run(sha256);
      rmSync(dirname(pathOf(store, sha256, '-')), { recursive: true, force: true });
    }
    // What a killed import has left; a running one is younger.
    for (const entry of readdirSync(store.artifacts)) {
      const path = join(store.artifacts, entry);
      if (entry.endsWith('.tmp') && statSync(path).mtimeMs < before) rmSync(path, { force: true });
      if (!/^[0-9a-f]{2}$/.test(entry)) continue;
      for (const sha256 of readdirSync(path)) {
        const folder = join(path, sha256);
        if (statSync(folder).mtimeMs < before && findArtifact(store, sha256) === undefined) {
          rmSync(folder, { recursive: true, force: true });
        }
      }
    }
  });
}

async function copy(
  source: string | AsyncIterable<Uint8Array> | Uint8Array,
  target: string,
): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash('sha256');
  let bytes = 0;
  const count = new Transform({
    transform(piece: Buffer, _encoding, done) {
      hash.update(piece);
      bytes += piece.length;
      done(null, piece);
    },
  });
  const from =
    typeof source === 'string'
      ? createReadStream(source)
      : Readable.from(source instanceof Uint8Array ? [source] : source);
  await pipeline(from, count, createWriteStream(target, { flush: true, mode: 0o600 }));
  return { sha256: hash.digest('hex'), bytes };
}

function pathOf(store: Store, sha256: string, name: string): string {
  return join(store.artifacts, sha256.slice(0, 2), sha256, name);
}

/** A name that is one file on every system. */
function fileName(name: string): string {
  const plain = basename(name.replaceAll('\\', '/'))
    .replace(/[^A-Za-z0-9._ -]+/g, '_')
    .replace(/^[. ]+|[. ]+$/g, '')
    .slice(-100);
  return plain === '' ? 'file' : plain;
}
