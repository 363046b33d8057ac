import type * as tf from '@tensorflow/tfjs-core';
import type { Target } from '../targets';
import type { Device, Precision } from '../tensor/types';

/**
 * Log density of a one-dimensional target at some points, nats.
 * @param logZ taken off
 */
export async function logDensityOn(
  target: Target,
  device: Device,
  precision: Precision,
  x: Float64Array,
  logZ: number,
): Promise<Float64Array> {
  const program = await device.compile((t) => ({ value: target.logDensity(t)(t['z'] as tf.Tensor2D) }), {
    inputs: { z: { shape: [x.length, 1] } },
    constants: target.constants,
    precision,
  });
  try {
    const { value } = await program.run({ z: precision === 'float64' ? x : Float32Array.from(x) });
    return Float64Array.from(value as Float64Array, (log) => log - logZ);
  } finally {
    await program.dispose();
  }
}
