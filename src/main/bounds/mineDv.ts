import { tQuantile975 } from '../../shared/statistics';
import { leaveOneOut, logMeanExp } from './logMeanExp';
import type { CriticValues } from './types';

/** An estimate of I(x; z) that is no mean over the data. */
export interface InformationEstimate {
  /** Nats; NaN where a value is not finite. */
  readonly value: number;
  /** Half-width of the 95 % interval; null with fewer than two data. */
  readonly ci95: number | null;
}

/**
 * MINE-DV (Donsker and Varadhan 1983; Belghazi et al. 2018) and, with a base other than the prior, generalised MINE-DV (Brekelmans
 * et al. 2022, appendix J), for any critic T:
 *
 *     E_{p(x, z)}[log q(z | x) − log p(z) + T] − log E_{p(x) q(z | x)}[e^T] ≤ IBAL ≤ I(x; z)
 *
 * With T constant it is Barber and Agakov's bound; it is I(x; z) at T = log p(x, z)/(p(x) q(z | x)) + c with a constant c.
 * What is computed puts a mean over finitely many samples under the logarithm. That is too small in expectation, so the value is biased
 * upward and certified by nothing: an estimate, never a bound. It is no mean over data either; the interval is the jackknife's, which
 * widens where one datum dominates the mean of e^T.
 */
export function mineDv(data: readonly CriticValues[]): InformationEstimate {
  const count = data.length;
  const positives = data.map(({ ba, critic }) => ba + critic);
  const normalisers = data.map(({ negatives }) => negatives.mean());
  const total = positives.reduce((sum, positive) => sum + positive, 0);
  const value = total / count - logMeanExp(normalisers);
  if (!Number.isFinite(value)) return { value: Number.NaN, ci95: null };
  if (count < 2) return { value, ci95: null };
  const others = leaveOneOut(normalisers);
  const without = positives.map(
    (positive, datum) => (total - positive) / (count - 1) - ((others[datum] ?? Number.NaN) - Math.log(count - 1)),
  );
  const mean = without.reduce((sum, each) => sum + each, 0) / count;
  const squares = without.reduce((sum, each) => sum + (each - mean) ** 2, 0);
  const ci95 = tQuantile975(count - 1) * Math.sqrt(((count - 1) / count) * squares);
  return { value, ci95: Number.isFinite(ci95) ? ci95 : null };
}
