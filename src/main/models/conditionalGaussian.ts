import * as tf from '@tensorflow/tfjs-core';
import type { Activation, Layer } from '../../shared/runFile';
import { network, type ParameterShapes } from './network';

/** A log standard deviation is never smaller, so that no density is infinite where a network narrows too far. */
export const leastLogStd = -10;

/** Of q(z | x) for B data, each `[B, d]`. */
export interface Moments {
  readonly mean: tf.Tensor2D;
  /** Log standard deviation, at least {@link leastLogStd}. */
  readonly logStd: tf.Tensor2D;
}

/** How a {@link ConditionalGaussian} is made, as a kept file says it. */
export type GaussianArchitecture =
  | { readonly type: 'network'; readonly hidden: readonly number[]; readonly activation: Activation }
  | { readonly type: 'encoder'; readonly layers: readonly Layer[]; readonly heads?: EncoderHeads };

/** Keys of the linear layers that give mean and log variance. */
export interface EncoderHeads {
  readonly mean: string;
  readonly logVariance: string;
}

/** q(z | x) = N(mean(x), diag(exp(logStd(x))²)): a pure function of its parameters and of x. */
export interface ConditionalGaussian {
  readonly architecture: GaussianArchitecture;
  /** d */
  readonly latent: number;
  /** D, the length of x. */
  readonly outputs: number;
  readonly shapes: ParameterShapes;
  /** @param x `[B, D]` */
  readonly moments: (parameters: Record<string, tf.Tensor>, x: tf.Tensor2D) => Moments;
}

/** A dense network whose outputs are [mean | log standard deviation]. */
export function gaussianNetwork(spec: {
  readonly latent: number;
  readonly outputs: number;
  readonly hidden: readonly number[];
  readonly activation: Activation;
}): ConditionalGaussian {
  const { latent, outputs, hidden, activation } = spec;
  const { shapes, apply } = network({ inputs: outputs, hidden, outputs: 2 * latent, activation });
  return {
    architecture: { type: 'network', hidden, activation },
    latent,
    outputs,
    shapes,
    moments: (parameters, x) => {
      const [mean, logStd] = tf.split(apply(parameters, x), 2, 1) as [tf.Tensor2D, tf.Tensor2D];
      return { mean, logStd: tf.maximum(logStd, leastLogStd) };
    },
  };
}

/**
 * log q(z | x) in nats, normalised.
 * @param moments of B data
 * @param z `[K·B, d]`, chain-major: row k·B + i is sample k of datum i
 * @returns `[K·B]`
 */
export function logDensityOf({ mean, logStd }: Moments, z: tf.Tensor2D): tf.Tensor1D {
  const [rows, latent] = z.shape;
  const data = mean.shape[0];
  const scaled = tf.mul(tf.sub(byDatum(z, data), mean), tf.exp(tf.neg(logStd)));
  const squares = tf.sum(tf.square(scaled), -1);
  const normaliser = tf.add(tf.sum(logStd, 1), 0.5 * latent * Math.log(2 * Math.PI));
  return tf.reshape(tf.sub(tf.mul(-0.5, squares), normaliser), [rows]);
}

/**
 * Reparameterised samples of q(z | x), chain-major.
 * @param moments of B data
 * @param normals `[K·B, d]`
 * @returns `[K·B, d]`
 */
export function sampleOf({ mean, logStd }: Moments, normals: tf.Tensor2D): tf.Tensor2D {
  const sample = tf.add(mean, tf.mul(tf.exp(logStd), byDatum(normals, mean.shape[0])));
  return tf.reshape(sample, normals.shape);
}

/**
 * KL(q(z | x) ‖ N(0, I)) in nats, `[B]` (Kingma and Welling 2014, appendix B).
 */
export function divergenceFromPrior({ mean, logStd }: Moments): tf.Tensor1D {
  const variance = tf.exp(tf.mul(2, logStd));
  return tf.mul(0.5, tf.sum(tf.sub(tf.sub(tf.add(tf.square(mean), variance), tf.mul(2, logStd)), 1), 1));
}

/** Rows as `[K, B, d]` where there are several to a datum, so that moments need not be copied for each. */
function byDatum(rows: tf.Tensor2D, data: number): tf.Tensor {
  const [count, latent] = rows.shape;
  return count === data ? rows : tf.reshape(rows, [count / data, data, latent]);
}
