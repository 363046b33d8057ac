import type { KnownMode } from './baseScale';

/**
 * How far behind its mode each block leaves the particles, by the Wasserstein penalty alone: a block closes all but r_k = 2γ_k σ_k²/(1 + 2γ_k σ_k²)
 * of the gap to a tempered mode of variance σ_k². About lag²/2 nats are lost on the bound and e^{−lag²} of the effective draws.
 * @param betas of each block
 * @param gammas of each block, in coordinates in which the base is the standard normal
 * @param mode distance from the origin and standard deviation
 * @param scale s₀
 * @returns after each block, in units of the mode's standard deviation
 */
export function predictedLags(
  betas: readonly number[],
  gammas: readonly number[],
  mode: { readonly distance: number; readonly std: number },
  scale: number,
): number[] {
  const precision = (scale / mode.std) ** 2;
  let [lag, before] = [0, 0];
  return betas.map((beta, k) => {
    const variance = 1 / (1 - beta + beta * precision);
    const mean = (mode.distance / scale) * beta * precision * variance;
    const twice = 2 * (gammas[k] ?? Number.NaN) * variance;
    lag = (twice / (1 + twice)) * (lag + mean - before);
    before = mean;
    return (lag * scale) / mode.std;
  });
}

/** The mode that is the most of its own widths away from the origin; undefined where widths are not known. */
export function furthestMode(
  modes: readonly KnownMode[] | undefined,
): { readonly distance: number; readonly std: number } | undefined {
  let furthest: { distance: number; std: number } | undefined;
  for (const { location, std } of modes ?? []) {
    if (std === undefined) return undefined;
    const distance = Math.sqrt(location.reduce((sum, value) => sum + value * value, 0));
    if (furthest === undefined || distance / std > furthest.distance / furthest.std) furthest = { distance, std };
  }
  return furthest;
}
