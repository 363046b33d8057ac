import { describe, expect, it } from 'vitest';
import { classCoverage, expectedCoverage } from '../../../src/main/coverage/prdc';
import { pointsFrom } from '../../../src/main/coverage/points';
import { prdc } from '../../support/coverage';
import { normalPoints, ring, shuffled } from '../../support/pointSets';
import { random } from '../../support/random';

const line = (...values: number[]) => pointsFrom(values.map((value) => [value]));
const real = line(0, 1, 2, 10);

describe('a few points on a line', () => {
  it.each([
    [line(0.4, 5, 20), 1, [2 / 3, 1, 1, 0.75]],
    [line(0.4, 5, 20), 2, [2 / 3, 1, 2 / 3, 1]],
    [line(0.4, 0.5, 0.6), 1, [1, 0, 2, 0.5]],
    [line(100, 101, 103), 1, [0, 0, 0, 0]],
  ])('set %#', (generated, k, [precision = NaN, recall = NaN, density = NaN, coverage = NaN]) => {
    const found = prdc(generated, real, { k });
    expect(found.precision).toBeCloseTo(precision, 12);
    expect(found.recall).toBeCloseTo(recall, 12);
    expect(found.density).toBeCloseTo(density, 12);
    expect(found.coverage).toBeCloseTo(coverage, 12);
  });

  it('cuts the balls of outliers when asked', () => {
    expect([...prdc(line(5, 6, 7), real, { k: 1 }).realRadii]).toEqual([1, 1, 1, 64]);
    const found = prdc(line(5, 6, 7), real, { k: 1, radiusQuantile: 0.5 });
    expect([...found.realRadii]).toEqual([1, 1, 1, 1]);
    expect(found.precision).toBe(0);
    expect(prdc(line(5, 6, 7), real, { k: 1 }).precision).toBe(1);
  });
});

it('a set against itself has one everywhere, in any order', () => {
  const source = random(1);
  const points = normalPoints(source, 300, [0, 0, 0, 0]);
  for (const other of [{ ...points }, shuffled(points, source)]) {
    const { precision, recall, density, coverage } = prdc(other, points);
    expect([precision, recall, density, coverage]).toEqual([1, 1, 1, 1]);
  }
});

it('precision and recall change places with the sets', () => {
  const source = random(2);
  const [a, b] = [normalPoints(source, 200, [0, 0]), normalPoints(source, 150, [1, 0], 0.7)];
  expect(prdc(a, b).precision).toBe(prdc(b, a).recall);
  expect(prdc(a, b).recall).toBe(prdc(b, a).precision);
});

it.each([
  [500, 500, 5, 0.9692178],
  [500, 500, 3, 0.8757504],
  [1000, 500, 5, 0.8689716],
  [200, 1000, 5, 0.9998793],
  [10_000, 10_000, 5, 0.9687734],
])('%d real and %d exact items with k = %d cover %d', (n, m, k, expected) => {
  expect(expectedCoverage(n, m, k)).toBeCloseTo(expected, 7);
});

it('exact items cover what is expected of them', () => {
  const source = random(3);
  const values = Array.from({ length: 20 }, () =>
    prdc(normalPoints(source, 300, [0, 0, 0]), normalPoints(source, 300, [0, 0, 0])),
  );
  const mean = (pick: (value: (typeof values)[number]) => number): number =>
    values.reduce((total, value) => total + pick(value), 0) / values.length;
  expect(Math.abs(mean(({ coverage }) => coverage) - expectedCoverage(300, 300))).toBeLessThan(0.01);
  expect(Math.abs(mean(({ density }) => density) - 1)).toBeLessThan(0.05);
});

describe('dropped and displaced modes', () => {
  const dropped = (modes: number, kept: number): number[] =>
    Array.from({ length: modes }, (_, k) => (k < kept ? 1 / kept : 0));

  it('half of eight: recall and coverage near one half', () => {
    const source = random(4);
    // The theory is ½ (1 − (1/3)^5) on modes that do not touch.
    const values = Array.from({ length: 4 }, () =>
      prdc(
        ring(source, 1000, { modes: 8, radius: 10, weights: dropped(8, 4) }),
        ring(source, 1000, { modes: 8, radius: 10 }),
      ),
    );
    const coverage = values.reduce((total, value) => total + value.coverage, 0) / values.length;
    expect(0.5 * (1 - (1 / 3) ** 5)).toBeCloseTo(0.49794, 5);
    expect(Math.abs(coverage - 0.498)).toBeLessThan(0.02);
    expect(values[0]?.precision).toBeGreaterThan(0.97);
  });

  it.each([
    ['five of six', { weights: dropped(6, 5) }, [0.99, 0.818, 1.003, 0.811]],
    ['one of six', { weights: dropped(6, 1) }, [0.988, 0.165, 1.005, 0.166]],
    ['other weights', { weights: [0.3, 0.25, 0.2, 0.15, 0.07, 0.03] }, [0.992, 0.987, 1.014, 0.897]],
    ['nearer', { radius: 6.25 }, [0.939, 0.944, 0.755, 0.61]],
  ])('%s', (_, shape, expected) => {
    const source = random(6);
    const values = Array.from({ length: 4 }, () =>
      prdc(ring(source, 1000, { modes: 6, radius: 8, ...shape }), ring(source, 1000, { modes: 6, radius: 8 })),
    );
    (['precision', 'recall', 'density', 'coverage'] as const).forEach((name, index) => {
      const mean = values.reduce((total, value) => total + value[name], 0) / values.length;
      // A single draw differs by up to 0.04 (standard deviation over seeds), and the expected numbers are one draw.
      expect(Math.abs(mean - (expected[index] ?? NaN)), name).toBeLessThan(0.13);
    });
  });
});

it('coverage is told class by class', () => {
  const covered = Uint8Array.of(1, 1, 0, 0, 1, 0);
  expect([...classCoverage(covered, [0, 0, 0, 1, 2, 2], 4)]).toEqual([2 / 3, 0, 0.5, NaN]);
});
