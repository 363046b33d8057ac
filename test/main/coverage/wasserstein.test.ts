import { describe, expect, it } from 'vitest';
import { exactWasserstein } from '../../../src/main/coverage/exactWasserstein';
import { assignRows } from '../../../src/main/coverage/linearAssignment';
import { pointsFrom, pointsOf, type Points } from '../../../src/main/coverage/points';
import { transportOnLine } from '../../../src/main/coverage/wasserstein1d';
import { frechetDistance, gaussianWasserstein, maxSliced, slicedWasserstein } from '../../support/coverage';
import { normalPoints, shuffled } from '../../support/pointSets';
import { random } from '../../support/random';

const shift = [1, -2, 0.5];
const moved = ({ data, dim }: Points, by: readonly number[]): Points =>
  pointsOf(
    Float64Array.from(data, (value, at) => value + (by[at % dim] ?? NaN)),
    dim,
  );

const wasserstein1d = (x: ArrayLike<number>, y: ArrayLike<number>, p = 1): number =>
  transportOnLine(Float64Array.from(x).sort(), Float64Array.from(y).sort(), p) ** (1 / p);

describe('on a line', () => {
  it('sorted values meet in turn', () => {
    expect(wasserstein1d([3, 0, 1], [5, 8.5, 6], 1)).toBeCloseTo(5.1666667, 7);
    expect(wasserstein1d([3, 0, 1], [5, 8.5, 6], 2)).toBeCloseTo(5.1720402, 7);
  });

  it('quantiles meet where sizes differ', () => {
    expect(wasserstein1d([0, 1, 3], [2, 0.5])).toBeCloseTo(0.75, 12);
    expect(wasserstein1d([2, 0.5], [0, 1, 3])).toBeCloseTo(0.75, 12);
    // Every value twice is the same law.
    expect(wasserstein1d([0, 1, 3], [0, 3, 1, 1, 0, 3])).toBe(0);
  });
});

describe('the best assignment', () => {
  const bruteForce = (cost: Float64Array, n: number): number => {
    const search = (row: number, used: number): number => {
      if (row === n) return 0;
      let best = Number.POSITIVE_INFINITY;
      for (let column = 0; column < n; column += 1)
        if (((used >> column) & 1) === 0)
          best = Math.min(best, (cost[row * n + column] ?? NaN) + search(row + 1, used | (1 << column)));
      return best;
    };
    return search(0, 0);
  };

  it('is that of trying all, with ties too', () => {
    const { uniform } = random(1);
    for (let turn = 0; turn < 300; turn += 1) {
      const n = 1 + (turn % 6);
      const cost = Float64Array.from({ length: n * n }, () => (turn % 2 === 0 ? uniform() : Math.floor(4 * uniform())));
      const columns = assignRows(cost, n);
      expect(new Set(columns).size).toBe(n);
      const total = columns.reduce((sum, column, row) => sum + (cost[row * n + column] ?? NaN), 0);
      expect(Math.abs(total - bruteForce(cost, n))).toBeLessThan(1e-12);
    }
  });
});

describe('exact W2', () => {
  const source = random(2);
  const x = normalPoints(source, 300, [0, 0, 0]);

  it('of a shifted cloud is the shift, in any order', () => {
    const found = exactWasserstein(x, shuffled(moved(x, shift), source));
    expect(found.squared).toBeCloseTo(5.25, 10);
    expect(found).toMatchObject({ samples: 300, subsampled: false });
    expect(exactWasserstein(x, x).squared).toBe(0);
  });

  it('is symmetric, and never above another matching', () => {
    const y = normalPoints(source, 300, [0.5, 0, 0], 2);
    const { squared } = exactWasserstein(x, y);
    expect(exactWasserstein(y, x).squared).toBeCloseTo(squared, 10);
    // Sorting by the first coordinate is a matching, and the line's own distance a lower bound.
    const first = (points: Points): number[] => Array.from({ length: 300 }, (_, row) => points.data[3 * row] ?? NaN);
    expect(squared).toBeGreaterThan(wasserstein1d(first(x), first(y), 2) ** 2);
    const line = (points: Points): Points => pointsFrom(first(points).map((value) => [value]));
    expect(exactWasserstein(line(x), line(y)).squared).toBeCloseTo(wasserstein1d(first(x), first(y), 2) ** 2, 10);
  });

  it('says when it saw only a part', () => {
    expect(exactWasserstein(x, x, { cap: 50 })).toMatchObject({ samples: 50, subsampled: true });
  });
});

describe('sliced W2', () => {
  const source = random(3);

  it('of a shift D is |D|²/d', () => {
    const x = normalPoints(source, 200, [0, 0, 0]);
    const found = slicedWasserstein(x, moved(x, shift), { directions: 1000 });
    expect(Math.abs(found.squared - 5.25 / 3)).toBeLessThan(5 * found.error);
    expect(found.error).toBeLessThan(0.09);
    // The best direction is the shift's own.
    expect(maxSliced(x, moved(x, shift)).squared).toBeCloseTo(5.25, 6);
    expect(slicedWasserstein(x, x).squared).toBe(0);
  });

  it('of N(0, I) and N(0, s²I) is (s − 1)²', () => {
    const x = normalPoints(source, 500, [0, 0]);
    const wide = pointsOf(
      x.data.map((value) => 2.5 * value),
      2,
    );
    const y = normalPoints(source, 5000, [0, 0], 2.5);
    // Scaled by itself: the mean square of projections has relative noise of 1/√500.
    expect(Math.abs(slicedWasserstein(x, wide).squared / 2.25 - 1)).toBeLessThan(5 * Math.sqrt(2 / 500));
    expect(Math.abs(slicedWasserstein(normalPoints(source, 5000, [0, 0]), y).squared - 2.25)).toBeLessThan(0.2);
  });

  it('of two covariances is 0.2475870475', () => {
    // Laid out by quantiles in each coordinate of the roots would not project exactly, so many samples are drawn.
    const n = 10_000;
    const correlated = (a: number, b: number, c: number): Points => {
      const l = Math.sqrt(a);
      const m = b / l;
      const r = Math.sqrt(c - m * m);
      const out = new Float64Array(2 * n);
      for (let row = 0; row < n; row += 1) {
        const [u, v] = [source.normal(), source.normal()];
        out[2 * row] = l * u;
        out[2 * row + 1] = m * u + r * v;
      }
      return pointsOf(out, 2);
    };
    const found = slicedWasserstein(correlated(2, 0.5, 1), correlated(1, -0.3, 3), { directions: 200 });
    expect(Math.abs(found.squared - 0.2475870475)).toBeLessThan(5 * found.error);
    expect(found.error).toBeLessThan(0.025);
    // The formula itself, over directions.
    const form = (a: number, b: number, c: number, t: number): number =>
      Math.sqrt(a * Math.cos(t) ** 2 + 2 * b * Math.cos(t) * Math.sin(t) + c * Math.sin(t) ** 2);
    let total = 0;
    for (let k = 0; k < 1000; k += 1) {
      const t = (Math.PI * k) / 1000;
      total += (form(2, 0.5, 1, t) - form(1, -0.3, 3, t)) ** 2 / 1000;
    }
    expect(total).toBeCloseTo(0.2475870475, 9);
  });

  it('does not mind order nor which set comes first', () => {
    const [x, y] = [normalPoints(source, 90, [0, 0]), normalPoints(source, 70, [1, 0])];
    const { squared } = slicedWasserstein(x, y);
    expect(slicedWasserstein(y, x).squared).toBeCloseTo(squared, 12);
    expect(slicedWasserstein(shuffled(x, source), y).squared).toBeCloseTo(squared, 12);
  });
});

describe('W2 of normals', () => {
  const first = { mean: [0, 0], covariance: [2, 0.5, 0.5, 1] };
  const second = { mean: [0, 0], covariance: [1, -0.3, -0.3, 3] };

  it('is 0.929311855 for a known pair, both ways', () => {
    expect(gaussianWasserstein(first, second)).toBeCloseTo(0.929311855, 9);
    expect(gaussianWasserstein(second, first)).toBeCloseTo(0.929311855, 9);
    expect(gaussianWasserstein(first, first)).toBeCloseTo(0, 12);
  });

  it('is four for diagonal ones whose means and deviations change places', () => {
    expect(
      gaussianWasserstein({ mean: [1, 2], covariance: [1, 0, 0, 4] }, { mean: [2, 1], covariance: [4, 0, 0, 1] }),
    ).toBeCloseTo(4, 12);
  });

  it('of samples has their moments', () => {
    const source = random(4);
    const x = normalPoints(source, 500, [0, 0, 0]);
    expect(frechetDistance(x, moved(x, shift))).toBeCloseTo(5.25, 10);
    expect(Math.abs(frechetDistance(x, normalPoints(source, 500, [0, 0, 0], 2)) - 3)).toBeLessThan(0.6);
  });
});
