import { describe, expect, it } from 'vitest';
import { medianDistance } from '../../../src/main/coverage/bandwidth';
import type { Kernel } from '../../../src/main/coverage/mmd';
import { benchmarkMmd, permutationTest } from '../../../src/main/coverage/mmdVariants';
import { pointsFrom } from '../../../src/main/coverage/points';
import { mmd } from '../../support/coverage';
import { normalPoints, ring, shuffled } from '../../support/pointSets';
import { estimate } from '../../support/moments';
import { random } from '../../support/random';

const gaussian = (bandwidth: number): Kernel => ({ type: 'gaussian', bandwidth });
const x = pointsFrom([[0], [1], [3]]);
const y = pointsFrom([[0.5], [2]]);

describe('three points and two', () => {
  it('have a known discrepancy', () => {
    const found = mmd(x, y, gaussian(1));
    // A U-statistic may be negative, and is not cut.
    expect(found.unbiased).toBeCloseTo(-0.4767983333, 9);
    expect(found.biased).toBeCloseTo(0.1105448842, 9);
  });

  it('have a median distance that leaves the diagonal out', () => {
    expect(medianDistance(x, y)).toBe(1.25);
  });

  it('have the number of the benchmark, mistakes included', () => {
    expect(benchmarkMmd(x, y)).toBeCloseTo(1.2814379871, 9);
  });

  it('agree with sums written out, for every kernel', () => {
    const squares = (a: number, b: number): number => (a - b) ** 2;
    const [xs, ys] = [
      [0, 1, 3],
      [0.5, 2],
    ];
    const kernels: [Kernel, (squared: number) => number][] = [
      [{ type: 'imq', bandwidth: 2 }, (s) => (1 + s / 4) ** -0.5],
      [{ type: 'laplace', bandwidth: 2 }, (s) => Math.exp(-Math.sqrt(s) / 2)],
      [{ type: 'energy' }, (s) => -Math.sqrt(s)],
      [{ type: 'gaussian', bandwidth: 4, halvings: 2 }, (s) => Math.exp(-s / 32) + Math.exp(-s / 8) + Math.exp(-s / 2)],
    ];
    for (const [kernel, k] of kernels) {
      const mean = (a: readonly number[], b: readonly number[], skip: boolean): number => {
        const values = a.flatMap((p, i) => b.flatMap((q, j) => (skip && i === j ? [] : [k(squares(p, q))])));
        return values.reduce((s, v) => s + v, 0) / values.length;
      };
      const cross = mean(xs, ys, false);
      const found = mmd(x, y, kernel);
      expect(found.unbiased).toBeCloseTo(mean(xs, xs, true) + mean(ys, ys, true) - 2 * cross, 12);
      expect(found.biased).toBeCloseTo(mean(xs, xs, false) + mean(ys, ys, false) - 2 * cross, 12);
    }
  });
});

describe.each([
  ['N(0, 1) and N(1, 1), l = 1', [0], [1], 1, 1, 0.1772676349],
  ['N(0, I) and N((2, 0), I), l = 1', [0, 0], [2, 0], 1, 1, 0.3243885873],
  ['N(0, I) and N((2, 0), I), l = 2', [0, 0], [2, 0], 1, 2, 0.3779582526],
  ['N(0, 1) and N(0, 4), l = 1', [0], [0], 2, 1, 0.0941870216],
] as const)('%s', (_, a, b, sd, bandwidth, expected) => {
  const repeats = 30;
  const drawn = Array.from({ length: repeats }, (_repeat, seed) => {
    const source = random(100 + seed);
    return [normalPoints(source, 400, a), normalPoints(source, 300, b, sd)] as const;
  });

  it('have the discrepancy of its closed form, unbiased', () => {
    const results = drawn.map(([p, q]) => mmd(p, q, gaussian(bandwidth)));
    const { mean, se } = estimate(results.map(({ unbiased }) => unbiased));
    // Five standard errors: a false alarm in 1.7 million.
    expect(Math.abs(mean - expected)).toBeLessThan(5 * se);
    // The error that each tells is the spread between them; that has a relative error of 1/√60.
    const told = estimate(results.map(({ error }) => error)).mean;
    expect(Math.abs(told / (se * Math.sqrt(repeats)) - 1)).toBeLessThan(0.6);
  });
});

describe('the energy distance', () => {
  it('of N(0, 1) and N(1, 1) is 0.5418', () => {
    const source = random(5);
    const values = Array.from(
      { length: 20 },
      () => mmd(normalPoints(source, 400, [0]), normalPoints(source, 400, [1]), { type: 'energy' }).unbiased,
    );
    const { mean, se } = estimate(values);
    expect(Math.abs(mean - 0.5418065794)).toBeLessThan(5 * se);
  });
});

describe('importance weights', () => {
  const source = random(8);
  // x ~ N(0, 1.5²) stands for N(0, 1).
  const wide = normalPoints(source, 1500, [0], 1.5);
  const logs = Array.from(wide.data, (value) => -0.5 * value * value * (1 - 1 / 2.25));
  const total = logs.reduce((sum, value) => sum + Math.exp(value), 0);
  const weights = Float64Array.from(logs, (value) => Math.exp(value) / total);
  const exact = normalPoints(source, 1500, [0]);

  it('mend a proposal', () => {
    const { unbiased, weighted } = mmd(wide, exact, gaussian(1), weights);
    expect(unbiased).toBeGreaterThan(0.02);
    expect(Math.abs(weighted ?? NaN)).toBeLessThan(0.005);
  });

  it('that are equal change nothing', () => {
    const { unbiased, weighted } = mmd(wide, exact, gaussian(1), new Float64Array(1500).fill(1 / 1500));
    expect(weighted).toBeCloseTo(unbiased, 12);
  });
});

describe('any discrepancy', () => {
  const source = random(12);
  const [p, q] = [normalPoints(source, 150, [0, 0, 0]), normalPoints(source, 130, [0.3, 0, 0])];

  it('does not mind order nor which set comes first', () => {
    for (const kernel of [gaussian(1), { type: 'energy' } as const, { type: 'imq', bandwidth: 1 } as const]) {
      const { unbiased, biased, error } = mmd(p, q, kernel);
      const other = mmd(shuffled(p, source), shuffled(q, source), kernel);
      expect(other.unbiased).toBeCloseTo(unbiased, 12);
      expect(other.error).toBeCloseTo(error, 12);
      expect(mmd(q, p, kernel).biased).toBeCloseTo(biased, 12);
      expect(mmd(p, { ...p }, kernel).biased).toBeCloseTo(0, 12);
    }
    expect(medianDistance(shuffled(p, source), q)).toBeCloseTo(medianDistance(p, q), 12);
  });
});

describe('the permutation test', () => {
  it('rejects equal laws as often as it says', () => {
    const source = random(21);
    const runs = 120;
    let rejected = 0;
    for (let run = 0; run < runs; run += 1) {
      const [p, q] = [normalPoints(source, 40, [0]), normalPoints(source, 40, [0])];
      if (permutationTest(p, q, gaussian(1), { permutations: 99, seed: run }).pValue <= 0.1) rejected += 1;
    }
    // Binomial, five standard deviations: a false alarm in 1.7 million.
    expect(Math.abs(rejected / runs - 0.1)).toBeLessThan(5 * Math.sqrt(0.09 / runs));
  });

  it('sees a shift, with a statistic that is MMD²_u', () => {
    const source = random(22);
    const [p, q] = [normalPoints(source, 100, [0]), normalPoints(source, 90, [1])];
    expect(permutationTest(p, q, gaussian(1), { permutations: 200 }).pValue).toBeCloseTo(1 / 201, 12);
    expect(permutationTest(p, q, gaussian(1), { permutations: 10, most: 50 })).toMatchObject({ x: 50, y: 50 });
  });
});

describe('six modes on a ring', () => {
  const source = random(40);
  const exact = ring(source, 1000, { modes: 6, radius: 8 });
  // Σ_kl a_k a_l E k over the modes of both sets, x with positive and y with negative weights: modes are unit normals in a plane.
  const closedForm = (radius: number, weights: readonly number[]): number => {
    const place = (k: number, r: number): readonly number[] => [
      r * Math.cos((Math.PI * k) / 3),
      r * Math.sin((Math.PI * k) / 3),
    ];
    const all = [
      ...weights.map((weight, k) => ({ at: place(k, radius), weight })),
      ...weights.map((_, k) => ({ at: place(k, 8), weight: -1 / 6 })),
    ];
    return all.reduce(
      (sum, a) =>
        sum +
        all.reduce((inner, b) => {
          const squared = a.at.reduce((total, value, c) => total + (value - (b.at[c] ?? NaN)) ** 2, 0);
          return inner + (a.weight * b.weight * Math.exp(-squared / 6)) / 3;
        }, 0),
      0,
    );
  };
  const equal = new Array<number>(6).fill(1 / 6);

  it.each([
    ['exact', 8, equal],
    ['one dropped', 8, [0.2, 0.2, 0.2, 0.2, 0.2, 0]],
    ['one only', 8, [1, 0, 0, 0, 0, 0]],
    ['all nearer', 6.25, equal],
  ] as const)('%s', (_, radius, weights) => {
    const found = mmd(ring(source, 1000, { modes: 6, radius, weights }), exact, gaussian(1));
    // Five of its own standard errors, and what is left of the noise where those vanish.
    expect(Math.abs(found.unbiased - closedForm(radius, weights))).toBeLessThan(5 * found.error + 1e-3);
  });

  it('leave the benchmark’s number at a floor: the diagonal adds 2/(n − 1)', () => {
    const [p, q] = [ring(source, 200, { modes: 6, radius: 8 }), ring(source, 200, { modes: 6, radius: 8 })];
    // The zeros of the diagonal move its median a little.
    const near = mmd(p, q, gaussian(medianDistance(p, q))).unbiased;
    expect(Math.abs(benchmarkMmd(p, q) ** 2 - 2 / 199 - near)).toBeLessThan(1e-3);
  });
});
