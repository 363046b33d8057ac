import * as tf from '@tensorflow/tfjs-core';
import type { MeanReading, TargetOf } from '../../shared/runFile/target';
import { momentFits } from './idealFits';
import { meansPlane } from './meansPlane';
import { normalRows, uniformRows, type Rows } from './random';
import type { Target } from './types';

/** Σ_c w_c N(μ_c, s_c² I) */
export interface Mixture {
  readonly dim: number;
  /** `[C, d]` */
  readonly means: Float64Array;
  /** `[C]` */
  readonly stds: Float64Array;
  /** `[C]`, of sum 1. */
  readonly weights: Float64Array;
}

const laws: Readonly<Record<MeanReading, (rows: Rows) => Float64Array>> = {
  'N(3, I)': (rows) => normalRows(rows).map((normal) => 3 + normal),
  'N(0, 9 I)': (rows) => normalRows(rows).map((normal) => 3 * normal),
  'N(0, 3 I)': (rows) => normalRows(rows).map((normal) => Math.sqrt(3) * normal),
  'U(-40, 40)': (rows) => uniformRows(rows).map((uniform) => 80 * uniform - 40),
};

/** A mixture of Gaussians, drawn or explicit. What was drawn can be read off the target and kept. */
export function gaussianMixture(spec: TargetOf<'gaussian-mixture'>): Target {
  const { means: given, dim = given?.[0]?.length ?? 1, reading = 'N(3, I)', seed = 0 } = spec;
  const components = given?.length ?? spec.components ?? 8;
  const means =
    given === undefined
      ? laws[reading]({ seed, stream: 'targetDraw', step: 0, count: components, width: dim })
      : Float64Array.from(given.flat());
  const raw = spec.weights ?? new Array<number>(components).fill(1);
  const total = raw.reduce((sum, weight) => sum + weight, 0);
  const mixture = {
    dim,
    means,
    stds: Float64Array.from(spec.stds ?? new Array<number>(components).fill(1)),
    weights: Float64Array.from(raw, (weight) => weight / total),
  };
  const name = `Mixture of ${components} Gaussian${components === 1 ? '' : 's'} in ${dim} dimension${dim === 1 ? '' : 's'}`;
  return {
    ...mixtureTarget(name, mixture),
    ...(given === undefined ? { drawn: { means: rowsOf(mixture) } } : {}),
  };
}

/** The target of a mixture with components of the same width in all directions. */
export function mixtureTarget(name: string, mixture: Mixture): Target {
  const { dim, means, stds, weights } = mixture;
  const count = stds.length;
  const offsets = weights.map(
    (weight, c) => Math.log(weight) - dim * (Math.log(stds[c] ?? NaN) + 0.5 * Math.log(2 * Math.PI)),
  );
  const truth = {
    logZ: 0,
    ...moments(mixture),
    source: 'The density is normalised; its moments are closed forms.',
  };
  // Loops run along the last axis: that of coordinates where there are many, else that of rows, which is up to seven times as fast.
  const wide = dim > 64;
  return {
    name,
    dim,
    constants: {
      'target.means': { shape: wide ? [1, count, dim] : [count, dim, 1], data: means },
      'target.halfPrecisions': { shape: wide ? [1, count] : [count, 1], data: stds.map((std) => -0.5 / (std * std)) },
      'target.offsets': { shape: wide ? [1, count] : [count, 1], data: offsets },
    },
    logDensity: (tensors) => (z) => {
      // Differences, not |z|² − 2 z·μ + |μ|², which loses digits where modes are narrow or far out.
      const points = wide ? tf.expandDims(z, 1) : tf.expandDims(tf.transpose(z), 0);
      const squares = tf.sum(tf.square(tf.sub(points, tensors['target.means'] as tf.Tensor)), wide ? 2 : 1);
      const scaled = tf.mul(squares, tensors['target.halfPrecisions'] as tf.Tensor);
      return tf.logSumExp<tf.Tensor1D>(tf.add(scaled, tensors['target.offsets'] as tf.Tensor), wide ? 1 : 0);
    },
    truth,
    ...momentFits(truth),
    sample: (samples, seed) => sampleMixture(mixture, samples, seed),
    modes: rowsOf(mixture).map((row, c) => ({
      location: Float64Array.from(row),
      weight: weights[c] ?? NaN,
      std: stds[c] ?? NaN,
    })),
    assignment: { type: 'component' },
    ...meansPlane(mixture),
  };
}

function rowsOf({ dim, means, stds }: Mixture): number[][] {
  return Array.from(stds, (_, c) => Array.from(means.subarray(c * dim, (c + 1) * dim)));
}

/** A covariance of more entries than this is left out. */
const MAX_COVARIANCE = 2 ** 20;

function moments({ dim, means, stds, weights }: Mixture) {
  const mean = new Float64Array(dim);
  weights.forEach((weight, c) => {
    for (let i = 0; i < dim; i += 1) mean[i] = (mean[i] ?? NaN) + weight * (means[c * dim + i] ?? NaN);
  });
  const between = (i: number, j: number): number =>
    weights.reduce((total, weight, c) => {
      const [a, b] = [(means[c * dim + i] ?? NaN) - (mean[i] ?? NaN), (means[c * dim + j] ?? NaN) - (mean[j] ?? NaN)];
      return total + weight * (a * b + (i === j ? (stds[c] ?? NaN) ** 2 : 0));
    }, 0);
  const std = mean.map((_, i) => Math.sqrt(between(i, i)));
  if (dim * dim > MAX_COVARIANCE) return { mean, std };
  const covariance = Float64Array.from({ length: dim * dim }, (_, at) => between(Math.floor(at / dim), at % dim));
  return { mean, std, covariance };
}

function sampleMixture({ dim, means, stds, weights }: Mixture, count: number, seed: number): Float64Array {
  const rows = { seed, stream: 'targetSamples', count } as const;
  const choices = uniformRows({ ...rows, step: 1, width: 1 });
  const out = normalRows({ ...rows, step: 0, width: dim });
  choices.forEach((uniform, row) => {
    let [c, below] = [0, weights[0] ?? NaN];
    while (uniform > below && c < weights.length - 1) {
      c += 1;
      below += weights[c] ?? NaN;
    }
    for (let i = 0; i < dim; i += 1)
      out[row * dim + i] = (means[c * dim + i] ?? NaN) + (stds[c] ?? NaN) * (out[row * dim + i] ?? NaN);
  });
  return out;
}
