import { inverse } from './crAis';
import { logAddExp, LogSumExp } from './logMeanExp';

/**
 * Reverse importance-weighted bounds (Brekelmans et al. 2022) with w = log p(x, z) − log q(z | x):
 *
 *     E[−log (1/K) (e^{−w_1} + Σ_{k ≥ 2} e^{−w_k})] ≤ log p(x) ≤ E[−log (1/K) Σ_k e^{−w_k}]
 *
 * with z_1 ~ q below and all others independent exact posterior samples. The lower bound gains at most log K over the ELBO. One
 * exact sample is enough for a lower bound at K = 2 and an upper one at K = 1; correlated samples bound nothing.
 * Where q is much wider than the posterior, e^{−w} has infinite variance and the limit K → ∞ is hopelessly far.
 */
export const riwae = {
  /**
   * @param proposal w at one sample of q
   * @param exact sums of K − 1 exact samples
   */
  lower: (proposal: number, exact: ReverseSum): number =>
    Math.log(exact.count + 1) - logAddExp(inverse(proposal), exact.total()),
  /** @param exact sums of K exact samples */
  upper: (exact: ReverseSum): number => -exact.mean(),
};

/** A stream of log weights w at independent exact posterior samples, summed as e^{−w}. */
export class ReverseSum {
  private readonly sum = new LogSumExp();

  get count(): number {
    return this.sum.count;
  }

  add(logWeight: number): void {
    this.sum.add(inverse(logWeight));
  }

  /** log Σ e^{−w} */
  total(): number {
    return this.sum.total();
  }

  mean(): number {
    return this.sum.mean();
  }
}
