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

/**
 * What n exact samples have on average, H(w)/log K − (K − 1)/(2 n log K), by the first-order bias of an entropy of counts.
 * @returns undefined with fewer than five samples expected in some mode, where that is not enough, and for one mode
 */
export function expectedEntropicCoverage(weights: ArrayLike<number>, samples: number): number | undefined {
  const modes = weights.length;
  const rarest = Array.from(weights).reduce((a, b) => Math.min(a, b), Infinity);
  if (modes < 2 || samples * rarest < 5) return undefined;
  return entropicCoverage(weights) - (modes - 1) / (2 * samples * Math.log(modes));
}
