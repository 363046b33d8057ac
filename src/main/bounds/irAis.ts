import { harmonicMean, inverse } from './crAis';
import { leaveOneOut, logAddExp, logSumExp } from './logMeanExp';
import type { ChainEstimator } from './types';

/**
 * Independent reverse multi-sample AIS (Brekelmans et al. 2022): K reverse chains above, each from an exact posterior
 * sample of its own; below, one forward chain and K − 1 such:
 *
 *     E[−log (1/K) (e^{−W_forward} + Σ_{k ≥ 2} e^{−W_k})] ≤ log p(x) ≤ E[−log (1/K) Σ_k e^{−W_k}]
 *
 * The lower bound gains at most log K over single-sample AIS. Simulated data bring one exact sample each, so that for most models
 * there is a lower bound up to K = 2 and an upper one at K = 1. Draws of one Markov chain are not independent and do not qualify.
 */
export const irAis: ChainEstimator = ({ forward, reverse, independent = reverse?.slice(0, 1) ?? [] }) => {
  const chains = forward.length;
  return {
    lower: independent.length < chains - 1 ? undefined : lowerBound(forward, independent.slice(0, chains)),
    upper: independent.length < chains ? undefined : harmonicMean(independent.slice(0, chains)),
  };
};

/** Each forward chain is a valid first one beside K − 1 reverse chains; their mean has less noise than any one. */
function lowerBound(forward: readonly number[], independent: readonly number[]): number {
  const chains = forward.length;
  const inverses = independent.map(inverse);
  const others = inverses.length < chains ? forward.map(() => logSumExp(inverses)) : leaveOneOut(inverses);
  const bounds = forward.map(
    (weight, index) => Math.log(chains) - logAddExp(inverse(weight), others[index] ?? Number.NaN),
  );
  return bounds.reduce((total, bound) => total + bound, 0) / chains;
}
