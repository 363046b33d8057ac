import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '../../shared/errors';
import type { InitialSpec } from '../../shared/runFile';
import type { LogDensity } from '../tensor/density';

/** N(mean, diag(std²)) over the latent, the base that chains start from and samples are proposed from. */
export interface DiagonalGaussian {
  /** True for the model's own prior N(0, I); its density then cancels out of the log ratio. */
  readonly isPrior: boolean;
  /** d numbers. */
  readonly mean: Float32Array;
  /** d numbers. */
  readonly std: Float32Array;
  /** log density in nats, normalised. */
  readonly logDensity: LogDensity;
  /** Turns standard normals `[n, d]` into samples, in place. */
  readonly fromNormals: (normals: Float32Array) => void;
}

/** @throws InputError when a list is not as long as the latent */
export function diagonalGaussian(spec: InitialSpec, latent: number, where: string): DiagonalGaussian {
  if (typeof spec === 'object' && spec.type === 'proposal') {
    throw new InputError(where, 'names a proposal, which is no fixed Gaussian', 'Use "prior" or a Gaussian here.');
  }
  const isPrior = spec === 'prior';
  const mean = filled(isPrior ? 0 : spec.mean, latent, `${where}.mean`);
  const std = filled(isPrior ? 1 : spec.std, latent, `${where}.std`);
  const standard = mean.every((value) => value === 0) && std.every((value) => value === 1);
  const normaliser = -0.5 * latent * Math.log(2 * Math.PI) - std.reduce((total, value) => total + Math.log(value), 0);
  return {
    isPrior: standard,
    mean,
    std,
    logDensity: (z) => {
      const scaled = standard ? z : tf.div(tf.sub(z, tf.tensor1d(mean)), tf.tensor1d(std));
      return tf.add<tf.Tensor1D>(tf.mul(-0.5, tf.sum(tf.square(scaled), 1)), normaliser);
    },
    fromNormals: (normals) => {
      if (standard) return;
      for (let index = 0; index < normals.length; index += 1) {
        const axis = index % latent;
        normals[index] = (mean[axis] ?? 0) + (std[axis] ?? 1) * (normals[index] ?? 0);
      }
    },
  };
}

function filled(value: number | readonly number[], latent: number, where: string): Float32Array {
  if (typeof value === 'number') return new Float32Array(latent).fill(value);
  if (value.length !== latent) {
    throw new InputError(
      where,
      `has ${value.length} numbers, but z has ${latent} dimensions`,
      `Give one number or ${latent}.`,
    );
  }
  return Float32Array.from(value);
}
