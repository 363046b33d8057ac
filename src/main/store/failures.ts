import Sqlite from 'better-sqlite3';
import { InputError, RunError } from '../../shared/errors';

/** There is no run, model or data set of that id. */
export class NotFoundError extends InputError {}

/** What was asked for does not go together with how things stand: pausing a run that has ended, a second engine on a folder. */
export class ConflictError extends InputError {}

/** The store could not be read or written; nothing of what was being stored is there, and everything from before is. */
export class StoreError extends RunError {}

/** Turns what the database or the file system says into a sentence about the data folder. Other errors pass through. */
export function storeFailure(error: unknown, folder: string): unknown {
  if (error instanceof InputError || error instanceof RunError) return error;
  const code = codeOf(error);
  if (code === undefined) return error;
  const [, sentence] = sentences.find(([prefix]) => code.startsWith(prefix)) ?? [
    '',
    `The data folder could not be used (${code}). Check the disk.`,
  ];
  return new StoreError(sentence.replace('The data folder', `The data folder ${folder}`), { cause: error });
}

const sentences: readonly (readonly [prefix: string, sentence: string])[] = [
  ['SQLITE_FULL', 'The data folder is on a full disk, so nothing more can be kept. Free some space and try again.'],
  ['ENOSPC', 'The data folder is on a full disk, so nothing more can be kept. Free some space and try again.'],
  ['EDQUOT', 'The data folder has used up its quota. Free some space and try again.'],
  ['SQLITE_READONLY', 'The data folder is read-only. Change its permissions, or set BRACKET_HOME to another folder.'],
  ['EROFS', 'The data folder is read-only. Change its permissions, or set BRACKET_HOME to another folder.'],
  ['EACCES', 'The data folder may not be written. Change its permissions, or set BRACKET_HOME to another folder.'],
  ['EPERM', 'The data folder may not be written. Change its permissions, or set BRACKET_HOME to another folder.'],
  ['ENOENT', 'The data folder cannot be made there. Set BRACKET_HOME to another folder.'],
  ['ENOTDIR', 'The data folder cannot be made there. Set BRACKET_HOME to another folder.'],
  ['SQLITE_BUSY', 'The data folder is kept busy by another program. Try again in a moment.'],
  ['SQLITE_LOCKED', 'The data folder is kept busy by another program. Try again in a moment.'],
  [
    'SQLITE_CORRUPT',
    'The data folder holds a damaged bracket.db. Move that file away to start with an empty history; it is left as it is.',
  ],
  [
    'SQLITE_NOTADB',
    'The data folder holds a bracket.db that is no database. Move that file away to start with an empty history; it is left as it is.',
  ],
  [
    'SQLITE_CANTOPEN',
    'The data folder cannot be opened. Check its permissions, or set BRACKET_HOME to another folder.',
  ],
];

function codeOf(error: unknown): string | undefined {
  if (error instanceof Sqlite.SqliteError) return error.code;
  if (error instanceof Error && 'syscall' in error && 'code' in error) return String(error.code);
  return undefined;
}
