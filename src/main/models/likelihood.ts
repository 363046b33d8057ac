import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '../../shared/errors';
import type { LikelihoodSpec } from '../../shared/runFile';
import type { Checkpoint } from '../checkpoints';
import { sizeOf } from '../tensor/types';

/** p(x | z) given what the decoder puts out. */
export interface Likelihood {
  readonly type: 'bernoulli' | 'gaussian';
  /** Gaussian only. */
  readonly sigma?: number;
  /**
   * log p(x | z) in nats, all constants included, `[n]`.
   * @param output `[n, D]`, chain-major: row k·B + i is chain k of datum i
   * @param x `[B, D]` with n a multiple of B
   */
  readonly logDensity: (output: tf.Tensor2D, x: tf.Tensor2D) => tf.Tensor1D;
  /**
   * Draws x from p(x | z), in place of the decoder's output.
   * @param uniforms for Bernoulli, normals for Gaussian; as long as `output`
   */
  readonly sample: (output: Float32Array, noise: Float32Array) => Float32Array;
}

/** Σ_j x_j a_j − softplus(a_j) with logits a: no sigmoid is formed, so nothing is lost at its ends. */
const bernoulli: Likelihood = {
  type: 'bernoulli',
  logDensity: (logits, x) => {
    const [a, data] = byDatum(logits, x);
    return sumRows(tf.sub(tf.mul(data, a), tf.softplus(a)), logits);
  },
  sample: (logits, uniforms) =>
    logits.map((logit, index) => ((uniforms[index] ?? 0) < 1 / (1 + Math.exp(-logit)) ? 1 : 0)),
};

/** −½ [ Σ_j (x_j − m_j)² / σ² + D log(2πσ²) ] */
function gaussian(sigma: number): Likelihood {
  return {
    type: 'gaussian',
    sigma,
    logDensity: (mean, x) => {
      const [m, data] = byDatum(mean, x);
      const constant = -0.5 * (mean.shape[1] ?? 1) * Math.log(2 * Math.PI * sigma * sigma);
      return tf.add(tf.mul(sumRows(tf.square(tf.sub(data, m)), mean), -0.5 / (sigma * sigma)), constant);
    },
    sample: (mean, normals) => mean.map((value, index) => value + sigma * (normals[index] ?? 0)),
  };
}

/** @throws InputError when the variance's key is missing or its value is no variance */
export function buildLikelihood(spec: LikelihoodSpec, checkpoint: Checkpoint): Likelihood {
  if (spec.type === 'bernoulli') return bernoulli;
  if (spec.sigma !== undefined) return gaussian(spec.sigma);
  const key = spec.logVariance ?? '';
  const where = 'model.likelihood.logVariance';
  const tensor = checkpoint.tensors.get(key);
  if (tensor === undefined) {
    throw new InputError(
      where,
      `"${key}" is not in ${checkpoint.path}`,
      'Name a scalar of the checkpoint or give "sigma".',
    );
  }
  const value = Number(tensor.data[0]);
  if (sizeOf(tensor.shape) !== 1 || !Number.isFinite(value)) {
    throw new InputError(
      where,
      `"${key}" is not one finite number`,
      'Name a scalar of the checkpoint or give "sigma".',
    );
  }
  return gaussian(Math.exp(value / 2));
}

/** Rows as [chains, data, D] beside x as [1, data, D], so that x is never copied for each chain. */
function byDatum(output: tf.Tensor2D, x: tf.Tensor2D): [tf.Tensor, tf.Tensor] {
  const [rows, width] = output.shape;
  const data = x.shape[0];
  if (rows === data) return [output, x];
  return [tf.reshape(output, [rows / data, data, width]), tf.expandDims(x, 0)];
}

function sumRows(terms: tf.Tensor, output: tf.Tensor2D): tf.Tensor1D {
  return tf.reshape(tf.sum(terms, -1), [output.shape[0]]);
}
