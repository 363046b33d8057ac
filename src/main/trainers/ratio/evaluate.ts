import * as tf from '@tensorflow/tfjs-core';
import type { Floats } from '../flow/programs';
import type { MethodContext, MethodProgress } from '../methodTypes';
import type { TrainedRatios } from './train';

/** Survives structured cloning. */
export interface RatioSumsSnapshot {
  /** Rows so far. */
  readonly iteration: number;
  readonly sums: Float64Array;
}

const rowsAtOnce = 1024;

/**
 * Σ_k r_k(x) of every row: what the networks say of log ρ_0(x)/ρ_K(x), nats. Most of them are asked far from where they learned.
 * @param x `[n, d]`
 * @returns `[n]`
 */
export async function* ratioSums(
  { network, blocks }: Pick<TrainedRatios, 'network' | 'blocks'>,
  x: Float64Array,
  { device, precision }: Pick<MethodContext, 'device' | 'precision'>,
  resume?: RatioSumsSnapshot,
): AsyncGenerator<MethodProgress<RatioSumsSnapshot>, Float64Array> {
  const dim = network.inputs;
  const count = x.length / dim;
  const sums = resume?.sums.slice() ?? new Float64Array(count);
  let done = resume?.iteration ?? 0;
  if (done < count) {
    const rows = Math.min(count, rowsAtOnce);
    const program = await device.compile(
      (tensors) => ({ value: tf.reshape(network.apply(tensors, tensors['x'] as tf.Tensor2D), [rows]) }),
      {
        inputs: {
          x: { shape: [rows, dim] },
          ...Object.fromEntries(Object.entries(network.shapes).map(([name, shape]) => [name, { shape }])),
        },
        ...{ precision, threading: 'sleeping' },
      },
    );
    try {
      while (done < count) {
        // The last rows are as many as the others and begin among those that are done.
        const first = Math.min(done, count - rows);
        const fresh = done - first;
        for (const weights of blocks) {
          const { value } = await program.run({ x: x.subarray(first * dim, (first + rows) * dim), ...weights });
          for (let row = fresh; row < rows; row += 1) {
            sums[first + row] = (sums[first + row] ?? NaN) + ((value as Floats)[row] ?? NaN);
          }
        }
        done = first + rows;
        const iteration = done;
        yield { iteration, report: {}, capture: () => ({ iteration, sums: sums.slice() }) };
      }
    } finally {
      await program.dispose();
    }
  }
  return sums;
}
