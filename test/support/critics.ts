import * as tf from '@tensorflow/tfjs-core';
import type { Critic } from '../../src/main/models/critic';
import { gaussianNetwork } from '../../src/main/models/conditionalGaussian';
import type { TrainedProposal } from '../../src/main/trainers';
import type { NetworkCriticSpec } from '../../src/shared/runFile';
import { cholesky, fromPull, precision, type LinearModel } from './linearModel';

/** A critic's part of a run file, small and quick. */
export function criticSpec(change: Partial<NetworkCriticSpec> = {}): NetworkCriticSpec {
  return {
    type: 'network',
    name: 'T',
    hidden: [16, 16],
    activation: 'tanh',
    objective: 'infonce',
    base: 'prior',
    trainBase: false,
    samples: 8,
    iterations: 12,
    batch: 8,
    learningRate: 1e-2,
    decay: 'cosine',
    transitions: 3,
    leapfrog: 4,
    stepSize: 0.1,
    ...change,
  };
}

/** T_a(x, z) = a log p(x | z) + c(x) with a as its only parameter; at a = 1 no critic is better. */
export function linearCritic({ weight, sigma, latent, outputs }: LinearModel): Critic {
  const applyEncoded: Critic['applyEncoded'] = ({ a }, x, z) => {
    const [rows, data] = [z.shape[0], x.shape[0]];
    const mean = tf.reshape(tf.matMul(z, tf.tensor2d(weight.flat(), [outputs, latent]), false, true), [
      rows / data,
      data,
      outputs,
    ]);
    const squares = tf.reshape(tf.sum(tf.square(tf.sub(mean, tf.expandDims(x, 0))), 2), [rows]);
    return tf.mul(tf.mul(a as tf.Tensor, -0.5 / sigma ** 2), squares);
  };
  return {
    latent,
    outputs,
    shapes: { a: [] },
    encode: (_parameters, x) => tf.add(x, 0),
    applyEncoded,
    apply: applyEncoded,
    pairs: () => {
      throw new Error('No test needs this.');
    },
    initial: () => ({ a: Float32Array.of(0) }),
  };
}

/** A proposal with the exact posterior mean and the standard deviation that is given, off which a network without hidden layers reads both. */
export function wideProposal(model: LinearModel, std: number, name = 'q'): TrainedProposal {
  const { latent, outputs, weight, sigma } = model;
  const gaussian = gaussianNetwork({ latent, outputs, hidden: [], activation: 'identity' });
  const factor = cholesky(precision(model, 1));
  // Column o of the posterior mean's matrix Λ⁻¹Wᵀ/σ².
  const columns = weight.map(
    (row) =>
      fromPull(
        factor,
        row.map((value) => value / sigma ** 2),
      ).mean,
  );
  const matrix = new Float32Array(2 * latent * outputs);
  columns.forEach((column, o) => column.forEach((value, i) => (matrix[i * outputs + o] = value)));
  const bias = new Float32Array(2 * latent).fill(Math.log(std), latent);
  return { name, gaussian, parameters: { '0.weight': matrix, '0.bias': bias } };
}
