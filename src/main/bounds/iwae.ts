import { logMeanExpWith } from './contrastive';
import type { LogSumExp } from './logMeanExp';
import type { LogEvidenceBounds } from './types';

/**
 * Importance-weighted bounds (Burda, Grosse and Salakhutdinov 2016; upper side Sobolev and Vetrov 2019, Brekelmans et al. 2022,
 * section 2.2) with weights w_k = log p(x, z_k) − log q(z_k):
 *
 *     E[log (1/K) Σ e^{w_k}], all z_k ~ q ≤ log p(x) ≤ E[log (1/K) Σ e^{w_k}], z_1 exact, z_2 … z_K ~ q
 *
 * The upper bound gains at most log K over E[w] at the exact sample. The two sides use samples of their own. Weights stream: nothing
 * grows with K.
 * With the prior as q, w is log p(x | z) and this is structured InfoNCE (Poole et al. 2019). As a lower bound on I(x; z), the upper
 * side is `giwae` with w as the critic, whose two terms it shares.
 * @returns a side is undefined where its samples are
 */
export function iwae({ fresh, exact, negatives }: ImportanceSums): LogEvidenceBounds {
  return {
    lower: fresh?.mean(),
    upper: exact === undefined || negatives === undefined ? undefined : logMeanExpWith(exact, negatives),
  };
}

/** Log weights of one datum, nats. */
export interface ImportanceSums {
  /** Of K fresh samples. */
  readonly fresh?: LogSumExp | undefined;
  /** At the exact posterior sample; absent for data without one. */
  readonly exact?: number | undefined;
  /** Of K − 1 others. */
  readonly negatives?: LogSumExp | undefined;
}
