import { logMeanExp } from './logMeanExp';
import type { ChainEstimator } from './types';

/**
 * Coupled reverse multi-sample AIS (Brekelmans et al. 2022, section 4.3): K reverse chains from one exact posterior sample above;
 * below, one forward chain and K − 1 reverse chains from where it took its last increment:
 *
 *     E[−log (1/K) Σ_k e^{−W_k}], one forward, K − 1 coupled ≤ log p(x) ≤ E[−log (1/K) Σ_k e^{−W_k}], K reverse
 *
 * The lower bound gains at most log K over single-sample AIS. At T = 1 all chains share their only state and K changes nothing.
 */
export const crAis: ChainEstimator = ({ forward, reverse, coupled = forward.length === 1 ? [] : undefined }) => ({
  // One chain needs no coupled ones.
  lower: coupled === undefined ? undefined : harmonicMean([forward[0] ?? Number.NaN, ...coupled]),
  upper: reverse === undefined ? undefined : harmonicMean(reverse),
});

/** −log (1/K) Σ e^{−W} */
export function harmonicMean(logWeights: readonly number[]): number {
  return -logMeanExp(logWeights.map(inverse));
}

/** −W, for sums of e^{−W}; NaN for a weight of +∞, which would otherwise count as nothing and be hidden. */
export function inverse(logWeight: number): number {
  return logWeight === Number.POSITIVE_INFINITY ? Number.NaN : -logWeight;
}
