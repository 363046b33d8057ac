import * as tf from '@tensorflow/tfjs-core';
import { pixels } from './glyphs';
import { uniformRows } from './random';

/** Units of the latent code z, whose prior is a standard normal. */
export const latent = 8;

/** Width of the encoder's only hidden layer and of the decoder's two. tanh, because leapfrog steps like smooth gradients. */
const encoderWidth = 200;
const decoderWidth = 128;

/** Names in the checkpoint, as PyTorch would have them: weights are `[out, in]`, with a bias each. */
const layers: Readonly<Record<string, readonly [outputs: number, inputs: number]>> = {
  'encoder.fc1': [encoderWidth, pixels],
  'encoder.mean': [latent, encoderWidth],
  'encoder.logvar': [latent, encoderWidth],
  'decoder.fc1': [decoderWidth, latent],
  'decoder.fc2': [decoderWidth, decoderWidth],
  'decoder.fc3': [pixels, decoderWidth],
};

/** The decoder from z to logits, as a run file writes it. */
export const decoderLayers = [
  { linear: 'decoder.fc1' },
  'tanh',
  { linear: 'decoder.fc2' },
  'tanh',
  { linear: 'decoder.fc3' },
] as const;

/** Shape of every parameter. */
export const parameterShapes: Readonly<Record<string, readonly number[]>> = Object.fromEntries(
  Object.entries(layers).flatMap(([name, [outputs, inputs]]) => [
    [`${name}.weight`, [outputs, inputs]],
    [`${name}.bias`, [outputs]],
  ]),
);

export type Parameters = Record<string, Float32Array>;
type Tensors = Record<string, tf.Tensor>;

/** Weights uniform within ±√(6 / (in + out)) (Glorot and Bengio 2010), biases zero. */
export function initialParameters(seed: number): Parameters {
  return Object.fromEntries(
    Object.entries(parameterShapes).map(([name, [outputs = 1, inputs]], index) => {
      const values = new Float32Array(outputs * (inputs ?? 1));
      if (inputs !== undefined) {
        const bound = Math.sqrt(6 / (inputs + outputs));
        uniformRows(values, seed, 'weights', { first: 0, width: inputs, chain: index });
        values.forEach((uniform, place) => (values[place] = bound * (2 * uniform - 1)));
      }
      return [name, values];
    }),
  );
}

function linear(tensors: Tensors, name: string, x: tf.Tensor2D): tf.Tensor2D {
  return tf.add(
    tf.matMul(x, tensors[`${name}.weight`] as tf.Tensor2D, false, true),
    tensors[`${name}.bias`] as tf.Tensor,
  );
}

/** q(z | x), a normal with independent units: `x [n, pixels]` to mean and log variance `[n, latent]`. */
export function encode(tensors: Tensors, x: tf.Tensor2D): { mean: tf.Tensor2D; logVariance: tf.Tensor2D } {
  const hidden = tf.tanh(linear(tensors, 'encoder.fc1', x));
  return { mean: linear(tensors, 'encoder.mean', hidden), logVariance: linear(tensors, 'encoder.logvar', hidden) };
}

/** `z [n, latent]` to logits `[n, pixels]`. */
export function decode(tensors: Tensors, z: tf.Tensor2D): tf.Tensor2D {
  const first = tf.tanh(linear(tensors, 'decoder.fc1', z));
  return linear(tensors, 'decoder.fc3', tf.tanh(linear(tensors, 'decoder.fc2', first)));
}

export interface Elbo {
  /** log p(x | z) of one z from q(z | x), `[n]`, nats. */
  readonly reconstruction: tf.Tensor1D;
  /** KL(q(z | x) ‖ p(z)) of each unit, `[n, latent]`, nats. */
  readonly divergence: tf.Tensor2D;
}

/**
 * The two parts of the evidence lower bound (Kingma and Welling 2014, appendix B):
 *
 *     log p(x) ≥ E_q[log p(x | z)] − KL(q(z | x) ‖ p(z)),   z = mean + exp(½ log variance) · noise
 *
 * @param noise standard normals `[n, latent]`
 */
export function elbo(tensors: Tensors, x: tf.Tensor2D, noise: tf.Tensor2D): Elbo {
  const { mean, logVariance } = encode(tensors, x);
  const z: tf.Tensor2D = tf.add(mean, tf.mul(tf.exp(tf.mul(0.5, logVariance)), noise));
  const logits = decode(tensors, z);
  const divergence = tf.mul(0.5, tf.sub(tf.add(tf.square(mean), tf.exp(logVariance)), tf.add(1, logVariance)));
  return {
    reconstruction: tf.sum(tf.sub(tf.mul(x, logits), tf.softplus(logits)), 1),
    divergence: divergence as tf.Tensor2D,
  };
}
