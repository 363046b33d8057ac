import { RpcError } from '../shared/rpc';

export interface DescribedError {
  /** A sentence. */
  readonly message: string;
  /** The technical part, to copy. */
  readonly details: string | null;
}

/** Any caught value as a sentence and its details. */
export function describeError(error: unknown): DescribedError {
  if (error instanceof RpcError) return { message: error.message, details: detailsText(error.details) };
  if (error instanceof Error) {
    return {
      message: 'Something in this window failed. Reload it; nothing that was kept is lost.',
      details: error.stack ?? error.message,
    };
  }
  return { message: String(error), details: null };
}

/** Whether a call was taken back by the window itself, which nobody needs to be told. */
export function isCancelled(error: unknown): boolean {
  return error instanceof RpcError && error.code === 'cancelled';
}

function detailsText(details: unknown): string | null {
  if (details === undefined || details === null) return null;
  return typeof details === 'string' ? details : JSON.stringify(details, null, 2);
}
