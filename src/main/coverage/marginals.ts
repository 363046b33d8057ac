import { column, type Points } from './points';
import { sorting, Turns } from './turns';

/** The largest distance between two distribution functions, one of samples. */
export interface Kolmogorov {
  readonly statistic: number;
  /** What exact independent samples exceed with probability α among all dimensions: √(−log(α/(2d))/2)/√n. */
  readonly limit: number;
}

/** Bonferroni's limit for D of n samples in d dimensions, by Kolmogorov's bound 2 exp(−2 n D²). */
export function kolmogorovLimit(samples: number, dims = 1, alpha = 0.01): number {
  return Math.sqrt(-Math.log(alpha / (2 * dims)) / 2) / Math.sqrt(samples);
}

/**
 * sup |F_emp − F| against an exact distribution function.
 * @param weights of the values, of sum 1; equal unless given
 */
export function kolmogorov(values: Float64Array, cdf: (x: number) => number, weights?: Float64Array): number {
  const order = weights === undefined ? undefined : ordered(values);
  const sorted = order === undefined ? values.slice().sort() : values;
  let [below, worst] = [0, 0];
  for (let place = 0; place < values.length; place += 1) {
    const at = order?.[place] ?? place;
    const exact = cdf(sorted[at] ?? NaN);
    const above = weights === undefined ? (place + 1) / values.length : below + (weights[at] ?? NaN);
    worst = Math.max(worst, Math.abs(exact - below), Math.abs(above - exact));
    below = above;
  }
  return worst;
}

/** sup |F_x − F_y| of two samples; ties are passed together. */
export function kolmogorovOfTwo(x: Float64Array, y: Float64Array): number {
  const [a, b] = [x.slice().sort(), y.slice().sort()];
  let [i, j, worst] = [0, 0, 0];
  while (i < a.length && j < b.length) {
    const value = Math.min(a[i] ?? NaN, b[j] ?? NaN);
    while (i < a.length && a[i] === value) i += 1;
    while (j < b.length && b[j] === value) j += 1;
    worst = Math.max(worst, Math.abs(i / a.length - j / b.length));
  }
  return worst;
}

export interface Marginals {
  readonly mean: Float64Array;
  readonly sd: Float64Array;
  /** D_i against the exact or sampled marginal, `[d]`; absent without one. */
  readonly statistics?: Float64Array;
  readonly limit?: number;
  /** Dimensions whose D_i is above the limit, the worst first. */
  readonly flagged?: readonly number[];
}

/**
 * Each dimension by itself, in turns of some hundredths of a second.
 * @param against exact distribution functions, or samples of the truth
 */
export function* marginalSteps(
  x: Points,
  against: { readonly cdf: (dimension: number, value: number) => number } | { readonly samples: Points } | undefined,
  alpha = 0.01,
): Generator<undefined, Marginals> {
  const turns = new Turns();
  const { count: n, dim } = x;
  const sorted = n + (against !== undefined && 'samples' in against ? against.samples.count : 0);
  const [mean, sd, statistics] = [new Float64Array(dim), new Float64Array(dim), new Float64Array(dim)];
  for (let k = 0; k < dim; k += 1) {
    const values = column(x, k);
    const average = values.reduce((a, b) => a + b, 0) / n;
    mean[k] = average;
    sd[k] = Math.sqrt(values.reduce((sum, value) => sum + (value - average) ** 2, 0) / (n - 1));
    if (against === undefined) continue;
    statistics[k] =
      'cdf' in against
        ? kolmogorov(values, (value) => against.cdf(k, value))
        : kolmogorovOfTwo(values, column(against.samples, k));
    yield* turns.after(sorting * sorted);
  }
  if (against === undefined) return { mean, sd };
  // Two samples are worth their harmonic size.
  const size = 'cdf' in against ? n : (n * against.samples.count) / (n + against.samples.count);
  const limit = kolmogorovLimit(size, dim, alpha);
  const flagged = Array.from(statistics.keys())
    .filter((k) => (statistics[k] ?? NaN) > limit)
    .sort((a, b) => (statistics[b] ?? NaN) - (statistics[a] ?? NaN));
  return { mean, sd, statistics, limit, flagged };
}

function ordered(values: Float64Array): Uint32Array {
  return Uint32Array.from(values, (_, index) => index).sort((a, b) => (values[a] ?? NaN) - (values[b] ?? NaN));
}
