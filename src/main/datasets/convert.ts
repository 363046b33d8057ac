import { InputError } from '../../shared/errors';
import type { Rows } from '../files/npy';
import type { ElementArray } from '../files/elements';
import type { Contents } from './types';

/** As many values as are kept in memory: 4 GiB of them. */
const MAX_VALUES = 2 ** 30;

/**
 * Which rows to take, given how many there are, checked before anything is allocated.
 * @param available rows in the file
 * @param size numbers in one row
 * @throws InputError if there are none, none are left after the offset, or they do not fit in memory
 */
export function selectRows(
  available: number,
  size: number,
  { offset = 0, limit = Infinity }: Rows,
  where: string,
): { offset: number; count: number } {
  if (available === 0 || size === 0)
    throw new InputError(where, 'there are no data in the file', 'Choose a file with at least one datum.');
  if (offset >= available) throw pastTheEnd(where, offset, available);
  const count = Math.min(limit, available - offset);
  if (count * size > MAX_VALUES)
    throw new InputError(
      where,
      `${count} data of ${size} numbers do not fit in memory`,
      `Set a limit of at most ${Math.max(1, Math.floor(MAX_VALUES / size))} data.`,
    );
  return { offset, count };
}

export function pastTheEnd(where: string, offset: number, available: number): InputError {
  return new InputError(
    where,
    `offset ${offset} skips all ${available} data`,
    `Choose an offset from 0 to ${available - 1}.`,
  );
}

/**
 * The numbers as float32.
 * @param data [rows * product of shape]
 * @param offset row number of the first, for messages
 * @throws InputError if one is not finite, or not in float32; names it by its place in the array, counted from 0
 */
export function toFloat32(data: ElementArray, shape: readonly number[], offset: number, where: string): Float32Array {
  const values =
    data instanceof BigInt64Array || data instanceof BigUint64Array
      ? Float32Array.from(data, Number)
      : new Float32Array(data);
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return values;
  const given = Number(data[bad]);
  throw new InputError(
    where,
    `the value at [${place(bad, shape, offset).join(', ')}] is ${given}${Number.isFinite(given) ? ', too large for float32' : ''}`,
    'Remove or replace such values first.',
  );
}

function place(index: number, shape: readonly number[], offset: number): number[] {
  const at: number[] = [];
  let rest = index;
  for (const size of [...shape].reverse()) {
    at.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return [offset + rest, ...at];
}

/**
 * Divides bytes by 255, in place.
 * @throws InputError if the values are not bytes, or 0 and 1 only, which are no greyscale
 */
export function scaleBytes({ values }: Contents, where: string): void {
  let max = 0;
  for (const value of values) {
    if (!(Number.isInteger(value) && value >= 0 && value <= 255))
      throw new InputError(
        where,
        `scale "unit" is for bytes, and ${value} is none`,
        'Use scale "none" and data that are in the range the model expects.',
      );
    max = Math.max(max, value);
  }
  if (max === 1)
    throw new InputError(where, 'scale "unit" is for bytes, and these are 0 and 1 already', 'Use scale "none".');
  // Rounded once, from the quotient in double precision.
  for (let i = 0; i < values.length; i++) values[i] = (values[i] ?? 0) / 255;
}
