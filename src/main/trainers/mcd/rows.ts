import { InputError } from '../../../shared/errors';
import { rowBytes } from '../dais/blocks';
import type { MethodContext } from '../methodTypes';

/** Rows that are computed at once. */
export interface RowBlocks {
  readonly rows: number;
  /** The first row of each block; the last of several begins where it still fits, among rows that an earlier one had. */
  readonly firsts: readonly number[];
}

/**
 * Cuts rows so that the states of their paths fit into memory.
 * @param steps K where states of all transitions are kept, else 0
 * @param most rows of a block
 * @throws InputError when a single path does not fit
 */
export function rowBlocks(
  { name, target, precision }: Pick<MethodContext, 'name' | 'target' | 'precision'>,
  { count, steps, most = count, memory }: RowOptions,
): RowBlocks {
  const bytes = rowBytes(target, steps, precision);
  const fit = Math.floor(memory / bytes);
  if (fit < 1) {
    const gigabytes = (bytes / 1e9).toLocaleString('en', { maximumSignificantDigits: 3 });
    throw new InputError(
      `methods (${name})`,
      `one path of ${steps.toLocaleString('en')} transitions in ${target.dim.toLocaleString('en')} dimensions takes ${gigabytes} GB`,
      'Use fewer "steps".',
    );
  }
  const pieces = Math.ceil(count / Math.min(most, fit));
  const rows = Math.ceil(count / pieces);
  return { rows, firsts: Array.from({ length: pieces }, (_, i) => Math.min(i * rows, count - rows)) };
}

interface RowOptions {
  readonly count: number;
  readonly steps: number;
  readonly most?: number;
  /** Bytes */
  readonly memory: number;
}
