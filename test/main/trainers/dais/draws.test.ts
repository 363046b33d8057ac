import { describe, expect, it } from 'vitest';
import { addDraw, noDraws, summarised, type DrawsState } from '../../../../src/main/trainers/dais/draws';
import { normals } from '../../../support/flows';

function added(logWeights: readonly number[], points: ArrayLike<number>, particles: number, dim = 1): DrawsState {
  const state = noDraws(dim);
  logWeights.forEach((logWeight, i) => addDraw(state, logWeight, points, i * dim, particles));
  return state;
}

describe('draws that are summed up', () => {
  it('have the log-mean-exp of their group', () => {
    // Worked value: (−1, −2, 0.5).
    const { bound, estimate } = summarised(added([-1, -2, 0.5], [0, 0, 0], 3));
    expect(bound.value).toBeCloseTo(-0.3322443889, 10);
    expect(bound).toMatchObject({ n: 1, ci95: null });
    expect(estimate).toBeCloseTo(-0.3322443889, 10);
  });

  it('keep their digits however far weights are apart', () => {
    const { bound, estimate, effectiveSampleSize, largestShare, mean } = summarised(
      added([-1e5, 700, -1e5, -1e5], [3, 7, 3, 3], 2),
    );
    expect(bound.value).toBe((700 - Math.LN2 - 1e5) / 2);
    expect(estimate).toBeCloseTo(700 - Math.log(4), 12);
    expect([effectiveSampleSize, largestShare, mean[0]]).toEqual([1, 1, 7]);
  });

  it('have the moments that their weights say', () => {
    const [count, dim] = [300, 2];
    const points = normals(count * dim, 7);
    const logWeights = Array.from(normals(count, 8), (value) => 3 * value);
    const state = added(logWeights, points, 4, dim);
    const weights = logWeights.map(Math.exp);
    const total = weights.reduce((a, b) => a + b, 0);
    const { mean, std, effectiveSampleSize, largestShare, logWeightVariance, bound } = summarised(state);
    for (let i = 0; i < dim; i += 1) {
      const at = (row: number): number => points[row * dim + i] ?? NaN;
      const centre = weights.reduce((sum, weight, row) => sum + weight * at(row), 0) / total;
      const spread = weights.reduce((sum, weight, row) => sum + weight * (at(row) - centre) ** 2, 0) / total;
      expect(mean[i]).toBeCloseTo(centre, 12);
      expect(std[i]).toBeCloseTo(Math.sqrt(spread), 12);
    }
    expect(effectiveSampleSize).toBeCloseTo(total ** 2 / weights.reduce((sum, weight) => sum + weight ** 2, 0), 9);
    expect(largestShare).toBeCloseTo(Math.max(...weights) / total, 12);
    const about = logWeights.reduce((a, b) => a + b, 0) / count;
    expect(logWeightVariance).toBeCloseTo(logWeights.reduce((sum, v) => sum + (v - about) ** 2, 0) / (count - 1), 10);
    const groups = Array.from({ length: count / 4 }, (_, g) =>
      Math.log(weights.slice(4 * g, 4 * g + 4).reduce((a, b) => a + b, 0) / 4),
    );
    expect(bound.value).toBeCloseTo(groups.reduce((a, b) => a + b, 0) / groups.length, 12);
    expect(bound.n).toBe(75);
  });

  it('leave out what is not finite, its group too, and count it', () => {
    const state = added([0, Number.NaN, 1, 1, Infinity, 2, 3], [1, 1, 1, 1, 1, 1, 1], 2);
    const { bound, dropped, estimate } = summarised(state);
    expect(dropped).toBe(2);
    expect(bound.n).toBe(1);
    expect(bound.value).toBeCloseTo(1, 12);
    expect(estimate).toBeCloseTo(Math.log((1 + 2 * Math.E + Math.E ** 2 + Math.E ** 3) / 5), 12);
  });
});
