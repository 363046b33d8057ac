/**
 * Entropic mode coverage −Σ u_k log u_k / log K (Blessing et al. 2024, "Beyond ELBOs", section 4): 1 where all modes have equal shares.
 * It measures uniformity and not correctness: where true weights differ, a sampler that flattens them scores higher than an exact one,
 * so it belongs beside {@link entropicCoverage} of the true weights. Mean responsibilities instead of shares make it soft.
 * @param shares `[K]`, of sum 1
 */
export function entropicCoverage(shares: ArrayLike<number>): number {
  let entropy = 0;
  for (let k = 0; k < shares.length; k += 1) {
    const share = shares[k] ?? NaN;
    if (share !== 0) entropy -= share * Math.log(share);
  }
  // One mode is always covered evenly.
  return shares.length === 1 ? 1 : entropy / Math.log(shares.length);
}

/** What n exact samples of K equal modes have on average, 1 − (K − 1)/(2 n log K): good for n ≫ K only. */
export function expectedEntropicCoverage(modes: number, samples: number): number {
  return 1 - (modes - 1) / (2 * samples * Math.log(modes));
}

/** Whether more is better: not where the true weights differ. */
export function evenWeights(weights: ArrayLike<number>): boolean {
  const all = Array.from(weights);
  return all.every((weight) => Math.abs(weight * all.length - 1) < 1e-9);
}
