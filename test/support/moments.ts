/** Mean and its standard error over independent values. */
export interface Estimate {
  readonly mean: number;
  readonly se: number;
}

export function estimate(values: readonly number[]): Estimate {
  const n = values.length;
  const mean = values.reduce((total, value) => total + value, 0) / n;
  const variance = values.reduce((total, value) => total + (value - mean) ** 2, 0) / (n - 1);
  return { mean, se: Math.sqrt(variance / n) };
}

export function mean(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0) / values.length;
}

/**
 * Whether per-datum bounds on log p(x) contradict its true values: a mean more than `limit` standard errors on the wrong side. The
 * differences to the truth of the same data are tested, so that the noise of the data is out of it. At the limit 4 a valid bound that
 * is tight is rejected once in 30,000 times, a loose one practically never.
 */
export function contradicts(
  side: 'lower' | 'upper',
  bounds: readonly number[],
  truth: readonly number[],
  limit = 4,
): boolean {
  const excess = bounds.map((bound, datum) => (side === 'lower' ? 1 : -1) * (bound - (truth[datum] ?? Number.NaN)));
  const { mean, se } = estimate(excess);
  return !(mean <= limit * se + 1e-4); // 1e-4 nats: float32 of log densities of size 10 to 100
}

/** How many standard errors lie between an estimate and a known value, which may have a standard error of its own. */
export function discrepancy(actual: Estimate, value: number, se = 0): number {
  const error = Math.hypot(actual.se, se);
  return error > 0 ? Math.abs(actual.mean - value) / error : Number.NaN;
}

/** Differences of two columns, datum by datum. */
export function differences(a: readonly number[], b: readonly number[]): number[] {
  return a.map((value, index) => value - (b[index] ?? Number.NaN));
}
