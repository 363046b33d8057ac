import * as tf from '@tensorflow/tfjs-core';
import type { Activation, Layer, LikelihoodSpec } from '../../../shared/runFile';
import { leastLogStd, type EncoderHeads, type Moments } from '../../models/conditionalGaussian';
import { initialParameters, type Parameters, type ParameterShapes } from '../../models/network';
import { part, trunk } from './part';

type Tensors = Record<string, tf.Tensor>;

/** p(x | z) while it is trained. */
export type Noise =
  | { readonly type: 'bernoulli' }
  /** σ stays as it is, or its log variance is learned from σ on. */
  | { readonly type: 'gaussian'; readonly sigma: number; readonly learned: boolean };

export interface VaeSpec {
  /** D */
  readonly pixels: number;
  /** d */
  readonly latent: number;
  /** Widths from x to what both heads read. */
  readonly encoder: readonly number[];
  /** Widths from z to x. */
  readonly decoder: readonly number[];
  readonly activation: Activation;
  /** What the decoder's last layer goes through. */
  readonly output: Activation;
  readonly noise: Noise;
}

/** A variational autoencoder (Kingma and Welling 2014): functions of its parameters. */
export interface Vae {
  readonly pixels: number;
  readonly latent: number;
  /** Of everything, the encoder first. */
  readonly shapes: ParameterShapes;
  /** Of q(z | x) alone. */
  readonly encoderShapes: ParameterShapes;
  /** Of p(x | z) alone, a learned variance included. */
  readonly decoderShapes: ParameterShapes;
  readonly initial: (seed: number) => Parameters;
  /** As a run file and a kept file name them. */
  readonly layers: { readonly encoder: readonly Layer[]; readonly decoder: readonly Layer[] };
  readonly heads: EncoderHeads;
  readonly likelihood: LikelihoodSpec;
  /** Numbers in what the heads read. */
  readonly featureWidth: number;
  /** x `[B, D]` → moments of q(z | x) `[B, d]`, and what the heads read `[B, F]`. */
  readonly encode: (parameters: Tensors, x: tf.Tensor2D) => Moments & { readonly features: tf.Tensor2D };
  /**
   * log p(x | z) in nats, all constants included, `[n]`.
   * @param z `[n, d]`, chain-major: row k·B + i is chain k of datum i
   * @param x `[B, D]`
   */
  readonly logLikelihood: (parameters: Tensors, z: tf.Tensor2D, x: tf.Tensor2D) => tf.Tensor1D;
  /** What a person would see of z `[n, d]`: the mean of p(x | z), `[n, D]`. */
  readonly mean: (parameters: Tensors, z: tf.Tensor2D) => tf.Tensor2D;
}

/** The log variance of p(x | z), where it is learned. */
const logVarianceKey = 'decoder.logvar';

export function vaeNetworks({ pixels, latent, encoder, decoder, activation, output, noise }: VaeSpec): Vae {
  const features = trunk('encoder', pixels, encoder, activation);
  const featureWidth = encoder.at(-1) ?? pixels;
  const head = { inputs: featureWidth, hidden: [], outputs: latent, activation };
  const mean = part('encoder.mean', head);
  const logVariance = part('encoder.logvar', head);
  const decoding = part('decoder', { inputs: latent, hidden: decoder, outputs: pixels, activation, output });
  const learned = noise.type === 'gaussian' && noise.learned;
  const encoderShapes = { ...features.shapes, ...mean.shapes, ...logVariance.shapes };
  const decoderShapes = { ...decoding.shapes, ...(learned ? { [logVarianceKey]: [] } : {}) };
  const shapes = { ...encoderShapes, ...decoderShapes };
  return {
    pixels,
    latent,
    shapes,
    encoderShapes,
    decoderShapes,
    initial: (seed) => {
      const start = initialParameters(shapes, seed);
      return learned ? { ...start, [logVarianceKey]: Float32Array.of(2 * Math.log(noise.sigma)) } : start;
    },
    layers: { encoder: features.layers, decoder: decoding.layers },
    heads: { mean: 'encoder.mean.0', logVariance: 'encoder.logvar.0' },
    likelihood:
      noise.type === 'bernoulli'
        ? noise
        : { type: 'gaussian', ...(learned ? { logVariance: logVarianceKey } : { sigma: noise.sigma }) },
    featureWidth,
    encode: (parameters, x) => {
      const read = features.apply(parameters, x);
      const halved: tf.Tensor2D = tf.mul(0.5, logVariance.apply(parameters, read));
      return { features: read, mean: mean.apply(parameters, read), logStd: tf.maximum(halved, leastLogStd) };
    },
    logLikelihood: (parameters, z, x) => logLikelihood(noise, parameters, x, decoding.apply(parameters, z)),
    mean: (parameters, z) => {
      const decoded = decoding.apply(parameters, z);
      return noise.type === 'bernoulli' ? tf.sigmoid(decoded) : decoded;
    },
  };
}

function logLikelihood(noise: Noise, parameters: Tensors, x: tf.Tensor2D, decoded: tf.Tensor2D): tf.Tensor1D {
  const [rows, width] = decoded.shape;
  const data = x.shape[0];
  // Beside [chains, data, D], x need not be copied for each chain.
  const [a, b]: [tf.Tensor, tf.Tensor] =
    rows === data ? [decoded, x] : [tf.reshape(decoded, [rows / data, data, width]), tf.expandDims(x, 0)];
  const sum = (terms: tf.Tensor): tf.Tensor1D => tf.reshape(tf.sum(terms, -1), [rows]);
  if (noise.type === 'bernoulli') return sum(tf.sub(tf.mul(b, a), tf.softplus(a)));
  const logVariance = noise.learned ? (parameters[logVarianceKey] as tf.Tensor) : tf.scalar(2 * Math.log(noise.sigma));
  const constants = tf.mul(width, tf.add(logVariance, Math.log(2 * Math.PI)));
  return tf.mul(-0.5, tf.add(tf.mul(sum(tf.square(tf.sub(b, a))), tf.exp(tf.neg(logVariance))), constants));
}
