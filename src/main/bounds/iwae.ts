import { LogSumExp } from './logMeanExp';

/**
 * Importance-weighted bounds (Burda, Grosse and Salakhutdinov 2016; upper side Sobolev and Vetrov 2019, Brekelmans et al. 2022,
 * section 2.2) with weights w_k = log p(x, z_k) − log q(z_k):
 *
 *     E[log (1/K) Σ e^{w_k}], all z_k ~ q ≤ log p(x) ≤ E[log (1/K) Σ e^{w_k}], z_1 exact, z_2 … z_K ~ q
 *
 * The upper bound gains at most log K over E[w] at the exact sample. With the prior as q this is structured InfoNCE.
 * The two sides use samples of their own. Weights stream: nothing grows with K.
 */
export interface ImportanceWeights {
  /** K fresh samples. */
  readonly lower: LogSumExp;
  /** The exact sample and K − 1 fresh ones; absent for data without an exact sample. */
  readonly upper?: LogSumExp;
}

/** @param exactLogWeight w at the exact posterior sample */
export function importanceWeights(exactLogWeight?: number): ImportanceWeights {
  if (exactLogWeight === undefined) return { lower: new LogSumExp() };
  const upper = new LogSumExp();
  upper.add(exactLogWeight);
  return { lower: new LogSumExp(), upper };
}
