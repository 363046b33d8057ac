import { describe, expect, it } from 'vitest';
import {
  assign,
  countModes,
  highQualityRadius,
  highQualityShare,
  signWeights,
} from '../../../src/main/coverage/assignment';
import { countFound, expectedDistinctModes } from '../../../src/main/coverage/counting';
import { highQuality } from '../../../src/main/coverage/highQuality';
import { pointsFrom, pointsOf } from '../../../src/main/coverage/points';
import { binomialCdf, chiSquaredTail, normalCdf, wilsonInterval } from '../../../src/main/coverage/special';
import { multinomial } from '../../../src/main/coverage/weights';
import { estimate } from '../../support/moments';
import { random } from '../../support/random';

const equal = (modes: number): number[] => new Array<number>(modes).fill(1 / modes);

describe('distribution functions', () => {
  it('have known values', () => {
    expect(normalCdf(-1.959963984540054)).toBeCloseTo(0.025, 12);
    expect(chiSquaredTail(9, 2)).toBeCloseTo(Math.exp(-4.5), 14);
    // P(χ²_d ≤ 9) of more dimensions.
    expect(1 - chiSquaredTail(9, 3)).toBeCloseTo(0.97071, 5);
    expect(1 - chiSquaredTail(9, 10)).toBeCloseTo(0.4679, 5);
    expect((1 - chiSquaredTail(9, 50)) / 1.85e-11).toBeCloseTo(1, 2);
  });

  it('add up binomial probabilities', () => {
    const choose = (n: number, k: number): number => (k === 0 ? 1 : (choose(n - 1, k - 1) * n) / k);
    for (const [n, p] of [
      [20, 1 / 6],
      [7, 0.9],
    ] as const) {
      let total = 0;
      for (let c = 0; c <= n; c += 1) {
        total += choose(n, c) * p ** c * (1 - p) ** (n - c);
        expect(binomialCdf(c, n, p)).toBeCloseTo(total, 12);
      }
    }
    expect(binomialCdf(0, 2000, 1 / 6)).toBeCloseTo((5 / 6) ** 2000, 15);
  });

  it('give Wilson’s interval', () => {
    const [low, high] = wilsonInterval(0, 100);
    expect(low).toBe(0);
    // z²/(n + z²)
    expect(high).toBeCloseTo(3.8414588 / 103.8414588, 8);
  });
});

describe('modes of samples', () => {
  const means = [0, 0, 4, 0];
  const points = pointsFrom([
    [0.1, 0],
    [1.9, 0],
    [2.1, 0],
    [4, 1],
  ]);

  it('are those of the largest component, of the largest density, or the nearest', () => {
    const weights = [0.99, 0.01];
    const rule = { type: 'component', means, stds: [1, 1], weights } as const;
    expect([...assign(points, rule).mode]).toEqual([0, 0, 0, 1]);
    expect([...assign(points, { ...rule, weighted: false }).mode]).toEqual([0, 0, 1, 1]);
    expect([...assign(points, { type: 'nearest', means }).mode]).toEqual([0, 0, 1, 1]);
    // A wide component takes what is far from both.
    const wide = assign(points, { type: 'component', means, stds: [3, 0.1], weights: [0.5, 0.5] });
    expect([...wide.mode]).toEqual([0, 0, 0, 0]);
    expect(wide.squaredDistance?.[3]).toBeCloseTo(17 / 9, 12);
    const total = wide.meanResponsibility?.reduce((a, b) => a + b, 0);
    expect(total).toBeCloseTo(1, 12);
  });

  it('are patterns of signs, with a distance to the centre of their cell', () => {
    const rule = {
      type: 'signs',
      coordinates: [1, 0],
      cells: { low: [-10, -5, 0], high: [10, 5, 0], std: [1, 2, 1] },
    } as const;
    const { mode, squaredDistance, modes } = assign(
      pointsFrom([
        [9, 7, 0],
        [-10, 5, 1],
      ]),
      rule,
    );
    expect([modes, ...mode]).toEqual([4, 3, 1]);
    expect([...(squaredDistance ?? [])]).toEqual([2, 1]);
    // A threshold of 7 misreads a sample that belongs to the upper side.
    expect([...assign(pointsFrom([[6.9, 9, 0]]), { type: 'signs', coordinates: [0, 1], threshold: 7 }).mode]).toEqual([
      2,
    ]);
    expect([...signWeights([0.9, 0.5])].map((w) => w.toFixed(2))).toEqual(['0.05', '0.45', '0.05', '0.45']);
    expect(() => assign(points, { type: 'signs', coordinates: [...new Array<number>(21).keys()] })).toThrow(
      /at most 20/,
    );
  });

  it('are sectors and bins of a density without modes', () => {
    const around = pointsFrom([
      [1, 0.1],
      [-1, 0.1],
      [0.1, -1],
    ]);
    expect([...assign(around, { type: 'sectors', plane: [0, 1], sectors: 4 }).mode]).toEqual([0, 1, 3]);
    expect([...assign(around, { type: 'bins', coordinate: 0, edges: [-0.5, 0.5] }).mode]).toEqual([2, 0, 1]);
  });
});

describe('the high-quality fraction', () => {
  it('has a radius for each dimension', () => {
    expect(highQualityShare).toBeCloseTo(0.988891, 7);
    expect(highQualityRadius(2)).toBeCloseTo(3, 10);
    expect(highQualityRadius(10)).toBeCloseTo(4.785745, 6);
    expect(highQualityRadius(50)).toBeCloseTo(8.696615, 6);
  });

  it.each([2, 10, 50])('is 0.988891 of exact samples in %d dimensions', (dim) => {
    const n = 20_000;
    const points = pointsOf(Float64Array.from(random(dim).normals(n * dim)), dim);
    const rule = { type: 'component', means: new Float64Array(dim), stds: [1], weights: [1] } as const;
    const found = highQuality(assign(points, rule), dim);
    // Five standard errors: a false alarm in 1.7 million.
    const error = Math.sqrt((0.988891 * 0.011109) / n);
    expect(Math.abs((found?.fraction ?? NaN) - 0.988891)).toBeLessThan(5 * error);
    // The fixed radius of the plane would not do.
    if (dim > 2) expect(highQuality(assign(points, rule), dim, { radius: 3 })?.fraction).toBeLessThan(0.6);
  });

  it('is not defined where modes have no width', () => {
    expect(highQuality(assign(pointsFrom([[0]]), { type: 'nearest', means: [0] }), 1)).toBeUndefined();
  });

  it('may be reweighted', () => {
    const rule = { type: 'component', means: [0], stds: [1], weights: [1] } as const;
    const found = highQuality(assign(pointsFrom([[0], [9]]), rule), 1, { weights: Float64Array.of(0.9, 0.1) });
    expect(found?.fraction).toBe(0.5);
    expect(found?.reweighted).toBeCloseTo(0.9, 12);
  });
});

describe('modes found', () => {
  it('calls one mode missed of six, and none where there are too few samples', () => {
    const counts = [400, 400, 400, 400, 400, 0];
    const many = countFound({ weights: equal(6), counts, samples: 2000 });
    expect(many.missing).toEqual([5]);
    expect(many.undecidable).toEqual([]);
    expect([many.foundAny, many.foundAdequate]).toEqual([5, 5]);
    const few = countFound({ weights: equal(6), counts: [4, 4, 4, 4, 4, 0], samples: 20 });
    expect(few.missing).toEqual([]);
    expect(few.undecidable).toEqual([0, 1, 2, 3, 4, 5]);
    // log(6/0.01)/(1/6)
    expect(few.needed).toBe(39);
  });

  it('wants a tenth of the true weight in samples of high quality', () => {
    const counts = [900, 60, 40];
    const { foundAny, foundAdequate } = countFound({
      weights: [0.5, 0.3, 0.2],
      counts,
      highQuality: [900, 29, 20],
      samples: 1000,
    });
    expect([foundAny, foundAdequate]).toEqual([3, 2]);
  });

  it.each([
    [1024, 647.475, 1e-3],
    [2000, 878.904, 1e-3],
    [5000, 1016.261, 1e-3],
    [10_000, 1023.942, 1e-3],
    [20_000, 1023.999997, 1e-6],
  ])('%d exact samples are expected in %d of 1,024 modes', (samples, expected, tolerance) => {
    expect(Math.abs(expectedDistinctModes(equal(1024), samples) - expected)).toBeLessThan(tolerance);
  });

  it('agrees with simulation', () => {
    const { uniform } = random(3);
    const distinct = (weights: readonly number[], samples: number): number =>
      multinomial(samples, weights, uniform).filter((count) => count > 0).length;
    const repeats = 200;
    for (const [weights, samples] of [
      [equal(1024), 2000],
      [[0.6, 0.2, 0.1, 0.05, 0.03, 0.02], 20],
    ] as const) {
      const found = Array.from({ length: repeats }, () => distinct(weights, samples));
      const { mean, se } = estimate(found);
      // Five standard errors: a false alarm in 1.7 million.
      expect(Math.abs(mean - expectedDistinctModes(weights, samples))).toBeLessThan(5 * se);
    }
  });

  it.each([[[0.6, 0.2, 0.1, 0.05, 0.03, 0.02]], [equal(40)], [[0.9, 0.1, 0]]])(
    'says how many samples judge every mode of weights %j',
    (weights) => {
      const undecided = (samples: number): number[] =>
        [...countFound({ weights, counts: weights.map((weight) => samples * weight), samples }).undecidable].filter(
          (k) => (weights[k] ?? 0) > 0,
        );
      const { needed } = countFound({ weights, counts: weights.map(() => 1), samples: weights.length });
      expect(undecided(needed)).toEqual([]);
      expect(undecided(needed - 1)).not.toEqual([]);
    },
  );

  it('counts what a rule assigned', () => {
    expect([...countModes({ modes: 3, mode: Int32Array.of(0, 2, 2, -1) })]).toEqual([1, 0, 2]);
  });
});
