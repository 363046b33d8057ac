import { mean, split, variances, type Chains } from './chains';

/**
 * Effective sample size of a mean over several chains (Geyer 1992; Vehtari et al. 2021, section 3.2): draws over 1 + 2 Σ ρ_t, the
 * autocorrelations added up in pairs as long as those are positive and do not grow. Antithetic chains may have more than their draws.
 */
export function chainEffectiveSampleSize(chains: Chains): number {
  const halves = split(chains);
  const length = halves[0]?.length ?? 0;
  const draws = halves.length * length;
  const { within, pooled } = variances(halves);
  if (!(pooled > 0)) return draws;
  const means = halves.map(mean);
  const correlation = (lag: number): number => {
    const covariance = mean(
      halves.map((chain, index) => {
        const about = means[index] ?? NaN;
        let total = 0;
        for (let t = lag; t < length; t += 1) total += ((chain[t] ?? NaN) - about) * ((chain[t - lag] ?? NaN) - about);
        return total / length;
      }),
    );
    return 1 - (within - (covariance * length) / (length - 1)) / pooled;
  };
  let [sum, least] = [0, Number.POSITIVE_INFINITY];
  for (let lag = 0; lag + 1 < length; lag += 2) {
    const pair = (lag === 0 ? 1 : correlation(lag)) + correlation(lag + 1);
    if (!(pair > 0)) break;
    least = Math.min(least, pair);
    sum += least;
  }
  // The pairs hold ρ_0 = 1 once; 1 + 2 Σ_{t ≥ 1} ρ_t = 2 Σ_t ρ_t − 1. Never below what a finite run can tell.
  const time = Math.max(2 * sum - 1, 1 / Math.log10(Math.max(10, draws)));
  return draws / time;
}
