import { InputError } from '../../src/shared/errors';
import { readDataset } from '../../src/main/datasets';
import { fillUniforms } from '../../src/main/tensor/random/streams';

/** Part of the images that no update sees. */
const heldOutPart = 0.1;

/** Images in rows, some of them kept back. */
export interface Images {
  /** Numbers of one image. */
  readonly pixels: number;
  /** Shape of one image, channels first. */
  readonly shape: readonly number[];
  readonly training: Float32Array;
  readonly heldOut: Float32Array;
  /** Of the file. */
  readonly sha256: string;
}

/**
 * Reads images, bytes as 0 to 1, and keeps every tenth of a shuffled order back.
 * @param seed decides which
 * @throws InputError where the file cannot be read or is too small
 */
export function readImages(file: string, seed: number, limit?: number): Images {
  const options = { limit };
  let dataset = readDataset(file, options);
  if (/^(idx|cifar)/.test(dataset.format)) dataset = readDataset(file, { ...options, scale: 'unit' });
  const { count, values, shape, sha256 } = dataset;
  const pixels = shape.reduce((product, size) => product * size, 1);
  const kept = Math.round(count * heldOutPart);
  if (kept < 2)
    throw new InputError(file, `has ${count} images`, 'At least 15 are needed, a tenth of them to test on.');
  const order = permutation(count, seed, 0);
  const rows = (indices: ArrayLike<number>): Float32Array => {
    const out = new Float32Array(indices.length * pixels);
    copyRows(out, values, Array.from(indices), pixels);
    return out;
  };
  return {
    pixels,
    shape: shape.length === 2 ? [1, ...shape] : shape,
    training: rows(order.slice(kept)),
    heldOut: rows(order.slice(0, kept)),
    sha256,
  };
}

/** Fills minibatches: all images once in an order of its own each epoch, but for the rest that fills no minibatch. */
export function minibatches(
  { training, pixels }: Images,
  batch: number,
  seed: number,
): { readonly perEpoch: number; readonly fill: (out: Float32Array, iteration: number) => void } {
  const count = training.length / pixels;
  const perEpoch = Math.floor(count / batch);
  if (perEpoch === 0) throw new InputError(`--batch ${batch}`, `there are ${count} images to train on`, 'Lower it.');
  let epoch = -1;
  let order = new Uint32Array();
  return {
    perEpoch,
    fill: (out, iteration) => {
      const wanted = Math.floor(iteration / perEpoch);
      if (wanted !== epoch) [epoch, order] = [wanted, permutation(count, seed, 1 + wanted)];
      const first = (iteration % perEpoch) * batch;
      copyRows(out, training, Array.from(order.subarray(first, first + batch)), pixels);
    },
  };
}

function copyRows(out: Float32Array, from: Float32Array, rows: readonly number[], width: number): void {
  rows.forEach((row, place) => out.set(from.subarray(row * width, (row + 1) * width), place * width));
}

/** 0 to count − 1, ordered by random numbers. */
function permutation(count: number, seed: number, step: number): Uint32Array<ArrayBuffer> {
  const keys = new Float64Array(count);
  const block = { firstChain: 0, chains: 1, firstDatum: 0, data: count, width: 1 };
  fillUniforms(keys, { seed, stream: 'trainingSamples', step, ...block });
  return Uint32Array.from(keys.keys()).sort((a, b) => (keys[a] ?? 0) - (keys[b] ?? 0));
}
