import type { CriticValues } from './types';

/**
 * MINE-F (Nguyen, Wainwright and Jordan 2010; Belghazi et al. 2018) and, with a base other than the prior, generalised MINE-F
 * (Brekelmans et al. 2022, appendix J), for any critic T:
 *
 *     E_{p(x, z)}[log q(z | x) − log p(z) + T] − E_{p(x) q(z | x)}[e^{T − 1}] ≤ I(x; z)
 *
 * With T = 1 it is Barber and Agakov's bound; it is I(x; z) at T = 1 + log p(x, z)/(p(x) q(z | x)). It is never above MINE-DV of the
 * same critic. Means stand outside every logarithm, so that finitely many samples keep it a lower bound, if a noisy one.
 * @returns one datum's term, nats; NaN where e^{T − 1} overflows or a value is not finite
 */
export function mineF({ ba, critic, negatives }: CriticValues): number {
  const value = ba + critic - Math.exp(negatives.mean() - 1);
  return Number.isFinite(value) ? value : Number.NaN;
}
