import { closeSync, openSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { InputError, oneLine, RunError } from '../../shared/errors';
import { writeDurably } from '../files/durable';
import { whyNotWritten } from '../files/whyNotWritten';

/** A file that will be written once its content is known. */
export interface PlannedFile {
  /** Writes the whole content: afterwards the file is complete or as it was before. @throws RunError with a sentence */
  write(content: string | Uint8Array): void;
}

/**
 * Makes sure that a file can be written, before hours are spent on what will be in it.
 * @throws InputError if its folder is missing or not writable, or a folder is in its place
 */
export function planFile(path: string): PlannedFile {
  if (path === '') throw new InputError('the output', 'names no file', 'Give a path, or - for standard output.');
  const existing = lookUp(path);
  if (existing?.isDirectory() === true) throw new InputError(path, 'this is a folder', 'Name a file in it.');
  // A pipe or a device is written to, never replaced.
  if (existing !== undefined && !existing.isFile())
    return { write: (content) => written(path, () => writeFileSync(path, content)) };
  const target = existing === undefined ? resolve(path) : realpathSync(path);
  const temporary = join(dirname(target), `.${basename(target).slice(0, 100)}.${process.pid}.tmp`);
  try {
    closeSync(openSync(temporary, 'w'));
    rmSync(temporary);
  } catch (error) {
    throw refusal(path, error);
  }
  return {
    write: (content) =>
      written(path, () => writeDurably(target, [typeof content === 'string' ? Buffer.from(content) : content])),
  };
}

function written(path: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    throw new RunError(`${oneLine(path)} could not be written: ${whyNotWritten(error)}.`, { cause: error });
  }
}

function lookUp(path: string): ReturnType<typeof statSync> | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw refusal(path, error);
  }
}

function refusal(path: string, error: unknown): InputError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
  const folder = dirname(resolve(path));
  const [what, fix] =
    code === 'ENOENT' || code === 'ENOTDIR'
      ? [`the folder ${folder} does not exist`, 'Make it, or choose another place.']
      : code === 'EACCES' || code === 'EPERM' || code === 'EROFS'
        ? [`the folder ${folder} is not writable`, 'Change its permissions, or choose another place.']
        : [`cannot be written (${code})`, 'Choose another place.'];
  return new InputError(path, what, fix, { cause: error });
}
