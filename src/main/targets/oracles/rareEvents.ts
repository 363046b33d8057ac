import { logNormalBelow, logUpperGamma } from '../gamma';

/**
 * Closed forms of probabilities I = P(x ∈ A) of a standard normal x in d dimensions, and of what importance sampling from another normal
 * makes of them. The variance of one draw is relative: E[w²]/I² − 1 with w = 1_A(x) p(x)/q(x), so that n draws have the relative standard
 * error √(variance/n). Everything stays in logarithms until the end: events may be as rare as 10^−300 and less.
 */
export type RareEvent =
  /** x₁ > a */
  | { readonly type: 'half-space'; readonly edge: number }
  /** |x| ≥ c */
  | { readonly type: 'outside-ball'; readonly dim: number; readonly radius: number };

/** log I, nats. */
export function logProbability(event: RareEvent): number {
  return event.type === 'half-space'
    ? logNormalBelow(-event.edge)
    : logUpperGamma(event.dim / 2, event.radius ** 2 / 2);
}

/** Of plain Monte Carlo: 1/I − 1. */
export function plainVariance(event: RareEvent): number {
  return Math.expm1(-logProbability(event));
}

/** Of draws from N(μ, 1) along the first axis, for a half-space: E[w²] = e^{μ²} Φ(−(a + μ)). */
export function shiftedVariance(edge: number, shift: number): number {
  const second = shift * shift + logNormalBelow(-(edge + shift));
  return Math.expm1(second - 2 * logProbability({ type: 'half-space', edge }));
}

/**
 * Of draws from N(0, s² I), for the outside of a ball: E[w²] = s^d k^{−d/2} Q(d/2, k c²/2) with k = 2 − 1/s².
 * @returns infinity where s² ≤ ½: the tails of such draws are too light
 */
export function widenedVariance(
  { dim, radius }: { readonly dim: number; readonly radius: number },
  scale: number,
): number {
  const k = 2 - 1 / (scale * scale);
  if (!(k > 0)) return Number.POSITIVE_INFINITY;
  const second = dim * Math.log(scale) - 0.5 * dim * Math.log(k) + logUpperGamma(dim / 2, (k * radius * radius) / 2);
  return Math.expm1(second - 2 * logProbability({ type: 'outside-ball', dim, radius }));
}
