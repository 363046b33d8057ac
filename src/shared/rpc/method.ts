import type { z } from 'zod';

/** One call: how its parameters are checked, and what type it answers with. The engine is trusted, so answers are not checked. */
export interface Method<P extends z.ZodType, R> {
  readonly params: P;
  /** A type only; there is no value. */
  readonly result: R;
}

export function method<P extends z.ZodType>(params: P): { returns: <R>() => Method<P, R> } {
  return { returns: <R>() => ({ params, result: undefined as R }) };
}
