import { contrastive } from './contrastive';
import type { LogSumExp } from './logMeanExp';

/** log p(x | z) of one datum, nats. */
export interface Likelihoods {
  /** At the exact posterior sample z*. */
  readonly exact: number;
  /** At K fresh samples of the prior. */
  readonly fresh?: LogSumExp;
  /** At K − 1 others. */
  readonly negatives?: LogSumExp;
}

/**
 * Structured InfoNCE (Poole et al. 2019; Brekelmans et al. 2022): IWAE with the prior as proposal, or InfoNCE with the
 * true likelihood as critic. With c = log p(x | z*):
 *
 *     E[c − log (1/K) (e^c + Σ_{k ≥ 2} p(x | z_k))] ≤ I(x; z) ≤ E[c − log (1/K) Σ_k p(x | z_k)],   z_k ~ p(z)
 *
 * The lower bound is at most log K.
 * @returns one datum's terms, nats; a side is absent where its samples are
 */
export function sInfonce({ exact, fresh, negatives }: Likelihoods): {
  readonly lower?: number;
  readonly upper?: number;
} {
  return {
    ...(negatives === undefined ? {} : { lower: contrastive(exact, negatives) }),
    ...(fresh === undefined ? {} : { upper: exact - fresh.mean() }),
  };
}
