import { describe, expect, it } from 'vitest';
import { kolmogorov, kolmogorovLimit, kolmogorovOfTwo } from '../../../src/main/coverage/marginals';
import { pointsOf, type Points } from '../../../src/main/coverage/points';
import { normalCdf } from '../../../src/main/coverage/special';
import { marginals } from '../../support/coverage';
import { random, type Random } from '../../support/random';

/** A table of Φ, interpolated: exact to 1e-7, and fast. */
const table = Float64Array.from({ length: 16_001 }, (_, i) => normalCdf(i / 1000 - 8));
const phi = (x: number): number => {
  const place = Math.min(15_999, Math.max(0, (x + 8) * 1000));
  const below = Math.floor(place);
  return (table[below] ?? NaN) + (place - below) * ((table[below + 1] ?? NaN) - (table[below] ?? NaN));
};

/** ±10 plus a unit normal in the first ten coordinates, a unit normal in the others. */
const folded = (source: Random, count: number, dim = 50): Points =>
  pointsOf(
    Float64Array.from(
      { length: count * dim },
      (_, at) => source.normal() + (at % dim < 10 ? (source.uniform() < 0.5 ? 10 : -10) : 0),
    ),
    dim,
  );
const cdf = (dimension: number, x: number): number => (dimension < 10 ? (phi(x - 10) + phi(x + 10)) / 2 : phi(x));

describe('Kolmogorov’s distance', () => {
  it('has known limits', () => {
    expect(kolmogorovLimit(1)).toBeCloseTo(1.6276, 4);
    expect(kolmogorovLimit(1, 50)).toBeCloseTo(2.146, 4);
    expect(kolmogorovLimit(20_000, 50)).toBeCloseTo(0.01517, 5);
  });

  it('is that of steps drawn by hand, weighted and of two samples', () => {
    const uniform = (x: number): number => Math.min(1, Math.max(0, x));
    expect(kolmogorov(Float64Array.of(0.9, 0.1), uniform)).toBeCloseTo(0.4, 12);
    expect(kolmogorov(Float64Array.of(0.9, 0.1), uniform, Float64Array.of(0.9, 0.1))).toBeCloseTo(0.8, 12);
    expect(kolmogorovOfTwo(Float64Array.of(0, 1, 1), Float64Array.of(1, 2))).toBeCloseTo(0.5, 12);
    expect(kolmogorovOfTwo(Float64Array.of(3, 1, 2), Float64Array.of(2, 3, 1))).toBe(0);
  });

  it('flags exact samples of fifty dimensions in hardly any seed', () => {
    let flagged = 0;
    for (let seed = 0; seed < 40; seed += 1)
      flagged += Number((marginals(folded(random(seed), 400), { cdf }).flagged?.length ?? 0) > 0);
    // At most one seed in a hundred; four of forty have a probability of 7e-4.
    expect(flagged).toBeLessThan(4);
  });

  it('finds the one dimension that is off, by exact marginals and by samples', () => {
    const source = random(77);
    const x = folded(source, 2000);
    for (let row = 0; row < x.count; row += 1) x.data[row * 50 + 30] = 0.15 + (x.data[row * 50 + 30] ?? NaN);
    expect(marginals(x, { cdf }).flagged).toEqual([30]);
    for (let row = 0; row < x.count; row += 1) x.data[row * 50 + 30] = 0.15 + (x.data[row * 50 + 30] ?? NaN);
    expect(marginals(x, { samples: folded(source, 2000) }).flagged).toEqual([30]);
    expect(marginals(x, undefined).statistics).toBeUndefined();
    expect(marginals(x, undefined).mean[30]).toBeGreaterThan(0.2);
  });
});
