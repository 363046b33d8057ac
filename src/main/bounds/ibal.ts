import { meanInterval, type MeanInterval } from '../../shared/statistics';
import type { LogEvidenceBounds } from './types';

/** One datum's terms, nats. A side is absent where its chains are. */
export interface IbalBounds {
  /** IBAL_L: bounds I(x; z) from below whatever the critic, and IBAL if Proposition M.1 holds. */
  readonly lower?: number | undefined;
  /** IBAL_U: bounds IBAL from above, and says nothing of I(x; z). */
  readonly upper?: number | undefined;
}

/**
 * The implicit Barber–Agakov bound of a critic T (Brekelmans et al. 2022), with π(z | x) = q(z | x) e^{T(x, z)}/Z(x):
 *
 *     IBAL = E[log q(z* | x) − log p(z*) + T(x, z*)] − E[log Z(x)] ≤ I(x; z),   short of it by E KL(p(z | x) ‖ π)
 *
 * log Z(x) is bounded by chains annealed from q to q e^T, whose log ratio is T: forward chains give IBAL ≤ IBAL_U. Reverse chains would
 * have to start at a sample of π, which nobody has; started at z* ~ p(z | x) they give, in expectation,
 *
 *     IBAL_L = I(x; z) − E KL(p(z | x), then reverse chains ‖ forward chains) ≤ I(x; z)
 *
 * for every critic. That IBAL_L ≤ IBAL too is Proposition M.1, which assumes KL(p(z | x) ‖ q_AIS) ≥ KL(p(z | x) ‖ π) with q_AIS the
 * distribution of the forward chain at its last increment; see `ibalCheck`. With one temperature IBAL_L is Barber and Agakov's bound
 * at every K; with T = log p(x, z)/q(z | x) both sides are those of the chains toward the posterior.
 * @param exact log q(z* | x) − log p(z*) and T(x, z*)
 * @param normaliser what an estimator from chains says of log Z(x): `imAis`, or `bdmc` for the coupled form of the lower bound
 */
export function ibal(
  exact: { readonly ba: number; readonly critic: number },
  normaliser: LogEvidenceBounds,
): IbalBounds {
  const { lower, upper } = normaliser;
  return {
    lower: upper === undefined ? undefined : exact.ba + (exact.critic - upper),
    upper: lower === undefined ? undefined : exact.ba + (exact.critic - lower),
  };
}

/** What the data say of a critic and of Proposition M.1. Means over data with 95 % intervals, nats. */
export interface IbalCheck {
  /**
   * IBAL_U − IBAL_L. Below zero by more than its interval: IBAL_L > IBAL, and M.1 does not hold. Near zero: both are IBAL. Else M.1
   * can be neither shown nor refuted.
   */
  readonly gap: MeanInterval;
  /** IBAL_L − BA. Below zero: the energy draws chains away from the posterior. Zero with one temperature. */
  readonly gain: MeanInterval;
  /** IBAL_U − BA. Below zero: IBAL is below the bound without a critic, so that M.1 does not hold with one temperature. */
  readonly room: MeanInterval;
  /**
   * IBAL_L is above IBAL beyond doubt: above IBAL_U by more than noise. It still bounds I(x; z). Seen only where many chains bring
   * IBAL_U down; few leave the question open.
   */
  readonly aboveIbal: boolean;
  /** IBAL_L is below BA beyond doubt: chains toward the energy end further from the posterior than they start. */
  readonly belowBase: boolean;
  /** IBAL is below BA beyond doubt: the critic is worse than none. */
  readonly worseThanBase: boolean;
}

/**
 * Whether IBAL_L can be a lower bound on IBAL. The assumption of M.1 itself cannot be checked; what contradicts it can.
 * @param data each datum's terms with both sides
 * @returns undefined where a side is missing or a value is not finite
 */
export function ibalCheck(data: readonly (IbalBounds & { readonly ba: number })[]): IbalCheck | undefined {
  const difference = (of: (datum: { lower: number; upper: number; ba: number }) => number): MeanInterval =>
    meanInterval(
      data.map(({ lower, upper, ba }) => of({ lower: lower ?? Number.NaN, upper: upper ?? Number.NaN, ba })),
    );
  const gap = difference(({ lower, upper }) => upper - lower);
  const gain = difference(({ lower, ba }) => lower - ba);
  const room = difference(({ upper, ba }) => upper - ba);
  if (![gap, gain, room].every(({ mean }) => Number.isFinite(mean))) return undefined;
  return { gap, gain, room, aboveIbal: below(gap), belowBase: below(gain), worseThanBase: below(room) };
}

/** Below zero by more than twice its interval: four standard errors, with a thousandth of a nat for roundings. */
function below({ mean, ci95 }: MeanInterval): boolean {
  return ci95 !== null && mean < -2 * ci95 && mean < -1e-3;
}
