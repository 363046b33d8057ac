import { logAddExp, type LogSumExp } from './logMeanExp';

/**
 * The contrastive term that InfoNCE, GIWAE and the upper bound of IWAE on log p(x) share (Brekelmans et al. 2022):
 *
 *     t_1 − log (1/K) (e^{t_1} + Σ_{k ≥ 2} e^{t_k}) ≤ log K
 *
 * with t_1 at the exact posterior sample and the others at K − 1 negatives, samples of the base. The positive is one of the K: left
 * out of the denominator, the term is no longer limited and bounds nothing. Negatives stream, so memory does not grow with K.
 * @param positive t_1, nats
 * @param negatives t_2 … t_K; none at K = 1, where the term is 0
 */
export function contrastive(positive: number, negatives: LogSumExp): number {
  // The difference first: it is at most 0 to the last bit, as the sum holds the positive.
  return positive - logAddExp(positive, negatives.total()) + Math.log(negatives.count + 1);
}

/** log (1/K) (e^{t_1} + Σ_{k ≥ 2} e^{t_k}), nats; parameters as above. */
export function logMeanExpWith(positive: number, negatives: LogSumExp): number {
  return logAddExp(positive, negatives.total()) - Math.log(negatives.count + 1);
}
