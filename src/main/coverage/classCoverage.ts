import { EigenvalueDecomposition, Matrix, solve } from 'ml-matrix';
import type { Points } from './points';
import { squaredDistance } from './points';
import { seeded } from './random';

/** Above this the corrected shares are mostly noise. */
const mostCondition = 10;

export interface CorrectedShares {
  readonly shares: Float64Array;
  readonly condition: number;
}

/**
 * Shares of classes behind those that a classifier predicts: Cᵀ u = û, cut at 0 and normalised.
 * @param confusion C, `[K, K]`, rows true classes of sum 1, columns predicted
 * @returns undefined where C is so badly conditioned that the shares would be mostly noise
 */
export function correctedShares(
  predicted: ArrayLike<number>,
  confusion: ArrayLike<number>,
): CorrectedShares | undefined {
  const size = predicted.length;
  const matrix = Matrix.from1DArray(size, size, Array.from(confusion));
  const { realEigenvalues } = new EigenvalueDecomposition(matrix.transpose().mmul(matrix), { assumeSymmetric: true });
  const condition = Math.sqrt(Math.max(...realEigenvalues) / Math.max(0, Math.min(...realEigenvalues)));
  if (!(condition < mostCondition)) return undefined;
  const raw = solve(matrix.transpose(), Matrix.columnVector(Array.from(predicted))).to1DArray();
  const cut = raw.map((value) => Math.max(0, value));
  const total = cut.reduce((a, b) => a + b, 0);
  return { shares: Float64Array.from(cut, (value) => value / total), condition };
}

/** Mean distance between different items of each class, `[K]`, from random pairs; NaN for classes with fewer than two items. */
export function withinClassSpread(
  features: Points,
  labels: ArrayLike<number>,
  classes: number,
  { pairs = 1000, seed = 0 }: { pairs?: number; seed?: number } = {},
): Float64Array {
  const members = Array.from({ length: classes }, (): number[] => []);
  for (let i = 0; i < features.count; i += 1) members[labels[i] ?? -1]?.push(i);
  const random = seeded(seed, 'spread');
  return Float64Array.from(members, (rows) => {
    if (rows.length < 2) return NaN;
    let total = 0;
    for (let pair = 0; pair < pairs; pair += 1) {
      const a = random.integer(rows.length);
      const b = (a + 1 + random.integer(rows.length - 1)) % rows.length;
      total += Math.sqrt(squaredDistance(features, rows[a] ?? 0, features, rows[b] ?? 0));
    }
    return total / pairs;
  });
}
