import { describe, expect, it } from 'vitest';
import { bootstrapInterval } from '../../../src/main/coverage/bootstrap';
import { correctedShares, withinClassSpread } from '../../../src/main/coverage/classCoverage';
import { countFound } from '../../../src/main/coverage/counting';
import { floorOf } from '../../../src/main/coverage/floors';
import { missedModes, withBarriers } from '../../../src/main/coverage/missedModes';
import { mannWhitney, nearestIn, neighbourTestSums } from '../../../src/main/coverage/neighbours';
import { visitPairs } from '../../../src/main/coverage/pairs';
import { pointsFrom, type Points } from '../../../src/main/coverage/points';
import { classifierTest, localMaxima } from '../../support/coverage';
import { finished } from '../../../src/main/coverage/turns';
import { normalPoints, ring } from '../../support/pointSets';
import { random } from '../../support/random';

describe('a classifier', () => {
  it('tells N(0, 1) from N(1, 1) as well as can be', () => {
    const source = random(1);
    const n = 10_000;
    const found = classifierTest(normalPoints(source, n, [0]), normalPoints(source, n, [1]));
    expect(Math.abs(found.accuracy - 0.6914624613)).toBeLessThan(5 * Math.sqrt(0.2133 / n));
    expect(found.heldOut).toBe(n);
  });

  it('does not tell equal laws apart', () => {
    const source = random(2);
    const { accuracy, interval } = classifierTest(
      normalPoints(source, 2000, [0, 0, 0]),
      normalPoints(source, 2000, [0, 0, 0]),
    );
    expect(Math.abs(accuracy - 0.5)).toBeLessThan(5 * Math.sqrt(0.25 / 2000));
    expect(interval[1] - interval[0]).toBeLessThan(0.06);
  });
});

describe('nearest neighbours', () => {
  const accuracy = (x: Points, y: Points): number => {
    const sums = neighbourTestSums(x.count, y.count);
    finished(visitPairs(x, y, [sums]));
    return sums.result();
  };

  it('are of either set for equal laws, of the own one for distant ones, of the other for copies', () => {
    const source = random(3);
    const x = normalPoints(source, 400, [0, 0]);
    expect(Math.abs(accuracy(x, normalPoints(source, 400, [0, 0])) - 0.5)).toBeLessThan(0.1);
    expect(accuracy(x, normalPoints(source, 400, [50, 0]))).toBe(1);
    expect(accuracy(x, { ...x })).toBe(0);
    expect([...nearestIn(pointsFrom([[0], [9]]), pointsFrom([[8], [1], [2]])).index]).toEqual([1, 0]);
    expect([...nearestIn(x, x).squared.subarray(0, 3)]).toEqual([0, 0, 0]);
  });

  it('give memorised items away', () => {
    const source = random(4);
    const training = normalPoints(source, 300, [0, 0, 0]);
    const heldOut = normalPoints(source, 200, [0, 0, 0]);
    const memorisation = (generated: Points): ReturnType<typeof mannWhitney> =>
      mannWhitney(nearestIn(generated, training).squared, nearestIn(heldOut, training).squared);
    const fresh = memorisation(normalPoints(source, 200, [0, 0, 0]));
    expect(Math.abs(fresh.share - 0.5)).toBeLessThan(0.15);
    expect(fresh.pValue).toBeGreaterThan(1e-4);
    const copies = { ...training, count: 200, data: training.data.map((value) => value + 0.01) };
    expect(memorisation(copies).pValue).toBeLessThan(1e-10);
    // 1 and 2 against 2 and 3: three and a half of four pairs.
    expect(mannWhitney(Float64Array.of(1, 2), Float64Array.of(2, 3)).share).toBeCloseTo(0.875, 12);
    expect(mannWhitney(Float64Array.of(1, 1), Float64Array.of(1, 1))).toEqual({ share: 0.5, pValue: 1 });
  });
});

describe('classes', () => {
  it('are corrected for a classifier that mixes them up', () => {
    const confusion = [0.9, 0.1, 0, 0, 1, 0, 0.2, 0, 0.8];
    const truth = [0.5, 0.2, 0.3];
    const predicted = [0, 1, 2].map((j) => truth.reduce((sum, w, i) => sum + w * (confusion[3 * i + j] ?? NaN), 0));
    const found = correctedShares(predicted, confusion);
    truth.forEach((share, k) => expect(found?.shares[k]).toBeCloseTo(share, 12));
    expect(correctedShares(predicted, [0.5, 0.5, 0, 0.5, 0.5, 0, 0, 0, 1])).toBeUndefined();
  });

  it('have a spread of their own', () => {
    const source = random(5);
    const points = normalPoints(source, 400, [0]);
    const labels = Array.from({ length: 400 }, (_, i) => (i === 0 ? 2 : i % 2));
    const [first = NaN, , alone] = withinClassSpread(points, labels, 3);
    // E|x − x′| = 2/√π.
    expect(Math.abs(first - 2 / Math.sqrt(Math.PI))).toBeLessThan(0.25);
    expect(alone).toBeNaN();
  });
});

it('climbing finds the modes of a density', async () => {
  const source = random(6);
  const places = Array.from({ length: 6 }, (_, k) => [
    8 * Math.cos((Math.PI * k) / 3),
    8 * Math.sin((Math.PI * k) / 3),
  ]);
  const parts = ({ data }: Points, row: number): number[] =>
    places.map(([a = 0, b = 0]) => -0.5 * (((data[2 * row] ?? NaN) - a) ** 2 + ((data[2 * row + 1] ?? NaN) - b) ** 2));
  const found = await localMaxima(
    ring(source, 1000, { modes: 6, radius: 8 }),
    {
      logDensity: (points) =>
        Float64Array.from({ length: points.count }, (_, row) =>
          Math.log(parts(points, row).reduce((s, v) => s + Math.exp(v), 0)),
        ),
      score: (points) => {
        const out = new Float64Array(points.data.length);
        for (let row = 0; row < points.count; row += 1) {
          const weights = parts(points, row).map(Math.exp);
          const total = weights.reduce((a, b) => a + b, 0);
          weights.forEach((weight, k) =>
            [0, 1].forEach((c) => {
              out[2 * row + c] =
                (out[2 * row + c] ?? NaN) +
                (weight / total) * ((places[k]?.[c] ?? NaN) - (points.data[2 * row + c] ?? NaN));
            }),
          );
        }
        return out;
      },
    },
    { starts: 150 },
  );
  expect(found).toHaveLength(6);
  for (const [a = NaN, b = NaN] of places)
    expect(
      Math.min(...found.map(({ location }) => Math.hypot((location[0] ?? NaN) - a, (location[1] ?? NaN) - b))),
    ).toBeLessThan(0.05);
  expect(found.reduce((total, { samples }) => total + samples, 0)).toBe(150);
});

it('missed modes know their nearest found neighbour and what lies between', async () => {
  const weights = [0.2, 0.5, 0.3];
  const raw = [1000, 0, 0];
  const counts = countFound({ weights, counts: raw, samples: 1000 });
  const locations = pointsFrom([[0], [4], [-2]]);
  const listed = missedModes({ counts, weights, raw, highQuality: raw, locations });
  const rows = await withBarriers(listed, locations, ({ data }) =>
    Float64Array.from(data, (x) => -(Math.sin((Math.PI * x) / 4) ** 2)),
  );
  expect(rows.map(({ mode, nearest, distance }) => [mode, nearest, distance])).toEqual([
    [1, 0, 4],
    [2, 0, 2],
  ]);
  expect(rows[0]?.barrier).toBeCloseTo(1, 3);
});

it('intervals and floors hold what they should', () => {
  expect(floorOf([3, 1, 2])).toEqual({ mean: 2, low: 1.1, high: 2.9, repeats: 3 });
  const { normals } = random(8);
  let hits = 0;
  for (let run = 0; run < 200; run += 1) {
    const values = normals(60);
    const [low, high] = bootstrapInterval(
      60,
      (indices) => indices.reduce((sum, i) => sum + (values[i] ?? NaN), 0) / 60,
      { seed: run },
    );
    hits += Number(low < 0 && high > 0);
  }
  // Percentile intervals of 60 values cover 94 %; five standard deviations.
  expect(Math.abs(hits / 200 - 0.94)).toBeLessThan(0.085);
});
