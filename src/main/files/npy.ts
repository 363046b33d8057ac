import { InputError } from '../../shared/errors';
import { type Dtype, type ElementArray, readElements } from './elements';
import { type NpyHeader, readNpyHeader } from './npyHeader';

export { isNpy } from './npyHeader';
export type { ElementArray };

/** A NumPy array in C order (last axis fastest). */
export interface NpyArray {
  readonly dtype: Dtype;
  /** Empty for a single number. */
  readonly shape: number[];
  /** [product of shape]; see `ElementArray` for what each dtype becomes. */
  readonly data: ElementArray;
}

/** Which part of the first axis is wanted; the rest is not converted. */
export interface Rows {
  readonly offset?: number | undefined;
  readonly limit?: number | undefined;
}

/**
 * Reads a .npy file of numbers, either byte order and either axis order. Pickled objects are refused, never run.
 * @param rows only these entries of the first axis, cut to those there are
 * @throws InputError if the file is damaged, of another length than its header says, or does not hold numbers
 */
export function readNpy(bytes: Uint8Array, where: string, rows: Rows = {}): NpyArray {
  const header = readNpyHeader(bytes, where);
  const { dtype, littleEndian, shape, dataStart, byteLength } = header;
  if (bytes.length !== byteLength)
    throw new InputError(
      where,
      `an array of shape (${shape.join(', ')}) takes ${byteLength} bytes and the file has ${bytes.length}`,
      'Fetch or save it again.',
    );
  const data = bytes.subarray(dataStart);
  const [outer, ...inner] = shape;
  if (outer === undefined) return { dtype, shape: [], data: readElements(data, dtype, littleEndian, { count: 1 }) };

  const offset = Math.min(rows.offset ?? 0, outer);
  const length = Math.min(rows.limit ?? outer, outer - offset);
  const rowSize = outer === 0 ? 0 : header.count / outer;
  const source = header.fortranOrder && shape.length > 1 ? fortranSource(header, rowSize, offset) : undefined;
  return {
    dtype,
    shape: [length, ...inner],
    data: readElements(data, dtype, littleEndian, {
      first: offset * rowSize,
      count: length * rowSize,
      ...(source && { source }),
    }),
  };
}

/** Place i of the C-order result lies where in a file whose first axis varies fastest. */
function fortranSource({ shape }: NpyHeader, rowSize: number, offset: number): (i: number) => number {
  const outer = shape[0] ?? 0;
  // The same permutation for every row, so it is worked out once: within a row, the axes from the last to the second.
  const inner = new Float64Array(rowSize);
  for (let i = 0; i < rowSize; i++) {
    let rest = i;
    let stride = rowSize * outer;
    let at = 0;
    for (let axis = shape.length - 1; axis > 0; axis--) {
      const size = shape[axis] ?? 1;
      stride /= size;
      at += (rest % size) * stride;
      rest = Math.floor(rest / size);
    }
    inner[i] = at;
  }
  return (i) => offset + Math.floor(i / rowSize) + (inner[i % rowSize] ?? 0);
}
