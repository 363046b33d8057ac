import { binomialCdf } from './special';

/** What is known of the modes and what was seen of them. */
export interface Seen {
  /** True weights w_k, `[K]`, of sum 1. */
  readonly weights: ArrayLike<number>;
  /** Samples of each mode c_k, `[K]`. */
  readonly counts: ArrayLike<number>;
  /** Of these, those of high quality; all where quality is not defined. */
  readonly highQuality?: ArrayLike<number> | undefined;
  /** n */
  readonly samples: number;
}

export interface CountingOptions {
  /** τ: the share of its true weight from which a mode counts as adequately found. */
  readonly tau?: number;
  /** α of all modes together. */
  readonly alpha?: number;
}

export interface ModeCounts {
  /** Modes with at least one sample of high quality. */
  readonly foundAny: number;
  /** Modes with u_k ≥ τ w_k among samples of high quality: the number to quote. */
  readonly foundAdequate: number;
  /** Modes with P(Bin(n, w_k) ≤ c_k) < α/K. Only these may be called missed. */
  readonly missing: readonly number[];
  /** Modes whose expected count n w_k is below log(K/α): too few samples to tell. */
  readonly undecidable: readonly number[];
  /** Samples from which on every mode can be judged, log(K/α)/w of the rarest. */
  readonly needed: number;
  /** P(Bin(n, w_k) ≤ c_k), `[K]`. */
  readonly pValues: Float64Array;
  /** Of exact samples. */
  readonly expectedDistinct: number;
}

/** Number of modes found, by three definitions. */
export function countFound(seen: Seen, { tau = 0.1, alpha = 0.01 }: CountingOptions = {}): ModeCounts {
  const { weights, counts, highQuality = counts, samples } = seen;
  const modes = weights.length;
  const missing: number[] = [];
  const undecidable: number[] = [];
  const pValues = new Float64Array(modes);
  let [foundAny, foundAdequate, rarest] = [0, 0, Infinity];
  for (let k = 0; k < modes; k += 1) {
    const weight = weights[k] ?? NaN;
    const good = highQuality[k] ?? NaN;
    if (weight > 0) rarest = Math.min(rarest, weight);
    if (good >= 1) foundAny += 1;
    // A mode without weight is nothing to be found; the factor is for products that rounding leaves above a whole number.
    if (good > 0 && good >= (1 - 1e-12) * tau * weight * samples) foundAdequate += 1;
    pValues[k] = binomialCdf(counts[k] ?? NaN, samples, weight);
    if (samples * weight < Math.log(modes / alpha)) undecidable.push(k);
    else if ((pValues[k] ?? NaN) < alpha / modes) missing.push(k);
  }
  return {
    foundAny,
    foundAdequate,
    missing,
    undecidable,
    needed: Math.ceil(Math.log(modes / alpha) / rarest),
    pValues,
    expectedDistinct: expectedDistinctModes(weights, samples),
  };
}

/** Σ_k (1 − (1 − w_k)^n), the modes that n exact independent samples are expected to hit. */
export function expectedDistinctModes(weights: ArrayLike<number>, samples: number): number {
  let total = 0;
  for (let k = 0; k < weights.length; k += 1) total -= Math.expm1(samples * Math.log1p(-(weights[k] ?? NaN)));
  return total;
}
