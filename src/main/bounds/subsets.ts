import type { ChainEstimator, ChainWeights, LogEvidenceBounds } from './types';

/**
 * Bounds of fewer chains from the weights of many (Brekelmans et al. 2022 draw such curves against K): a subset of the chains is a
 * run with fewer, so every inequality of the estimator holds for it, and the mean over disjoint subsets has less noise than any one.
 * Of coupled chains, which belong to forward chain 0, the subsets are its companions in turn.
 * @param chains K' of each subset; chains that fill no subset are left out. K' = K is the estimator itself
 * @returns a side is undefined where the estimator has none, or where K' is more than there are chains
 */
export function subsetBounds(estimator: ChainEstimator, weights: ChainWeights, chains: number): LogEvidenceBounds {
  const { forward, reverse, coupled, independent } = weights;
  const starts = Array.from({ length: Math.floor(forward.length / chains) }, (_, block) => block * chains);
  const blocks = starts.map((start): ChainWeights => {
    const cut = (column: readonly number[] | undefined) => column?.slice(start, start + chains);
    return { forward: forward.slice(start, start + chains), reverse: cut(reverse), independent: cut(independent) };
  });
  const bounds = blocks.map(estimator);
  return {
    lower:
      mean(bounds.map(({ lower }) => lower)) ??
      mean(
        companions(forward, coupled, chains)
          .map(estimator)
          .map(({ lower }) => lower),
      ),
    upper: mean(bounds.map(({ upper }) => upper)),
  };
}

/** Forward chain 0 with K' − 1 of the chains that start where it ended. */
function companions(
  forward: readonly number[],
  coupled: readonly number[] | undefined,
  chains: number,
): ChainWeights[] {
  if (coupled === undefined || chains < 2) return [];
  return Array.from({ length: Math.floor(coupled.length / (chains - 1)) }, (_, group) => ({
    forward: forward.slice(0, chains),
    coupled: coupled.slice(group * (chains - 1), (group + 1) * (chains - 1)),
  }));
}

/** Undefined for no values, or where one is undefined. */
function mean(values: readonly (number | undefined)[]): number | undefined {
  if (values.length === 0) return undefined;
  let total = 0;
  for (const value of values) {
    if (value === undefined) return undefined;
    total += value;
  }
  return total / values.length;
}
