import path from 'node:path';
import { InputError } from '../../../shared/errors';
import { formatCount } from '../../../shared/format';
import type { NiceTrainingSpec } from '../../../shared/runFile/targets/data';
import { readDataset } from '../../datasets';
import { quantised, resizeImages, type Size } from '../../trainers/nice';
import { gathered, permutation, type RowsOf } from '../../trainers/vae/minibatches';

/** Part of the images that no update sees, and how many of them at the most. */
const heldOutPart = 0.1;
const mostHeldOut = 5000;

/** Grey images as a flow is trained on: square, cut down to 3 bits, some of them kept back. */
export interface NiceImages {
  /** Height and width of the images in the file. */
  readonly from: Size;
  readonly training: RowsOf;
  /** `[count, size²]` */
  readonly heldOut: Float32Array;
  readonly name: string;
  readonly sha256: string;
}

/**
 * Reads images for a flow. Which of them are kept back does not depend on any seed.
 * @throws InputError, one line, where the file cannot be read, has no grey images or too few of them
 */
export function readNiceImages(spec: NiceTrainingSpec, directory: string): NiceImages {
  const { file, array, limit, size, batch } = spec;
  const { values, count, shape, name, sha256 } = readDataset(path.resolve(directory, file), { array, limit });
  const from = sizeOf(shape, name);
  if (size > Math.min(...from)) {
    throw new InputError(
      'target.train.size',
      `is ${size}, and the images of ${name} have ${from.join(' × ')} pixels`,
      'Lower it.',
    );
  }
  const small = quantised(resizeImages(greys(values, count, name), from, [size, size]));
  const order = permutation(count, 0, 0);
  const kept = Math.min(mostHeldOut, Math.max(1, Math.round(heldOutPart * count)));
  const rows = order.slice(kept).sort();
  if (rows.length < batch) {
    throw new InputError(
      'target.train.batch',
      `is ${formatCount(batch)}, and of the ${formatCount(count)} images in ${name} ${formatCount(rows.length)} are left to train on`,
      'Lower it, or use more images.',
    );
  }
  const width = size * size;
  const training = { values: small, width, rows };
  return { from, training, heldOut: gathered({ ...training, rows: order.slice(0, kept).sort() }), name, sha256 };
}

/** Rows of a square number of pixels are images too, as tables hold them. */
function sizeOf(shape: readonly number[], name: string): Size {
  const [first = 0, second = 0, third = 0] = shape;
  if (shape.length === 2) return [first, second];
  if (shape.length === 3 && first === 1) return [second, third];
  const side = Math.round(Math.sqrt(first));
  if (shape.length === 1 && side > 1 && side * side === first) return [side, side];
  throw new InputError(
    'target.train.file',
    shape.length === 0
      ? `${name} holds single numbers, such as labels`
      : `a datum of ${name} is ${shape.join(' × ')} numbers`,
    'Use grey images.',
  );
}

/** Bytes become 0 to 1, whatever their type in the file. */
function greys(values: Float32Array, count: number, name: string): Float32Array {
  let most = 0;
  for (const value of values) most = Math.max(most, value);
  const bad = values.findIndex((value) => !(value >= 0 && value <= 255));
  if (bad >= 0) {
    throw new InputError(
      'target.train.file',
      `${name} holds ${values[bad]} in image ${Math.floor(bad / (values.length / count))}`,
      'Use grey levels from 0 to 1, or bytes.',
    );
  }
  return most > 1 ? values.map((value) => value / 255) : values;
}
