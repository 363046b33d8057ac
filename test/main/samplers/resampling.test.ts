import { describe, expect, it } from 'vitest';
import {
  conditionalEffectiveShare,
  effectiveSize,
  logSumExp,
  nextBeta,
  systematic,
} from '../../../src/main/samplers/resampling';

const weights = Float64Array.of(0.31, 0, 0.05, 0.24, 0.4);
const countsOf = (parents: Int32Array, count: number): number[] => {
  const counts = new Array<number>(count).fill(0);
  parents.forEach((parent) => (counts[parent] = (counts[parent] ?? NaN) + 1));
  return counts;
};

describe('systematic resampling', () => {
  it('gives each particle N W offspring, rounded up or down, and in order', () => {
    for (let u = 0; u < 1; u += 0.01) {
      const parents = systematic(weights, u);
      expect([...parents]).toEqual([...parents].sort((a, b) => a - b));
      countsOf(parents, 5).forEach((count, i) => {
        const expected = 5 * (weights[i] ?? NaN);
        expect(count).toBeGreaterThanOrEqual(Math.floor(expected));
        expect(count).toBeLessThanOrEqual(Math.ceil(expected));
      });
    }
  });

  it('gives N W on average over its uniform, exactly', () => {
    const steps = 10_000;
    const totals = new Array<number>(5).fill(0);
    for (let i = 0; i < steps; i += 1) {
      countsOf(systematic(weights, (i + 0.5) / steps), 5).forEach(
        (count, k) => (totals[k] = (totals[k] ?? NaN) + count),
      );
    }
    totals.forEach((total, i) => expect(total / steps).toBeCloseTo(5 * (weights[i] ?? NaN), 3));
  });

  it('leaves equal weights as they are, and gives nothing to a last particle without weight', () => {
    expect([...systematic(new Float64Array(7).fill(1 / 7), 0.3)]).toEqual([0, 1, 2, 3, 4, 5, 6]);
    // A sum that rounding leaves below one.
    expect([...systematic(Float64Array.of(0.5, 0.5 - 1e-3, 0), 0.9999)]).toEqual([0, 1, 1]);
  });
});

describe('effective sizes', () => {
  it('are those of their formulas', () => {
    expect(effectiveSize(new Float64Array(8).fill(1 / 8))).toBeCloseTo(8, 12);
    expect(effectiveSize(Float64Array.of(0, 1, 0))).toBe(1);
    expect(logSumExp(Float64Array.of(1000, 1000 + Math.log(3)))).toBeCloseTo(1000 + Math.log(4), 12);
    expect(logSumExp(Float64Array.of(-Infinity, -Infinity))).toBe(-Infinity);
    expect(logSumExp(Float64Array.of(0, NaN))).toBeNaN();
    const ratios = Float64Array.of(1, 2, 3);
    const equal = new Float64Array(3).fill(1 / 3);
    const [a, b, c] = [Math.exp(0.5), Math.exp(1), Math.exp(1.5)];
    const expected = (a + b + c) ** 2 / 3 / (a * a + b * b + c * c);
    expect(conditionalEffectiveShare(equal, ratios, 0.5)).toBeCloseTo(expected, 12);
    // What was lost before does not count, and what has no weight neither.
    expect(conditionalEffectiveShare(Float64Array.of(0, 1, 0), ratios, 0.5)).toBeCloseTo(1, 12);
    expect(conditionalEffectiveShare(Float64Array.of(1, 0), Float64Array.of(0, -Infinity), 1)).toBe(1);
  });

  it('choose the next temperature so that the step loses what is allowed', () => {
    const n = 4001;
    const ratios = Float64Array.from({ length: n }, (_, i) => 14 * ((i - (n - 1) / 2) / n));
    const equal = new Float64Array(n).fill(1 / n);
    const beta = nextBeta(equal, ratios, 0.2, 0.8);
    expect(beta).toBeGreaterThan(0.2);
    expect(beta).toBeLessThan(1);
    expect(conditionalEffectiveShare(equal, ratios, beta - 0.2)).toBeCloseTo(0.8, 9);
    expect(nextBeta(equal, ratios, 0.2, 0.999)).toBeLessThan(beta);
    expect(
      nextBeta(
        equal,
        ratios.map((ratio) => ratio / 1e6),
        0.2,
        0.8,
      ),
    ).toBe(1);
    // Where no step is allowed it still moves.
    expect(
      nextBeta(
        equal,
        ratios.map((ratio) => ratio * 1e15),
        0.2,
        0.99,
      ),
    ).toBeGreaterThan(0.2);
  });
});
