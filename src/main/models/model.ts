import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '../../shared/errors';
import type { LikelihoodSpec, Layer, ModelSpec } from '../../shared/runFile';
import type { Checkpoint } from '../checkpoints';
import type { AnnealingPath } from '../tensor/density';
import { buildDecoder, type Decoder } from './decoder';
import { diagonalGaussian, type DiagonalGaussian } from './diagonalGaussian';
import { guessDecoder } from './guess';
import { buildLikelihood, type Likelihood } from './likelihood';

/** A decoder-based generative model: z ~ N(0, I), x ~ p(x | z). */
export interface GenerativeModel {
  readonly decoder: Decoder;
  readonly likelihood: Likelihood;
  readonly prior: DiagonalGaussian;
  /** What was taken for the run file's model, guesses included. */
  readonly spec: { readonly decoder: readonly Layer[]; readonly likelihood: LikelihoodSpec };
  /** What was guessed, as sentences. */
  readonly notes: readonly string[];
}

/** @throws InputError naming the part of the run file or the tensor that is wrong */
export function buildModel(spec: ModelSpec, checkpoint: Checkpoint): GenerativeModel {
  const notes: string[] = [];
  let { decoder: layers, likelihood } = spec;
  if (layers === undefined || likelihood === undefined) {
    const guess = guessDecoder(checkpoint);
    if ('reason' in guess) {
      throw new InputError('model.decoder', `cannot be guessed: ${guess.reason}`, 'Give the layers in the run file.');
    }
    if (!guess.declared) {
      if (layers === undefined) notes.push(`The layers were guessed: ${JSON.stringify(guess.decoder)}.`);
      if (likelihood === undefined) notes.push(`The likelihood was guessed: ${JSON.stringify(guess.likelihood)}.`);
    }
    layers ??= guess.decoder;
    likelihood ??= guess.likelihood;
  }
  const decoder = buildDecoder(layers, checkpoint);
  return {
    decoder,
    likelihood: buildLikelihood(likelihood, checkpoint),
    prior: diagonalGaussian('prior', decoder.latent, 'prior'),
    spec: { decoder: layers, likelihood },
    notes,
  };
}

/**
 * The path from a base to the unnormalised posterior p(x, z) of given data:
 * Δ(z) = log p(x | z) + log p(z) − log π₀(z), which is log p(x | z) where the base is the prior.
 * @param tensors the decoder's constants and `x [B, D]`; rows of z are chain-major
 */
export function posteriorPath(
  model: GenerativeModel,
  base: Pick<DiagonalGaussian, 'isPrior' | 'logDensity'>,
  tensors: Record<string, tf.Tensor>,
): AnnealingPath {
  const logLikelihood = (z: tf.Tensor2D): tf.Tensor1D =>
    model.likelihood.logDensity(model.decoder.apply(tensors, z), tensors['x'] as tf.Tensor2D);
  return {
    logBase: base.logDensity,
    logRatio: base.isPrior
      ? logLikelihood
      : (z) => tf.add(logLikelihood(z), tf.sub(model.prior.logDensity(z), base.logDensity(z))),
  };
}
