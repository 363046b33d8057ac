import { InputError } from '../../shared/errors';
import { selectRows } from './convert';
import type { Format } from './types';

// The binary version of CIFAR-10: for each image one byte of label, then 1,024 bytes each of red, green and blue, row by row.

const shape = [3, 32, 32] as const;
const pixels = 3 * 32 * 32;
const record = 1 + pixels;
const classes = 10;

export const cifar10: Format = {
  name: 'cifar10',
  about: 'CIFAR-10 binary (.bin)',
  // The file has no mark of its own; it goes by the name, and by a label that can be one.
  detect: (head, path) => path.endsWith('.bin') && (head[0] ?? classes) < classes,
  read(bytes, where, options) {
    if (bytes.length === 0 || bytes.length % record !== 0) {
      throw new InputError(
        where,
        `${bytes.length} bytes are no whole number of CIFAR-10 records of ${record}`,
        'Fetch the file again, or choose one of data_batch_1.bin to data_batch_5.bin and test_batch.bin.',
      );
    }
    const { offset, count } = selectRows(bytes.length / record, pixels, options, where);
    const values = new Float32Array(count * pixels);
    const labels = new Int32Array(count);
    for (let row = 0; row < count; row += 1) {
      const start = (offset + row) * record;
      const label = bytes[start] ?? classes;
      if (label >= classes) {
        throw new InputError(
          where,
          `image ${offset + row} has the label ${label}`,
          'CIFAR-10 has labels 0 to 9; fetch the file again.',
        );
      }
      labels[row] = label;
      values.set(bytes.subarray(start + 1, start + record), row * pixels);
    }
    return { count, shape, values, labels };
  },
};
