import type * as tf from '@tensorflow/tfjs-core';
import { valueAndGradient } from '../../../src/main/tensor/gradient';
import * as tfjs from '@tensorflow/tfjs-core';
import { openDevice } from '../../../src/main/tensor/devices';
import type { Target } from '../../../src/main/targets';
import type { Precision } from '../../../src/main/tensor/types';

export interface Evaluated {
  /** `[n]` */
  readonly value: ArrayLike<number>;
  /** `[n, d]` */
  readonly gradient: ArrayLike<number>;
  /** The Hessian times the direction, `[n, d]`. */
  readonly curvature: ArrayLike<number>;
}

/** The direction in which {@link evaluate} takes second derivatives. */
export function direction(dim: number): Float64Array {
  return Float64Array.from({ length: dim }, (_, i) => Math.cos(i + 0.5));
}

/** Values, gradients and second derivatives along a direction of a target's log density at the rows of `z`. */
export async function evaluate(
  { dim, constants, logDensity }: Target,
  z: Float64Array,
  { device = 'cpu', precision = 'float64' }: { device?: 'cpu' | 'reference'; precision?: Precision } = {},
): Promise<Evaluated> {
  const shape = [z.length / dim, dim];
  const program = await (
    await openDevice(device)
  ).compile(
    (tensors) => {
      const log = logDensity(tensors);
      const { value, gradient } = valueAndGradient(log, tensors['z'] as tf.Tensor2D);
      const along = (x: tf.Tensor): tf.Tensor =>
        tfjs.sum(tfjs.mul(valueAndGradient(log, x as tf.Tensor2D).gradient, tensors['direction'] as tf.Tensor));
      return { value, gradient, curvature: tfjs.grad(along)(tensors['z'] as tf.Tensor) };
    },
    { inputs: { z: { shape }, direction: { shape: [dim] } }, constants, precision },
  );
  const { value = [], gradient = [], curvature = [] } = await program.run({ z, direction: direction(dim) });
  await program.dispose();
  return { value, gradient, curvature };
}
