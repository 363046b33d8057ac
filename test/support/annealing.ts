import type * as tf from '@tensorflow/tfjs-core';
import { posteriorPath, type DiagonalGaussian, type GenerativeModel } from '../../src/main/models';
import { anneal, type AnnealOptions, type AnnealResult } from '../../src/main/samplers/annealedChains';
import type { AnnealedPrograms, AnnealingProblem } from '../../src/main/samplers/annealedPrograms';
import type { Device } from '../../src/main/tensor/types';
import { simulatePair, type LinearModel } from './linearModel';
import { random } from './random';

/** What chains of a model anneal along, as the experiments set it up. */
export function problemOf(
  device: Device,
  model: GenerativeModel,
  base: DiagonalGaussian = model.prior,
): AnnealingProblem {
  const { latent, outputs, constants } = model.decoder;
  return {
    device,
    latent,
    constants,
    inputs: (data) => ({ x: { shape: [data, outputs] } }),
    path: (tensors: Record<string, tf.Tensor>) => posteriorPath(model, base, tensors),
  };
}

/** Runs chains to their end. */
export async function annealed(programs: AnnealedPrograms, options: AnnealOptions): Promise<AnnealResult> {
  const chains = anneal(programs, options);
  let next = await chains.next();
  while (next.done !== true) next = await chains.next();
  return next.value;
}

/** Pairs (x, z*) of a linear model, drawn by the tests' own generator. */
export interface Pairs {
  readonly x: number[][];
  readonly z: number[][];
}

export function pairsOf(model: LinearModel, count: number, seed: number): Pairs {
  const source = random(seed);
  const pairs = Array.from({ length: count }, () => simulatePair(model, source));
  return { x: pairs.map(({ x }) => x.map(Math.fround)), z: pairs.map(({ z }) => z.map(Math.fround)) };
}

/** The rows of `[chains, data, d]` that repeat one `[data, d]`, chain-major. */
export function repeated(rows: readonly (readonly number[])[], chains: number): Float32Array {
  return Float32Array.from(Array.from({ length: chains }, () => rows).flat(2));
}
