import type * as tf from '@tensorflow/tfjs-core';
import { constantsOf, posteriorPath, type Base, type BaseAt, type GenerativeModel } from '../models';
import type { AnnealingPath } from '../tensor/density';
import { sizeOf, type Constant } from '../tensor/types';
import type { TrainedCritic } from '../trainers';
import type { EvaluationData } from './data';

/** What chains are annealed toward, from a base. */
export interface AnnealingTarget {
  /** What stages and parts of a run call it, beside others: "from q", "to the energy of T". */
  readonly label: string;
  readonly base: Base;
  /** d */
  readonly latent: number;
  /** D */
  readonly outputs: number;
  /** Numbers that a row keeps alive in each layer of an evaluation. */
  readonly widths: readonly number[];
  readonly constants: Readonly<Record<string, Constant>>;
  /** @param tensors constants, `x [B, D]` and the base's inputs */
  readonly path: (tensors: Record<string, tf.Tensor>) => AnnealingPath;
}

/** Evaluation data with the base at them. */
export interface DataWithBase extends Pick<EvaluationData, 'count' | 'x' | 'exact'> {
  readonly base: BaseAt;
  /** K independent exact posterior samples of each datum, `[K, count, d]`, where there are such. */
  readonly independent?: Float32Array;
}

/** From a base to the unnormalised posterior p(x, z). */
export function posteriorTarget(model: GenerativeModel, base: Base): AnnealingTarget {
  const { latent, outputs, constants, layers } = model.decoder;
  return {
    label: base.isPrior ? '' : `from ${base.name}`,
    base,
    latent,
    outputs,
    widths: [latent, ...layers.map((layer) => sizeOf(layer.outputShape))],
    constants,
    path: (tensors) => posteriorPath(model, { isPrior: base.isPrior, logDensity: base.logDensity(tensors) }, tensors),
  };
}

/** From a critic's base to its energy q(z | x) e^{T(x, z)}: no p(x | z) anywhere. */
export function energyTarget({ name, critic, parameters }: TrainedCritic, base: Base): AnnealingTarget {
  const prefix = 'critic.';
  const { latent, outputs, shapes } = critic;
  const names = Object.keys(shapes);
  return {
    label: `to the energy of ${name}`,
    base,
    latent,
    outputs,
    widths: [latent, ...Object.values(shapes).map((shape) => shape[0] ?? 1)],
    constants: constantsOf(parameters, shapes, prefix),
    path: (tensors) => {
      const own = Object.fromEntries(names.map((key) => [key, tensors[`${prefix}${key}`] as tf.Tensor]));
      // Once, outside of every loop: chains move z alone.
      const encoded = critic.encode(own, tensors['x'] as tf.Tensor2D);
      return { logBase: base.logDensity(tensors), logRatio: (z) => critic.applyEncoded(own, encoded, z) };
    },
  };
}
