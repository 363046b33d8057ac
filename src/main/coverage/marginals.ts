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

/** Shares of values above a threshold, coordinate by coordinate, with the half-width that exact even coordinates stay within (99 %). */
export function signBalance(
  x: Points,
  coordinates: readonly number[],
  threshold = 0,
): { readonly above: Float64Array; readonly band: number } {
  const above = Float64Array.from(
    coordinates,
    (k) => column(x, k).reduce((sum, value) => sum + Number(value > threshold), 0) / x.count,
  );
  return { above, band: 2.58 / (2 * Math.sqrt(x.count)) };
}

/** Correlations of the signs of coordinates, `[m, m]`: 0 off the diagonal where signs are independent. */
export function signCorrelations(x: Points, coordinates: readonly number[], threshold = 0): Float64Array {
  const m = coordinates.length;
  const signs = coordinates.map((k) => column(x, k).map((value) => (value > threshold ? 1 : -1)));
  const means = signs.map((values) => values.reduce((a, b) => a + b, 0) / x.count);
  return Float64Array.from({ length: m * m }, (_, at) => {
    const [a, b] = [Math.floor(at / m), at % m];
    const [left, right] = [signs[a] ?? new Float64Array(), signs[b] ?? new Float64Array()];
    const [p, q] = [means[a] ?? NaN, means[b] ?? NaN];
    const product = left.reduce((sum, value, i) => sum + value * (right[i] ?? NaN), 0) / x.count;
    return (product - p * q) / Math.sqrt((1 - p * p) * (1 - q * q));
  });
}

/** Variance of |x_i| for each coordinate, `[d]`: the shape of folded modes without their signs. */
export function foldedVariances(x: Points): Float64Array {
  return Float64Array.from({ length: x.dim }, (_, k) => {
    const values = column(x, k).map(Math.abs);
    const mean = values.reduce((a, b) => a + b, 0) / x.count;
    return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / x.count;
  });
}

/** Standard deviation of one coordinate in equally filled bins of another, with the bins' middles: a funnel's own check. */
export function conditionalDeviations(
  x: Points,
  given: number,
  of: number,
  bins = 20,
): { readonly at: Float64Array; readonly sd: Float64Array } {
  const [first, second] = [column(x, given), column(x, of)];
  const order = ordered(first);
  const [at, sd] = [new Float64Array(bins), new Float64Array(bins)];
  for (let bin = 0; bin < bins; bin += 1) {
    const rows = order.subarray(Math.floor((bin * x.count) / bins), Math.floor(((bin + 1) * x.count) / bins));
    const mean = rows.reduce((sum, row) => sum + (second[row] ?? NaN), 0) / rows.length;
    at[bin] = first[rows[rows.length >> 1] ?? 0] ?? NaN;
    sd[bin] = Math.sqrt(
      rows.reduce((sum, row) => sum + ((second[row] ?? NaN) - mean) ** 2, 0) / Math.max(1, rows.length - 1),
    );
  }
  return { at, sd };
}

/** Share of samples within a radius of the origin, where a density cut out there has none. */
export function leakage({ data, count, dim }: Points, radius: number): number {
  let inside = 0;
  for (let row = 0; row < count; row += 1) {
    let squared = 0;
    for (let k = 0; k < dim; k += 1) squared += (data[row * dim + k] ?? NaN) ** 2;
    if (squared < radius * radius) inside += 1;
  }
  return inside / count;
}

/** Counts of equal bins between two ends, and of what lies outside. */
export function histogram(
  values: ArrayLike<number>,
  from: number,
  to: number,
  bins = 64,
  weights?: ArrayLike<number>,
): { readonly counts: Float64Array; readonly outside: number } {
  const counts = new Float64Array(bins);
  let outside = 0;
  for (let i = 0; i < values.length; i += 1) {
    const weight = weights?.[i] ?? 1;
    const bin = Math.floor((((values[i] ?? NaN) - from) / (to - from)) * bins);
    if (bin >= 0 && bin < bins) counts[bin] = (counts[bin] ?? 0) + weight;
    else outside += weight;
  }
  return { counts, outside };
}

/** Log densities above which cells of a grid hold given shares of its mass (highest-density regions), in the order of the shares. */
export function massLevels(logDensities: ArrayLike<number>, shares = [0.5, 0.8, 0.95, 0.99]): number[] {
  const sorted = Float64Array.from(logDensities).sort().reverse();
  const most = sorted[0] ?? NaN;
  const masses = sorted.map((value) => Math.exp(value - most));
  const total = masses.reduce((a, b) => a + b, 0);
  return shares.map((share) => {
    let cumulative = 0;
    const place = masses.findIndex((mass) => (cumulative += mass) >= share * total * (1 - 1e-12));
    return sorted[place < 0 ? sorted.length - 1 : place] ?? NaN;
  });
}

function ordered(values: Float64Array): Uint32Array {
  return Uint32Array.from(values, (_, index) => index).sort((a, b) => (values[a] ?? NaN) - (values[b] ?? NaN));
}
