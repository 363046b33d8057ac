import type { ChainEstimator } from './types';

/**
 * Single-sample annealed importance sampling (Neal 2001; Brekelmans et al. 2022, section 3.1):
 *
 *     E_forward[W] ≤ log p(x) ≤ E_reverse[W]
 *
 * With several chains their weights are averaged, which is still the single-sample bound, with less noise.
 */
export const ais: ChainEstimator = ({ forward, reverse }) => ({
  lower: mean(forward),
  upper: reverse === undefined ? undefined : mean(reverse),
});

function mean(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0) / values.length;
}
