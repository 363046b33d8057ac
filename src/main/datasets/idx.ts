import { InputError } from '../../shared/errors';
import { type Dtype, elementBytes, readElements } from '../files/elements';
import { selectRows, toFloat32 } from './convert';
import type { Format } from './types';

// The format of MNIST: two zero bytes, the element type, the number of axes, each axis as a big-endian uint32, the elements.

const types: Partial<Record<number, Dtype>> = {
  0x08: 'u1',
  0x09: 'i1',
  0x0b: 'i2',
  0x0c: 'i4',
  0x0d: 'f4',
  0x0e: 'f8',
};

interface Header {
  dtype: Dtype;
  dims: number[];
  dataStart: number;
  /** Of the whole file; may be beyond what a number holds exactly, which is too long for any file. */
  byteLength: number;
}

function detect(head: Uint8Array): boolean {
  const [first, second, type = 0, axes = 0] = head;
  return first === 0 && second === 0 && types[type] !== undefined && axes >= 1 && axes <= 8;
}

function readHeader(head: Uint8Array, where: string): Header {
  const dtype = types[head[2] ?? 0];
  const axes = head[3] ?? 0;
  const dataStart = 4 + 4 * axes;
  if (!detect(head) || !dtype)
    throw new InputError(where, 'this is not an IDX file', 'Choose a file such as those of MNIST.');
  if (head.length < dataStart) throw new InputError(where, 'the IDX header is cut short', 'Fetch the file again.');
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const dims = Array.from({ length: axes }, (_, axis) => view.getUint32(4 + 4 * axis));
  const count = dims.includes(0) ? 0 : dims.reduce((product, axis) => product * axis, 1);
  return { dtype, dims, dataStart, byteLength: dataStart + count * elementBytes(dtype) };
}

export const idx: Format = {
  name: 'idx',
  about: 'IDX (MNIST)',
  detect,
  byteLength: (head, where) => readHeader(head, where).byteLength,
  read(bytes, where, options) {
    const { dtype, dims, dataStart, byteLength } = readHeader(bytes, where);
    if (byteLength !== bytes.length)
      throw new InputError(
        where,
        `${dims.join(' x ')} elements take ${byteLength} bytes and the file has ${bytes.length}`,
        'Fetch the file again.',
      );
    const [available = 0, ...shape] = dims;
    const size = shape.reduce((product, axis) => product * axis, 1);
    const { offset, count } = selectRows(available, size, options, where);
    const data = readElements(bytes.subarray(dataStart), dtype, false, { first: offset * size, count: count * size });
    return { count, shape, values: toFloat32(data, shape, offset, where) };
  },
};
