import type * as tf from '@tensorflow/tfjs-core';
import { constantsOf, type GenerativeModel } from '../models';
import { logDensityOf, sampleOf, type Moments } from '../models/conditionalGaussian';
import type { Parameters, ParameterShapes } from '../models/network';
import type { Constant, TensorSpec } from '../tensor/types';
import type { TrainedProposal } from './types';

type Tensors = Record<string, tf.Tensor>;

/** What names of a base's parameters begin with beside those of its critic. */
const prefix = 'base/';

/** The distribution q(z | x) that a critic corrects, in the graphs of that critic's training. */
export interface CriticBase {
  readonly isPrior: boolean;
  readonly isTrained: boolean;
  /** Of the parameters that are trained along with the critic; empty where the base is fixed. */
  readonly shapes: ParameterShapes;
  readonly initial: Parameters;
  /** The parameters of a fixed base. */
  readonly constants: Readonly<Record<string, Constant>>;
  /** Of the values that depend on x, `[B, …]`; none for the prior. */
  readonly inputs: (batch: number) => Readonly<Record<string, TensorSpec>>;
  /** Those values. @param tensors holds the parameters, trained or not */
  readonly encode: (tensors: Tensors, x: tf.Tensor2D) => Tensors;
  /** log q(z | x) of rows `[K·B, d]`, given those values; `[K·B]`, nats. */
  readonly logDensity: (encoded: Tensors, z: tf.Tensor2D) => tf.Tensor1D;
  /** Standard normals `[K·B, d]` to samples of q. */
  readonly sample: (encoded: Tensors, normals: tf.Tensor2D) => tf.Tensor2D;
  /** The base with trained parameters, out of those of the whole training. */
  readonly trained: (parameters: Parameters, name: string) => 'prior' | TrainedProposal;
}

/** @param isTrained whether a copy of the proposal is trained along with the critic */
export function criticBase(base: 'prior' | TrainedProposal, isTrained: boolean, model: GenerativeModel): CriticBase {
  return base === 'prior' ? priorBase(model) : proposalBase(base, isTrained, model);
}

function priorBase({ prior }: GenerativeModel): CriticBase {
  return {
    isPrior: true,
    isTrained: false,
    shapes: {},
    initial: {},
    constants: {},
    inputs: () => ({}),
    encode: () => ({}),
    logDensity: (_encoded, z) => prior.logDensity(z),
    sample: (_encoded, normals) => normals,
    trained: () => 'prior',
  };
}

function proposalBase(proposal: TrainedProposal, isTrained: boolean, { decoder }: GenerativeModel): CriticBase {
  const { gaussian, parameters } = proposal;
  const names = Object.keys(gaussian.shapes);
  const renamed = <T>(values: Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries(names.map((name) => [`${prefix}${name}`, values[name] as T]));
  const own = <T>(values: Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries(names.map((name) => [name, values[`${prefix}${name}`] as T]));
  const moments = (encoded: Tensors): Moments => ({
    mean: encoded['baseMean'] as tf.Tensor2D,
    logStd: encoded['baseLogStd'] as tf.Tensor2D,
  });
  return {
    isPrior: false,
    isTrained,
    shapes: isTrained ? renamed(gaussian.shapes) : {},
    initial: isTrained ? renamed(parameters) : {},
    constants: isTrained ? {} : constantsOf(parameters, gaussian.shapes, prefix),
    inputs: (batch) => ({
      baseMean: { shape: [batch, decoder.latent] },
      baseLogStd: { shape: [batch, decoder.latent] },
    }),
    encode: (tensors, x) => {
      const { mean, logStd } = gaussian.moments(own(tensors), x);
      return { baseMean: mean, baseLogStd: logStd };
    },
    logDensity: (encoded, z) => logDensityOf(moments(encoded), z),
    sample: (encoded, normals) => sampleOf(moments(encoded), normals),
    trained: (all, name) => (isTrained ? { ...proposal, name, parameters: own(all) } : proposal),
  };
}
