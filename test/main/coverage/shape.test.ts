import { describe, expect, it } from 'vitest';
import { pointsFrom, pointsOf, type Points } from '../../../src/main/coverage/points';
import {
  conditionalError,
  foldedVariances,
  leakage,
  shapeValues,
  signCorrelations,
} from '../../../src/main/coverage/shape';
import { funnel } from '../../../src/main/targets/funnel';
import { truncatedNormal } from '../../../src/main/targets/truncatedNormal';
import { random } from '../../support/random';

const signs = (coordinates: readonly number[]) => ({ type: 'signs', coordinates, threshold: 0 }) as const;

describe('folded coordinates', () => {
  /** ±10 plus a unit normal in the first ten coordinates, a unit normal in the others. */
  const folded = (seed: number, count: number, tied = 0): Points => {
    const source = random(seed);
    const side = (): number => (source.uniform() < 0.5 ? 10 : -10);
    const rows = Array.from({ length: count }, () => {
      const first = side();
      return Array.from({ length: 12 }, (_, k) => {
        const own = k === 0 || (k === 1 && source.uniform() < tied) ? first : side();
        return source.normal() + (k < 10 ? own : 0);
      });
    });
    return pointsFrom(rows);
  };
  const x = folded(5, 4000);

  it('have independent signs and unit variance without them', () => {
    const correlations = signCorrelations(x, [0, 1, 2]);
    expect(correlations[0]).toBeCloseTo(1, 12);
    // Five standard errors.
    expect(Math.abs(correlations[1] ?? NaN)).toBeLessThan(5 / Math.sqrt(4000));
    expect(Math.abs((foldedVariances(x)[0] ?? NaN) - 1)).toBeLessThan(5 * Math.sqrt(2 / 4000));
    // Half a normal has variance 1 − 2/π.
    expect(Math.abs((foldedVariances(x)[11] ?? NaN) - (1 - 2 / Math.PI))).toBeLessThan(0.05);
  });

  it('give away two signs that go together though each is balanced, and folded modes that are too narrow', () => {
    const rule = signs([0, 1, 2]);
    const exact = shapeValues(x, folded(6, 4000), { rule });
    expect(exact.signCorrelation).toBeLessThan(5 / Math.sqrt(4000));
    expect(exact.foldedVariances).toBeLessThan(0.005);
    const tied = shapeValues(folded(7, 4000, 0.3), undefined, { rule });
    expect(Math.abs((tied.signCorrelation ?? NaN) - 0.3)).toBeLessThan(5 / Math.sqrt(4000));
    expect(tied.foldedVariances).toBeUndefined();
    const narrow = pointsOf(
      x.data.map((value) => Math.sign(value) * 10 + (value - Math.sign(value) * 10) / 2),
      12,
    );
    // Ten variances of a quarter instead of one, among other errors.
    expect(shapeValues(narrow, x, { rule }).foldedVariances).toBeGreaterThan((10 / 12) * 0.5);
  });

  it('have no correlation where a sign never changes', () => {
    const one = pointsFrom([
      [1, 2],
      [3, -1],
      [2, 5],
    ]);
    expect(shapeValues(one, undefined, { rule: signs([0, 1]) }).signCorrelation).toBeNaN();
    expect(shapeValues(one, undefined, { rule: signs([0]) })).toEqual({});
    expect(shapeValues(one, one, {})).toEqual({});
  });
});

describe('a funnel', () => {
  const target = funnel({ type: 'funnel', dim: 3, sigma: 2 });
  const exact = pointsOf(target.sample?.(4000, 3) ?? new Float64Array(), 3);
  const { width } = target.shape ?? {};

  it('has the width that it should have at each height', () => {
    // The logarithm of a deviation of 200 values has a standard error of 1/√400; heavy tails within a bin widen that.
    expect(shapeValues(exact, undefined, { shape: target.shape }).conditionalWidth).toBeLessThan(0.1);
  });

  it('is told from one that does not narrow', () => {
    const blunt = pointsOf(
      exact.data.map((value, at) =>
        at % 3 === 1 ? value * Math.exp(0.5 * Math.max(0, -2 - (exact.data[at - 1] ?? 0))) : value,
      ),
      3,
    );
    expect(width === undefined ? NaN : conditionalError(blunt, width)).toBeGreaterThan(0.2);
  });

  it('says nothing of a handful of samples', () => {
    const few = pointsOf(exact.data.subarray(0, 3 * 19), 3);
    expect(shapeValues(few, undefined, { shape: target.shape })).toEqual({});
  });
});

describe('a hole', () => {
  it('holds what lies within its radius', () => {
    const rows = [
      [0, 1],
      [3, 4],
      [0, 0.5],
    ];
    expect(leakage(pointsFrom(rows), 1)).toBeCloseTo(1 / 3, 12);
  });

  it.each(['hard', 'smooth'] as const)('of a truncated normal with a %s edge has the share that it says', (edge) => {
    const target = truncatedNormal({ type: 'truncated-normal', dim: 2, radius: 2, edge, sharpness: 5, margin: 0.1 });
    const { share = NaN } = target.shape?.hole ?? {};
    const count = 20_000;
    const x = pointsOf(target.sample?.(count, 1) ?? new Float64Array(), 2);
    const found = shapeValues(x, undefined, { shape: target.shape }).insideHole ?? NaN;
    // Five standard errors; a hard edge leaves nothing.
    expect(Math.abs(found - share)).toBeLessThanOrEqual(5 * Math.sqrt((share * (1 - share)) / count) + 1e-4 * share);
    expect(share > 0.01).toBe(edge === 'smooth');
  });
});
