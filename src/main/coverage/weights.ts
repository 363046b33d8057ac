import { seeded } from './random';
import { chiSquaredTail } from './special';

/** (1/K) Σ_k (u_k − w_k)² */
export function weightMse(u: ArrayLike<number>, w: ArrayLike<number>): number {
  return sum(u.length, (k) => (at(u, k) - at(w, k)) ** 2) / u.length;
}

/** What n exact samples have on average: (1/K) Σ_k w_k (1 − w_k)/n. It shrinks like 1/K², so a value means little without it. */
export function expectedWeightMse(w: ArrayLike<number>, samples: number): number {
  return sum(w.length, (k) => at(w, k) * (1 - at(w, k))) / (samples * w.length);
}

/** ½ Σ_k |u_k − w_k| */
export function totalVariation(u: ArrayLike<number>, w: ArrayLike<number>): number {
  return 0.5 * sum(u.length, (k) => Math.abs(at(u, k) - at(w, k)));
}

/** What n exact samples have on average, by the normal limit of their counts: ½ Σ_k √(2 w_k (1 − w_k)/(π n)). */
export function expectedTotalVariation(w: ArrayLike<number>, samples: number): number {
  return 0.5 * sum(w.length, (k) => Math.sqrt((2 * at(w, k) * (1 - at(w, k))) / (Math.PI * samples)));
}

export interface Pearson {
  /** X² = n Σ_k (u_k − w_k)²/w_k */
  readonly statistic: number;
  /** Under independent exact samples. */
  readonly pValue: number;
  /** χ²_{K−1}, or simulation where some expected count is below 5. */
  readonly by: 'chi-squared' | 'simulation';
}

/**
 * Pearson's test of the counts c_k against n w_k. Its p-value is right for independent samples only; those of chains need `effective`,
 * the number of independent samples that they are worth, and have no better test here.
 */
export function pearson(
  counts: ArrayLike<number>,
  w: ArrayLike<number>,
  { seed = 0, draws = 2000, effective }: { seed?: number; draws?: number; effective?: number | undefined } = {},
): Pearson {
  const modes = w.length;
  const samples = samplesOf(counts);
  const size = effective ?? samples;
  const of = (c: ArrayLike<number>, total: number, n: number): number =>
    n * sum(modes, (k) => (at(c, k) / total - at(w, k)) ** 2 / at(w, k));
  const statistic = of(counts, samples, size);
  const least = Math.min(...Array.from(w)) * size;
  if (least >= 5) return { statistic, pValue: chiSquaredTail(statistic, modes - 1), by: 'chi-squared' };
  const random = seeded(seed, 'pearson');
  const n = Math.round(size);
  let beyond = 1;
  for (let draw = 0; draw < draws; draw += 1)
    if (of(multinomial(n, w, random.uniform), n, n) >= statistic * (1 - 1e-12)) beyond += 1;
  return { statistic, pValue: beyond / (draws + 1), by: 'simulation' };
}

/** Counts of n independent draws. */
export function multinomial(samples: number, w: ArrayLike<number>, uniform: () => number): Float64Array {
  const cumulative = new Float64Array(w.length);
  let total = 0;
  for (let k = 0; k < w.length; k += 1) cumulative[k] = total += at(w, k);
  const counts = new Float64Array(w.length);
  for (let draw = 0; draw < samples; draw += 1) {
    const target = uniform() * total;
    let [low, high] = [0, w.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (at(cumulative, middle) > target) high = middle;
      else low = middle + 1;
    }
    counts[low] = at(counts, low) + 1;
  }
  return counts;
}

/** Σ_k a_k log(a_k/b_k) in nats; infinite where b lacks what a has. */
export function divergence(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return sum(a.length, (k) => (at(a, k) > 0 ? at(a, k) * Math.log(at(a, k) / at(b, k)) : 0));
}

/** (c_k + ½)/(n + K/2): no mode is empty. */
function smoothed(counts: ArrayLike<number>): Float64Array {
  const total = samplesOf(counts) + counts.length / 2;
  return Float64Array.from(counts, (count) => (count + 0.5) / total);
}

/** ½ KL(u ‖ m) + ½ KL(w ‖ m), m = (u + w)/2, in bits: between 0 and 1. */
export function jensenShannonBits(u: ArrayLike<number>, w: ArrayLike<number>): number {
  const middle = Float64Array.from(u, (value, k) => (value + at(w, k)) / 2);
  return (divergence(u, middle) + divergence(w, middle)) / (2 * Math.LN2);
}

export interface WeightDistances {
  readonly mse: number;
  /** MSE over that of exact samples. */
  readonly mseRatio: number;
  readonly totalVariation: number;
  readonly pearson: Pearson;
  /** KL(w ‖ u) in nats; of smoothed counts where a mode is empty. */
  readonly forward: number;
  readonly smoothed: boolean;
  /** KL(u ‖ w), nats. */
  readonly reverse: number;
  readonly jensenShannonBits: number;
}

/** All distances between the shares of samples and the true weights. */
export function weightDistances(
  counts: ArrayLike<number>,
  w: ArrayLike<number>,
  options: { seed?: number; effective?: number | undefined } = {},
): WeightDistances {
  const samples = samplesOf(counts);
  const u = Float64Array.from(counts, (count) => count / samples);
  const empty = u.some((share, k) => share === 0 && at(w, k) > 0);
  const mse = weightMse(u, w);
  return {
    mse,
    mseRatio: mse / expectedWeightMse(w, samples),
    totalVariation: totalVariation(u, w),
    pearson: pearson(counts, w, options),
    forward: divergence(w, empty ? smoothed(counts) : u),
    smoothed: empty,
    reverse: divergence(u, w),
    jensenShannonBits: jensenShannonBits(u, w),
  };
}

export interface ReweightedShares {
  /** Σ_{i in k} W_i, `[K]` */
  readonly shares: Float64Array;
  /** √Σ_i W_i² (1[i in k] − share_k)², `[K]`: the delta method. */
  readonly errors: Float64Array;
}

/**
 * Mode weights by self-normalised importance sampling.
 * @param weights W_i, `[n]`, of sum 1
 */
export function reweightedShares(mode: ArrayLike<number>, weights: ArrayLike<number>, modes: number): ReweightedShares {
  const shares = new Float64Array(modes);
  const squares = new Float64Array(modes);
  let all = 0;
  for (let i = 0; i < mode.length; i += 1) {
    const [k, weight] = [at(mode, i), at(weights, i)];
    all += weight * weight;
    if (k < 0) continue;
    shares[k] = at(shares, k) + weight;
    squares[k] = at(squares, k) + weight * weight;
  }
  const errors = shares.map((share, k) =>
    Math.sqrt(Math.max(0, at(squares, k) * (1 - 2 * share) + all * share * share)),
  );
  return { shares, errors };
}

function samplesOf(counts: ArrayLike<number>): number {
  return sum(counts.length, (k) => at(counts, k));
}

function sum(count: number, term: (k: number) => number): number {
  let total = 0;
  for (let k = 0; k < count; k += 1) total += term(k);
  return total;
}

function at(values: ArrayLike<number>, index: number): number {
  return values[index] ?? NaN;
}
