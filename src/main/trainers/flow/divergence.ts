import * as tf from '@tensorflow/tfjs-core';
import type { VelocityField, VelocityPoint } from './velocity';

export type DivergenceEstimator = 'exact' | 'hutchinson' | 'finite-difference';

export interface DivergenceSettings {
  readonly divergence: DivergenceEstimator;
  /** σ₀ of finite differences, whose step is σ₀/√d. */
  readonly sigma: number;
}

/**
 * div v at rows x: in closed form; as eᵀ J e with a random e of unit covariance, which is unbiased; or as eᵀ (v(x + σe) − v(x))/σ, which is
 * off by σ²/2 times the Laplacian of div v, for a Gaussian e.
 * @param at what the field says of x
 * @param probe e, `[n, d]`; not read by the closed form
 */
export function divergenceOf(
  { divergence, sigma }: DivergenceSettings,
  field: VelocityField,
  at: VelocityPoint,
  x: tf.Tensor2D,
  time: tf.Scalar,
  probe: tf.Tensor2D | undefined,
): tf.Tensor1D {
  if (divergence === 'exact') return at.divergence();
  if (probe === undefined) throw new Error('An estimate of the divergence wants a probe.');
  if (divergence === 'hutchinson') {
    const product = at.jacobianProduct(tf.expandDims<tf.Tensor3D>(probe, 0));
    return tf.sum<tf.Tensor1D>(tf.mul(probe, tf.squeeze(product, [0])), 1);
  }
  const step = tf.fill([], sigma / Math.sqrt(field.dim));
  const moved = field.at(tf.add(x, tf.mul(probe, step)), time).velocity;
  return tf.div<tf.Tensor1D>(tf.sum(tf.mul(probe, tf.sub(moved, at.velocity)), 1), step);
}
