import { InputError, oneLine, RunError } from '../errors';
import type { RpcErrorCode, RpcErrorShape } from './messages';

/** An error with a code, on both ends: handlers throw it, callers catch it. */
export class RpcError extends Error {
  override readonly name = 'RpcError';
  readonly code: RpcErrorCode;
  readonly details: unknown;

  constructor(code: RpcErrorCode, message: string, details?: unknown, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.details = details;
  }
}

/** Sentences for failures of the system that a person can do something about. */
const systemFailures: Readonly<Record<string, string>> = {
  ENOSPC: 'The disk that holds the data folder is full. Free some space and try again.',
  SQLITE_FULL: 'The disk that holds the data folder is full. Free some space and try again.',
  EDQUOT: 'The disk quota of the data folder is used up. Free some space and try again.',
  EACCES: 'The data folder may not be written. Change its permissions and try again.',
  EROFS: 'The data folder lies on a disk that may not be written. Set BRACKET_HOME to another place.',
  SQLITE_READONLY: 'The data folder may not be written. Change its permissions and try again.',
  EMFILE: 'Too many files are open. Close some programs and try again.',
};

/**
 * What of an error crosses to the other end.
 * @param debug adds the stack, which tells paths of this machine, to the details of an unexpected error
 */
export function errorShape(error: unknown, debug = false): RpcErrorShape {
  if (error instanceof RpcError) return withDetails(error.code, error.message, error.details);
  if (error instanceof InputError) {
    const path = 'path' in error && typeof error.path === 'string' ? { path: error.path } : {};
    return { code: 'bad-input', message: error.message, details: { where: error.where, fix: error.fix, ...path } };
  }
  if (error instanceof RunError) return { code: 'internal', message: error.message };
  if (isAbort(error)) return { code: 'cancelled', message: 'The call was cancelled.' };
  const cause = error instanceof Error ? oneLine(`${error.name}: ${error.message}`) : oneLine(String(error));
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return {
    code: 'internal',
    message:
      systemFailures[code] ?? 'Something in the engine failed unexpectedly. Try again; nothing that was kept is lost.',
    details: { cause, ...(debug && error instanceof Error ? { stack: error.stack } : {}) },
  };
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

/** An error as the other end sees it, made into one again. */
export function errorFrom({ code, message, details }: RpcErrorShape): RpcError {
  return new RpcError(code, message, details);
}

function withDetails(code: RpcErrorCode, message: string, details: unknown): RpcErrorShape {
  return details === undefined ? { code, message } : { code, message, details };
}
