import { describe, expect, it } from 'vitest';
import { pointsFrom, pointsOf, slice, squaredDistance, type Points } from '../../../src/main/coverage/points';
import { steinDiscrepancy } from '../../support/coverage';
import { estimate } from '../../support/moments';
import { normalPoints, shuffled } from '../../support/pointSets';
import { random } from '../../support/random';

/** ∇ log N(0, I) */
const standard = ({ data, dim }: Points): Points =>
  pointsOf(
    Float64Array.from(data, (value) => -value),
    dim,
  );

describe('two points under N(0, I)', () => {
  const x = pointsFrom([
    [0, 0],
    [1, 2],
  ]);

  it.each([
    ['imq', -0.3742276],
    ['gaussian', -0.65668],
  ] as const)('have a known matrix for the %s kernel', (type, off) => {
    for (const [row, diagonal] of [2, 7].entries()) {
      const alone = slice(x, row, row + 1);
      expect(steinDiscrepancy(alone, standard(alone), { kernel: type, scale: 1 }).v).toBeCloseTo(diagonal, 12);
    }
    const { u, v, weighted } = steinDiscrepancy(x, standard(x), {
      kernel: type,
      scale: 1,
      weights: Float64Array.of(0.5, 0.5),
    });
    expect(u).toBeCloseTo(off, 7);
    expect(v).toBeCloseTo((9 + 2 * off) / 4, 7);
    expect(weighted).toBeCloseTo(off, 7);
  });
});

it('adds up as many coordinates as there are', () => {
  const [x, s] = [1, 2].map((seed) => pointsOf(Float64Array.from(random(seed).normals(2 * 1100)), 1100));
  if (x === undefined || s === undefined) return expect.unreachable();
  const dot = (a: Points, i: number, b: Points, j: number): number => {
    let total = 0;
    for (let k = 0; k < 1100; k += 1) total += (a.data[i * 1100 + k] ?? NaN) * (b.data[j * 1100 + k] ?? NaN);
    return total;
  };
  const [i, j, l2] = [0, 1, 40 ** 2];
  const squared = squaredDistance(x, i, x, j);
  const drift = dot(s, i, x, i) - dot(s, i, x, j) - dot(s, j, x, i) + dot(s, j, x, j);
  const expected = Math.exp(-squared / (2 * l2)) * (dot(s, i, s, j) + (drift + 1100 - squared / l2) / l2);
  expect(steinDiscrepancy(x, s, { kernel: 'gaussian', scale: 40 }).u).toBeCloseTo(expected, 9);
});

describe('closed forms of the Gaussian kernel', () => {
  const repeats = 20;
  const mean = (draw: (seed: number) => Points): { mean: number; se: number } =>
    estimate(
      Array.from({ length: repeats }, (_, seed) => {
        const x = draw(seed);
        return steinDiscrepancy(x, standard(x), { kernel: 'gaussian', scale: 1 }).u;
      }),
    );

  it('a shift by μ has |μ|² (l²/(l² + 2))^(d/2)', () => {
    const found = mean((seed) => normalPoints(random(seed), 300, [1, 0.5]));
    expect(1.25 / 3).toBeCloseTo(0.4166667, 7);
    expect(Math.abs(found.mean - 0.4166667)).toBeLessThan(5 * found.se);
  });

  it('N(0, 4) under N(0, 1) has a third', () => {
    const found = mean((seed) => normalPoints(random(seed), 300, [0], 2));
    const a = 1 + 2 * 4;
    expect((1 - 1 / 4) ** 2 * (4 / 2) * a ** -0.5 * (1 - 1 / a)).toBeCloseTo(1 / 3, 9);
    expect(Math.abs(found.mean - 1 / 3)).toBeLessThan(5 * found.se);
  });
});

describe('the discrepancy', () => {
  const source = random(5);

  it('does not mind the order of samples, and is near zero for exact ones', () => {
    const x = normalPoints(source, 500, [0, 0, 0]);
    const mixed = shuffled(x, source);
    const found = steinDiscrepancy(x, standard(x), { scale: 2 });
    expect(steinDiscrepancy(mixed, standard(mixed), { scale: 2 }).u).toBeCloseTo(found.u, 10);
    expect(Math.abs(found.u)).toBeLessThan(0.03);
    expect(steinDiscrepancy(x, standard(x), { cap: 100 }).samples).toBe(100);
  });

  it('is blind to a missing mode and sees a displaced one', () => {
    // Two unit modes at ±8 on a line: the score is that of the nearer one.
    const score = ({ data }: Points): Points =>
      pointsOf(
        Float64Array.from(data, (value) => 8 * Math.tanh(8 * value) - value),
        1,
      );
    const one = normalPoints(source, 2000, [8]);
    const both = pointsOf(
      one.data.map((value, i) => (i % 2 === 0 ? value : -value)),
      1,
    );
    const moved = normalPoints(source, 2000, [7]);
    const u = (points: Points): number => steinDiscrepancy(points, score(points), { kernel: 'gaussian', scale: 1 }).u;
    expect(Math.abs(u(one))).toBeLessThan(5e-3);
    expect(Math.abs(u(both))).toBeLessThan(5e-3);
    expect(u(moved)).toBeGreaterThan(0.4);
  });
});
