import * as tf from '@tensorflow/tfjs-core';
import type { GenerativeModel } from '../models';
import { fillNormals, fillUniforms } from '../tensor/random/streams';
import type { TensorData, TensorSpec } from '../tensor/types';

/** Pairs drawn from the model: z `[B, d]` from the prior and x `[B, D]` from p(x | z). */
export interface Pairs {
  readonly z: tf.Tensor2D;
  readonly x: tf.Tensor2D;
  /** log p(x | z) in nats, `[B]`. */
  readonly logLikelihood: tf.Tensor1D;
}

/**
 * Simulates a minibatch inside a traced graph. Read backwards, z is an exact sample of p(z | x). No gradient is meant to go through it:
 * x depends on no trained parameter.
 * @param tensors the decoder's constants and the inputs of {@link pairInputs}
 */
export function simulatePairs(model: GenerativeModel, tensors: Record<string, tf.Tensor>): Pairs {
  const z = tensors['latent'] as tf.Tensor2D;
  const noise = tensors['noise'] as tf.Tensor2D;
  const output = model.decoder.apply(tensors, z);
  const { sigma, logDensity } = model.likelihood;
  const x: tf.Tensor2D = sigma === undefined ? bernoulli(output, noise) : tf.add(output, tf.mul(sigma, noise));
  return { z, x, logLikelihood: logDensity(output, x) };
}

/** 1 with the probability sigmoid(logit), as the likelihood's own sampler draws it. */
function bernoulli(logits: tf.Tensor2D, uniforms: tf.Tensor2D): tf.Tensor2D {
  return tf.cast(tf.less(uniforms, tf.sigmoid(logits)), 'float32');
}

/** Inputs of a program that simulates `batch` pairs: `latent` are normals, `noise` what the likelihood is sampled with. */
export function pairInputs(model: GenerativeModel, batch: number): Record<'latent' | 'noise', TensorSpec> {
  const { latent, outputs } = model.decoder;
  return { latent: { shape: [batch, latent] }, noise: { shape: [batch, outputs] } };
}

/** Draws the noise of one iteration's pairs. @param seed of the component that is trained */
export function fillPairs(
  model: GenerativeModel,
  feeds: Readonly<Record<string, TensorData>>,
  seed: number,
  iteration: number,
): void {
  const [latent, noise] = [feeds['latent'] as Float32Array, feeds['noise'] as Float32Array];
  const data = latent.length / model.decoder.latent;
  const block = { seed, step: iteration, firstChain: 0, chains: 1, firstDatum: 0, data };
  fillNormals(latent, { ...block, stream: 'trainingLatent', width: model.decoder.latent });
  const fill = model.likelihood.type === 'bernoulli' ? fillUniforms : fillNormals;
  fill(noise, { ...block, stream: 'trainingNoise', width: model.decoder.outputs });
}
