import { leaveOneOut, logAddExp, logMeanExp } from './logMeanExp';
import type { ChainEstimator } from './types';

/**
 * Independent multi-sample AIS (Brekelmans et al. 2022, section 4.1): K independent forward chains below; above, one reverse
 * chain from an exact posterior sample among K − 1 forward ones:
 *
 *     E[log (1/K) Σ_k e^{W_k}] ≤ log p(x) ≤ E[log (1/K) (e^{W_reverse} + Σ_{k ≥ 2} e^{W_k})]
 *
 * The upper bound gains at most log K over single-sample AIS. With T = 1 this is IWAE, with K = 1 single-sample AIS.
 */
export const imAis: ChainEstimator = ({ forward, reverse }) => ({
  lower: logMeanExp(forward),
  upper: reverse === undefined ? undefined : upperBound(forward, reverse),
});

/** Each reverse chain is a valid positive beside the other K − 1 forward chains; their mean has less noise than any one. */
function upperBound(forward: readonly number[], reverse: readonly number[]): number {
  const chains = forward.length;
  const others = leaveOneOut(forward);
  const bounds = reverse.map((positive, index) => logAddExp(positive, others[index] ?? Number.NaN) - Math.log(chains));
  return bounds.reduce((total, bound) => total + bound, 0) / bounds.length;
}
