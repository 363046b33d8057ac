import type * as tf from '@tensorflow/tfjs-core';
import type { Target } from '../targets';
import type { Device, Precision } from '../tensor/types';

/** Rows at once. */
const mostRows = 4096;

/**
 * Log density of a target at some points, nats.
 * @param x `[n, d]`
 * @param logZ taken off
 */
export async function logDensityOn(
  target: Target,
  device: Device,
  precision: Precision,
  x: Float64Array,
  logZ: number,
): Promise<Float64Array> {
  const { dim, constants } = target;
  const count = x.length / dim;
  const rows = Math.min(count, mostRows);
  const program = await device.compile((t) => ({ value: target.logDensity(t)(t['z'] as tf.Tensor2D) }), {
    inputs: { z: { shape: [rows, dim] } },
    ...{ constants, precision },
  });
  const found = new Float64Array(count);
  try {
    for (let done = 0; done < count; done += rows) {
      // The last rows are as many as the others and begin among those that are there already.
      const first = Math.min(done, count - rows);
      const z = x.subarray(first * dim, (first + rows) * dim);
      const { value } = await program.run({ z: precision === 'float64' ? z : Float32Array.from(z) });
      found.set(value as Float64Array, first);
    }
  } finally {
    await program.dispose();
  }
  return found.map((log) => log - logZ);
}
