import { rankNormalised, split, variances, type Chains } from './chains';

/**
 * Rank-normalised split R-hat (Vehtari, Gelman, Simpson, Carpenter and Bürkner 2021, section 4): how much wider all draws together are
 * than each half chain by itself, for the draws and for their distances from the median, whichever is worse. Near 1 where chains agree;
 * above 1.01 they should run longer. A coordinate that never moves has 1.
 */
export function rHat(chains: Chains): number {
  const halves = split(chains);
  const all = halves.flatMap((chain) => [...chain]).sort((a, b) => a - b);
  const median = all[Math.floor(all.length / 2)] ?? NaN;
  if (all[0] === all.at(-1)) return 1;
  const folded = halves.map((chain) => chain.map((value) => Math.abs(value - median)));
  return Math.max(plain(rankNormalised(halves)), plain(rankNormalised(folded)));
}

function plain(chains: Chains): number {
  const { within, pooled } = variances(chains);
  return Math.sqrt(pooled / within);
}
