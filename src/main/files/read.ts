import { closeSync, openSync, readSync, statSync, type Stats } from 'node:fs';
import { constants, gunzipSync } from 'node:zlib';
import { InputError } from '../../shared/errors';

/** No file larger than this is read, nor inflated to more, unless the caller says so. */
export const MAX_BYTES = 2 ** 32;

/** One read call takes at most 2 GiB on every system. */
const PIECE = 2 ** 30;

/**
 * Reads a whole file.
 * @param path the file, also the `where` of messages
 * @throws InputError if it is missing, a folder or a device, may not be read, is empty, or is larger than `maxBytes` (default 4 GiB)
 */
export function readFileBounded(path: string, { maxBytes = MAX_BYTES }: { maxBytes?: number } = {}): Uint8Array {
  try {
    const { size } = checkFile(statSync(path), path, maxBytes);
    const bytes = new Uint8Array(size);
    const file = openSync(path, 'r');
    try {
      let at = 0;
      while (at < size) {
        const got = readSync(file, bytes, at, Math.min(size - at, PIECE), at);
        if (got === 0)
          throw new InputError(path, 'the file became shorter while it was read', 'Try again once it is complete.');
        at += got;
      }
    } finally {
      closeSync(file);
    }
    return bytes;
  } catch (error) {
    throw error instanceof InputError ? error : asInputError(error, path);
  }
}

function checkFile(stats: Stats, path: string, maxBytes: number): Stats {
  if (stats.isDirectory()) throw new InputError(path, 'this is a folder', 'Name a file in it.');
  // A pipe or a device has no size to check, and opening one may wait forever.
  if (!stats.isFile()) throw new InputError(path, 'this is not a regular file', 'Save the data to a file first.');
  if (stats.size === 0)
    throw new InputError(path, 'the file is empty', 'Save or fetch it again; perhaps it broke off at the start.');
  if (stats.size > maxBytes)
    throw new InputError(path, `the file has ${stats.size} bytes, more than the ${maxBytes} allowed`, 'Split it.');
  return stats;
}

function asInputError(error: unknown, path: string): InputError {
  if (error instanceof RangeError)
    return new InputError(path, 'the file does not fit in memory', 'Split it.', { cause: error });
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  const [what, fix] = failures[code] ?? [`the file cannot be read (${code})`, 'Check the path and the disk.'];
  return new InputError(path, what, fix, { cause: error });
}

const failures: Partial<Record<string, [what: string, fix: string]>> = {
  ENOENT: ['no such file', 'Check the path.'],
  ENOTDIR: ['no such file: a part of the path is not a folder', 'Check the path.'],
  ENAMETOOLONG: ['the path is too long', 'Check the path.'],
  ERR_INVALID_ARG_VALUE: ['the path has a null character in it', 'Check the path.'],
  ELOOP: ['the path goes round in a circle of links', 'Name the file itself.'],
  EACCES: ['no permission to read the file', 'Change its permissions, or copy it to where you may read it.'],
  EPERM: ['no permission to read the file', 'Change its permissions, or copy it to where you may read it.'],
};

/** Whether the bytes start like a gzip file. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 8;
}

/**
 * Inflates a gzip file.
 * @param maxBytes inflating stops and fails beyond this
 * @throws InputError if the file is damaged, cut short, or inflates to more than `maxBytes`
 */
export function gunzipBounded(bytes: Uint8Array, where: string, maxBytes: number = MAX_BYTES): Uint8Array {
  return gunzip(bytes, where, maxBytes, constants.Z_FINISH);
}

/**
 * The first bytes of a gzip file, inflated: enough for the header of what is in it (up to 4 MiB, often 10 KiB).
 * @throws InputError if the file is damaged there
 */
export function gunzipHead(bytes: Uint8Array, where: string): Uint8Array {
  const packed = 4096;
  // Deflate gives at most 1032 bytes for one. Z_SYNC_FLUSH takes the cut for what it is.
  return gunzip(bytes.subarray(0, packed), where, packed * 1032, constants.Z_SYNC_FLUSH);
}

function gunzip(bytes: Uint8Array, where: string, maxBytes: number, finishFlush: number): Uint8Array {
  try {
    const { buffer, byteOffset, length } = gunzipSync(bytes, {
      maxOutputLength: Math.max(1, Math.floor(maxBytes)),
      finishFlush,
      chunkSize: 2 ** 18,
    });
    return new Uint8Array(buffer, byteOffset, length);
  } catch (error) {
    if (error instanceof RangeError)
      throw new InputError(
        where,
        `the gzip file inflates to more than the ${maxBytes} bytes expected`,
        'Check that it is the file you mean; if so, inflate it or split it first.',
        { cause: error },
      );
    throw new InputError(where, 'the gzip file is damaged or cut short', 'Fetch or save it again.', { cause: error });
  }
}
