import * as tf from '@tensorflow/tfjs-core';
import type { Activation, LikelihoodSpec } from '../../src/shared/runFile';
import { initialParameters, type Parameters, type ParameterShapes } from '../../src/main/models/network';
import { part, type Part } from './parts';

/** p(x | z) while it is trained. */
export type Noise =
  | { readonly type: 'bernoulli' }
  /** σ stays as it is, or its log variance is learned from σ on. */
  | { readonly type: 'gaussian'; readonly sigma: number; readonly learned: boolean };

export interface VaeSpec {
  readonly pixels: number;
  /** d */
  readonly latent: number;
  /** Widths from z to x; the encoder has them the other way round. */
  readonly hidden: readonly number[];
  readonly activation: Activation;
  readonly output: Activation;
  readonly noise: Noise;
}

/** The log variance of p(x | z), where it is learned. */
const logVarianceKey = 'decoder.logvar';

/** A variational autoencoder (Kingma and Welling 2014): functions of its parameters. */
export interface Vae {
  readonly shapes: ParameterShapes;
  readonly initial: (seed: number) => Parameters;
  readonly decoder: Part;
  readonly encoder: Part;
  readonly likelihood: LikelihoodSpec;
  /**
   * log p(x) ≥ E_q[log p(x | z)] − KL(q(z | x) ‖ p(z)) with one z for each x and the KL in closed form; `[n]`, nats, all constants
   * included.
   * @param normals `[n, d]`
   */
  readonly elbo: (parameters: Record<string, tf.Tensor>, x: tf.Tensor2D, normals: tf.Tensor2D) => tf.Tensor1D;
}

export function vae({ pixels, latent, hidden, activation, output, noise }: VaeSpec): Vae {
  const [narrow = pixels, ...wider] = hidden;
  // What both heads read is the encoder's last hidden layer.
  const encoder = part('encoder', {
    inputs: pixels,
    hidden: wider.reverse(),
    outputs: narrow,
    activation,
    output: activation,
  });
  const head = { inputs: narrow, hidden: [], outputs: latent, activation };
  const mean = part('encoder.mean', head);
  const logVariance = part('encoder.logvar', head);
  const decoder = part('decoder', { inputs: latent, hidden, outputs: pixels, activation, output });
  const learned = noise.type === 'gaussian' && noise.learned;
  const shapes = {
    ...encoder.shapes,
    ...mean.shapes,
    ...logVariance.shapes,
    ...decoder.shapes,
    ...(learned ? { [logVarianceKey]: [] } : {}),
  };
  return {
    shapes,
    initial: (seed) => {
      const start = initialParameters(shapes, seed);
      return learned ? { ...start, [logVarianceKey]: Float32Array.of(2 * Math.log(noise.sigma)) } : start;
    },
    decoder,
    encoder,
    likelihood:
      noise.type === 'bernoulli'
        ? noise
        : { type: 'gaussian', ...(learned ? { logVariance: logVarianceKey } : { sigma: noise.sigma }) },
    elbo: (parameters, x, normals) => {
      const features = encoder.apply(parameters, x);
      const [m, v] = [mean.apply(parameters, features), logVariance.apply(parameters, features)];
      const z: tf.Tensor2D = tf.add(m, tf.mul(tf.exp(tf.mul(0.5, v)), normals));
      const divergence = tf.mul(0.5, tf.sum(tf.sub(tf.add(tf.square(m), tf.exp(v)), tf.add(1, v)), 1));
      const decoded = decoder.apply(parameters, z);
      return tf.sub(logLikelihood(noise, parameters, x, decoded), divergence);
    },
  };
}

/** `[n]`, nats */
function logLikelihood(
  noise: Noise,
  parameters: Record<string, tf.Tensor>,
  x: tf.Tensor2D,
  decoded: tf.Tensor2D,
): tf.Tensor {
  if (noise.type === 'bernoulli') return tf.sum(tf.sub(tf.mul(x, decoded), tf.softplus(decoded)), 1);
  const logVariance = noise.learned ? (parameters[logVarianceKey] as tf.Tensor) : tf.scalar(2 * Math.log(noise.sigma));
  const squares = tf.sum(tf.square(tf.sub(x, decoded)), 1);
  const constants = tf.mul(x.shape[1], tf.add(logVariance, Math.log(2 * Math.PI)));
  return tf.mul(-0.5, tf.add(tf.mul(squares, tf.exp(tf.neg(logVariance))), constants));
}
