import { normalQuantile } from './normalQuantile';

/** Draws of one coordinate, chain by chain; all chains are of one length. */
export type Chains = readonly Float64Array[];

/** Each chain in two halves, so that a chain that drifts disagrees with itself. */
export function split(chains: Chains): Chains {
  const half = Math.floor((chains[0]?.length ?? 0) / 2);
  return chains.flatMap((chain) => [chain.slice(0, half), chain.slice(chain.length - half)]);
}

/** Draws replaced by the normal quantiles of their ranks among all (Vehtari et al. 2021, equation 14); ties share their mean rank. */
export function rankNormalised(chains: Chains): Chains {
  const length = chains[0]?.length ?? 0;
  const all = Float64Array.from(chains.flatMap((chain) => [...chain]));
  const order = Uint32Array.from(all, (_, index) => index).sort((a, b) => (all[a] ?? 0) - (all[b] ?? 0));
  const scores = new Float64Array(all.length);
  for (let first = 0; first < order.length;) {
    const value = all[order[first] ?? 0];
    let last = first;
    while (last + 1 < order.length && all[order[last + 1] ?? 0] === value) last += 1;
    const score = normalQuantile(((first + last) / 2 + 1 - 3 / 8) / (all.length + 1 / 4));
    for (let place = first; place <= last; place += 1) scores[order[place] ?? 0] = score;
    first = last + 1;
  }
  return chains.map((_, chain) => scores.slice(chain * length, (chain + 1) * length));
}

/** Mean of the chains' variances, and the variance of all draws as both together estimate it. */
export function variances(chains: Chains): { readonly within: number; readonly pooled: number } {
  const n = chains[0]?.length ?? 0;
  const means = chains.map(mean);
  const within = mean(chains.map((chain, index) => sumOfSquares(chain, means[index] ?? NaN) / (n - 1)));
  const between = sumOfSquares(means, mean(means)) / Math.max(1, means.length - 1);
  return { within, pooled: ((n - 1) / n) * within + between };
}

export function mean(values: ArrayLike<number>): number {
  let total = 0;
  for (let index = 0; index < values.length; index += 1) total += values[index] ?? NaN;
  return total / values.length;
}

function sumOfSquares(values: ArrayLike<number>, about: number): number {
  let total = 0;
  for (let index = 0; index < values.length; index += 1) total += ((values[index] ?? NaN) - about) ** 2;
  return total;
}
