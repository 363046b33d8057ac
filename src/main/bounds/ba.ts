import type { LogEvidenceBounds } from './types';

/**
 * The variational bound of Barber and Agakov (2003; Brekelmans et al. 2022) with a normalised q(z | x) and the exact
 * posterior sample z* of each datum:
 *
 *     E[log q(z* | x) − log p(z*)] ≤ I(x; z),   short of it by E KL(p(z | x) ‖ q)
 *
 * It is E[log p(x | z*) − EUBO] with log p(x | z*) cancelled, so that it needs no likelihood. With the prior as q it is 0.
 * @returns one datum's term, nats
 */
export function ba({ logBase, logPrior }: { readonly logBase: number; readonly logPrior: number }): number {
  return logBase - logPrior;
}

/** Log weights log p(x, z) − log q(z | x) of one datum, nats. */
export interface SingleSampleWeights {
  /** The mean over fresh samples z ~ q. */
  readonly mean: number;
  /** At the exact posterior sample z*; absent for data without one. */
  readonly exact?: number | undefined;
}

/**
 * The evidence lower bound and its mirror image on log p(x):
 *
 *     E_q[log w] ≤ log p(x) ≤ E_{p(z | x)}[log w],   gaps KL(q ‖ p(z | x)) and KL(p(z | x) ‖ q)
 */
export function elboEubo({ mean, exact }: SingleSampleWeights): LogEvidenceBounds {
  return { lower: mean, upper: exact };
}
