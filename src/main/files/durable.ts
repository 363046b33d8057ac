import { randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/**
 * Writes a file so that it is there completely or as it was before, whatever happens meanwhile: a temporary file beside it, fsync,
 * rename. The error of the system passes through, with the temporary file removed.
 */
export function writeDurably(path: string, pieces: readonly Uint8Array[]): void {
  // Shortened, so that a name of the greatest length still leaves room for what is added.
  const name = `.${basename(path).slice(0, 100)}.${process.pid}.${randomUUID().slice(0, 8)}.tmp`;
  const temporary = join(dirname(path), name);
  try {
    const file = openSync(temporary, 'wx');
    try {
      for (const piece of pieces) {
        for (let at = 0; at < piece.length;) at += writeSync(file, piece, at);
      }
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  syncFolder(dirname(path));
}

/** Makes a new name last through a power cut, where the system can. */
export function syncFolder(path: string): void {
  try {
    const folder = openSync(path, 'r');
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  } catch {
    // Windows opens no folders; the file itself is safe already.
  }
}
