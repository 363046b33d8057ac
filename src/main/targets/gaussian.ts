import * as tf from '@tensorflow/tfjs-core';
import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { InputError } from '../../shared/errors';
import type { TargetOf } from '../../shared/runFile/target';
import { exact } from '../tensor/exact';
import { gaussianFits } from './idealFits';
import { lowerInverse } from './oracles/linear';
import { firstTwo } from './plane';
import { normalRows } from './random';
import type { Target, TargetTruth } from './types';

const logTwoPi = Math.log(2 * Math.PI);

/** N(mean, Σ) with a diagonal, an equicorrelated or a whole covariance. */
export function gaussian(spec: TargetOf<'gaussian'>): Target {
  const dim = spec.dim ?? [spec.mean, spec.std, spec.covariance].reduce<number>(lengthOf, 1);
  const mean = spread(spec.mean, dim);
  const std = spread(spec.std ?? 1, dim);
  const { covariance, correlation = 0 } = spec;
  const name = `Gaussian in ${dim} dimension${dim === 1 ? '' : 's'}`;
  if (covariance === undefined && correlation === 0) return diagonal(name, mean, std);
  const between = (i: number, j: number): number =>
    covariance === undefined
      ? (std[i] ?? NaN) * (std[j] ?? NaN) * (i === j ? 1 : correlation)
      : (covariance[i]?.[j] ?? NaN);
  const full = Matrix.zeros(dim, dim);
  for (let i = 0; i < dim; i += 1) for (let j = 0; j < dim; j += 1) full.set(i, j, between(i, j));
  const where = covariance === undefined ? 'target.correlation' : 'target.covariance';
  return fullGaussian(name, mean, checked(full, where), {
    logZ: 0,
    source: 'The density is normalised; its moments are its parameters.',
  });
}

function lengthOf(length: number, field: unknown): number {
  return Array.isArray(field) ? field.length : length;
}

function spread(value: number | readonly number[], dim: number): Float64Array {
  return typeof value === 'number' ? new Float64Array(dim).fill(value) : Float64Array.from(value);
}

function checked(covariance: Matrix, where: string): Matrix {
  const { rows } = covariance;
  for (let i = 0; i < rows; i += 1) {
    for (let j = 0; j < i; j += 1) {
      if (covariance.get(i, j) === covariance.get(j, i)) continue;
      throw new InputError(where, `is not symmetric in row ${i + 1}, column ${j + 1}`, 'Give a symmetric matrix.');
    }
  }
  if (new CholeskyDecomposition(covariance).isPositiveDefinite()) return covariance;
  throw new InputError(
    where,
    'is not positive definite',
    where === 'target.correlation' ? `It must be more than ${-1 / (rows - 1)}.` : 'Check the signs and sizes.',
  );
}

function diagonal(name: string, mean: Float64Array, std: Float64Array): Target {
  const dim = mean.length;
  const logNormaliser = std.reduce((total, s) => total + Math.log(s) + 0.5 * logTwoPi, 0);
  return {
    name,
    dim,
    constants: {
      'target.mean': { shape: [dim], data: mean },
      'target.inverseStd': { shape: [dim], data: std.map((s) => 1 / s) },
    },
    logDensity: (tensors) => (z) => {
      const scaled = tf.mul(tf.sub(z, tensors['target.mean'] as tf.Tensor), tensors['target.inverseStd'] as tf.Tensor);
      return tf.sub(tf.mul(tf.sum(tf.square(scaled), 1), -0.5), exact(logNormaliser));
    },
    truth: { logZ: 0, mean, std, source: 'The density is normalised; its moments are its parameters.' },
    sample: (count, seed) =>
      normalRows({ seed, stream: 'targetSamples', step: 0, count, width: dim }).map(
        (normal, index) => (mean[index % dim] ?? NaN) + (std[index % dim] ?? NaN) * normal,
      ),
    idealFits: () =>
      (['reverse-kl', 'forward-kl', 'symmetric-kl'] as const).map((criterion) => ({ criterion, mean, std, elbo: 0 })),
    modes: [{ location: mean, weight: 1 }],
    ...firstTwo(dim, (x, y) => normalLog(x, mean[0], std[0]) + normalLog(y, mean[1], std[1])),
  };
}

export function normalLog(x: number, mean = NaN, std = NaN): number {
  return -0.5 * ((x - mean) / std) ** 2 - Math.log(std) - 0.5 * logTwoPi;
}

/**
 * Z · N(mean, Σ), evaluated as |Rᵀ(z − mean)|² with R Rᵀ = Σ⁻¹, which loses no digits far from the origin.
 * @param covariance symmetric and positive definite
 * @param truth its log Z becomes part of the density
 */
export function fullGaussian(
  name: string,
  mean: Float64Array,
  covariance: Matrix,
  truth: TargetTruth & { readonly logZ: number },
): Target {
  const dim = mean.length;
  const factor = new CholeskyDecomposition(covariance).lowerTriangularMatrix;
  const logNormaliser = factor.diagonal().reduce((total, value) => total + Math.log(value) + 0.5 * logTwoPi, 0);
  // Σ⁻¹ = L⁻ᵀ L⁻¹: the rows of z − mean times L⁻ᵀ.
  const whiten = lowerInverse(factor).transpose();
  const pair = planeDensity(mean, covariance);
  return {
    name,
    dim,
    constants: {
      'target.mean': { shape: [dim], data: mean },
      'target.whiten': { shape: [dim, dim], data: Float64Array.from(whiten.to1DArray()) },
    },
    logDensity: (tensors) => (z) => {
      const centred = tf.sub<tf.Tensor2D>(z, tensors['target.mean'] as tf.Tensor);
      const white = tf.matMul(centred, tensors['target.whiten'] as tf.Tensor2D);
      return tf.add(tf.mul(tf.sum(tf.square(white), 1), -0.5), exact(truth.logZ - logNormaliser));
    },
    truth: {
      mean,
      std: Float64Array.from(covariance.diagonal(), Math.sqrt),
      covariance: Float64Array.from(covariance.to1DArray()),
      ...truth,
    },
    sample: (count, seed) => samples(mean, factor, count, seed),
    idealFits: gaussianFits(mean, covariance, truth.logZ),
    modes: [{ location: mean, weight: 1 }],
    ...firstTwo(dim, pair),
  };
}

function samples(mean: Float64Array, factor: Matrix, count: number, seed: number): Float64Array {
  const dim = mean.length;
  const normals = normalRows({ seed, stream: 'targetSamples', step: 0, count, width: dim });
  const out = new Float64Array(normals.length);
  for (let row = 0; row < out.length; row += dim) {
    for (let i = 0; i < dim; i += 1) {
      let value = mean[i] ?? NaN;
      for (let j = 0; j <= i; j += 1) value += factor.get(i, j) * (normals[row + j] ?? NaN);
      out[row + i] = value;
    }
  }
  return out;
}

/** Log density of the first two coordinates. */
function planeDensity(mean: Float64Array, covariance: Matrix): (x: number, y: number) => number {
  if (mean.length < 2) return () => NaN;
  const [a, b, c] = [covariance.get(0, 0), covariance.get(0, 1), covariance.get(1, 1)];
  const slope = b / a;
  const rest = Math.sqrt(c - b * slope);
  const [m0 = NaN, m1 = NaN] = mean;
  return (x, y) => normalLog(x, m0, Math.sqrt(a)) + normalLog(y, m1 + slope * (x - m0), rest);
}
