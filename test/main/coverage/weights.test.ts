import { describe, expect, it } from 'vitest';
import { assign } from '../../../src/main/coverage/assignment';
import { reverseMetrics } from '../../../src/main/coverage/densityMetrics';
import { entropicCoverage, expectedEntropicCoverage } from '../../../src/main/coverage/entropic';
import { normalisedWeights } from '../../../src/main/coverage/logSums';
import { pointsOf } from '../../../src/main/coverage/points';
import {
  divergence,
  expectedTotalVariation,
  expectedWeightMse,
  jensenShannonBits,
  multinomial,
  pearson,
  reweightedShares,
  totalVariation,
  weightDistances,
  weightMse,
} from '../../../src/main/coverage/weights';
import { estimate } from '../../support/moments';
import { random } from '../../support/random';

const w = [0.3, 0.25, 0.2, 0.15, 0.07, 0.03];
const u = [0.222, 0.183, 0.197, 0.186, 0.133, 0.079];
const equal = (modes: number): number[] => new Array<number>(modes).fill(1 / modes);

describe('weights of six modes as a run left them', () => {
  it('have known distances to the truth', () => {
    expect(weightMse(u, w)).toBeCloseTo(3.0413333e-3, 10);
    expect(totalVariation(u, w)).toBeCloseTo(0.148, 12);
    expect(divergence(w, u)).toBeCloseTo(0.0651039536, 9);
    expect(jensenShannonBits(u, w)).toBeCloseTo(0.0247820099, 9);
    expect(entropicCoverage(u)).toBeCloseTo(0.9748195, 7);
    expect(entropicCoverage(w)).toBeCloseTo(0.8960834, 7);
  });

  it('are summed up at once', () => {
    const found = weightDistances(
      u.map((share) => share * 1000),
      w,
    );
    expect(found.mse).toBeCloseTo(3.0413333e-3, 10);
    expect(found.mseRatio).toBeCloseTo(3.0413333e-3 / expectedWeightMse(w, 1000), 4);
    expect(found.forward).toBeCloseTo(0.0651039536, 9);
    expect(found.smoothed).toBe(false);
    const empty = weightDistances([10, 10, 0], equal(3));
    expect(empty.smoothed).toBe(true);
    expect(empty.forward).toBeGreaterThan(0.3);
    expect(Number.isFinite(empty.forward)).toBe(true);
    expect(divergence(equal(3), [0.5, 0.5, 0])).toBe(Number.POSITIVE_INFINITY);
  });
});

it.each([
  [6, 20_000, 6.9444e-6],
  [8, 20_000, 5.46875e-6],
  [10, 20_000, 4.5e-6],
  [1024, 20_000, 4.878e-8],
])('%d equal modes have the least squared error of %d exact samples', (modes, samples, expected) => {
  expect(expectedWeightMse(equal(modes), samples) / expected).toBeCloseTo(1, 4);
});

it.each([
  [6, 0.138889],
  [8, 0.109375],
  [10, 0.09],
])('collapse on one of %d equal modes is an error of %d', (modes, expected) => {
  expect(weightMse([1, ...new Array<number>(modes - 1).fill(0)], equal(modes))).toBeCloseTo(expected, 6);
});

it('one of four modes is half a bit and a bit from all', () => {
  expect(jensenShannonBits([1, 0, 0, 0], equal(4))).toBeCloseTo(0.5487949407, 9);
  expect(jensenShannonBits(equal(4), [1, 0, 0, 0])).toBeCloseTo(0.5487949407, 9);
  expect(jensenShannonBits(w, w)).toBe(0);
});

describe('exact samples', () => {
  const repeats = 2000;
  const shares = (modes: number, samples: number, seed: number): Float64Array[] => {
    const { uniform } = random(seed);
    return Array.from({ length: repeats }, () =>
      multinomial(samples, equal(modes), uniform).map((count) => count / samples),
    );
  };

  it('have the errors that are expected of them', () => {
    const drawn = shares(8, 2000, 1);
    const { mean, se } = estimate(drawn.map((share) => weightMse(share, equal(8))));
    // Five standard errors throughout: a false alarm in 1.7 million.
    expect(Math.abs(mean - expectedWeightMse(equal(8), 2000))).toBeLessThan(5 * se);
    expect(Math.abs(mean - 5.458e-5)).toBeLessThan(5 * se);
    const variation = estimate(drawn.map((share) => totalVariation(share, equal(8))));
    expect(expectedTotalVariation(equal(8), 2000)).toBeCloseTo(0.0236, 5);
    // The normal limit is itself right to a thousandth.
    expect(Math.abs(variation.mean - 0.0236)).toBeLessThan(5 * variation.se + 2.4e-5);
  });

  it('cover modes nearly evenly', () => {
    for (const [modes, expected] of [
      [6, 0.9993],
      [40, 0.99736],
    ] as const) {
      const told = expectedEntropicCoverage(equal(modes), 2000) ?? NaN;
      expect(told).toBeCloseTo(expected, 5);
      const { mean, se } = estimate(shares(modes, 2000, modes).map(entropicCoverage));
      expect(Math.abs(mean - told)).toBeLessThan(5 * se + 3e-5);
    }
    expect(expectedEntropicCoverage(equal(1024), 20_000)).toBeCloseTo(0.99631, 5);
    // Where samples are hardly more than modes a formula of first order would be wrong: nothing is expected.
    expect(expectedEntropicCoverage(equal(1024), 2000)).toBeUndefined();
    expect(expectedEntropicCoverage([1], 2000)).toBeUndefined();
    const { uniform } = random(9);
    const unequal = Array.from({ length: repeats }, () =>
      entropicCoverage(multinomial(2000, w, uniform).map((count) => count / 2000)),
    );
    const { mean, se } = estimate(unequal);
    expect(Math.abs(mean - (expectedEntropicCoverage(w, 2000) ?? NaN))).toBeLessThan(5 * se + 3e-5);
  });

  it('pass Pearson’s test as often as they should, by its law and by simulation', () => {
    const { uniform } = random(5);
    const rejected = (samples: number, runs: number): number => {
      let count = 0;
      for (let run = 0; run < runs; run += 1) {
        const { pValue, by } = pearson(multinomial(samples, w, uniform), w, { draws: 200, seed: run });
        expect(by).toBe(samples * 0.03 < 5 ? 'simulation' : 'chi-squared');
        if (pValue < 0.05) count += 1;
      }
      return count / runs;
    };
    expect(Math.abs(rejected(1000, 1000) - 0.05)).toBeLessThan(5 * Math.sqrt((0.05 * 0.95) / 1000));
    expect(Math.abs(rejected(50, 400) - 0.05)).toBeLessThan(5 * Math.sqrt((0.05 * 0.95) / 400));
    // The run above is refused, also when it is worth a tenth of its samples.
    const counts = u.map((share) => share * 1000);
    expect(pearson(counts, w).pValue).toBeLessThan(1e-10);
    expect(pearson(counts, w, { effective: 200 }).statistic).toBeCloseTo(pearson(counts, w).statistic / 5, 9);
  });
});

describe('entropic coverage', () => {
  it('is that of known shares', () => {
    expect(entropicCoverage([0.5, 0.25, 0.125, 0.125])).toBeCloseTo(0.875, 12);
    expect(entropicCoverage([1, 0, 0])).toBe(0);
    expect(entropicCoverage(equal(7))).toBeCloseTo(1, 12);
  });

  it('prefers a sampler that flattens unequal weights, which is said', () => {
    expect(entropicCoverage(u)).toBeGreaterThan(entropicCoverage(w));
  });
});

describe('reweighting', () => {
  it('turns samples of equal modes into those of unequal ones', () => {
    const { uniform, normal } = random(11);
    const n = 20_000;
    const means = [0, 20, 40, 60, 80, 100];
    const data = Float64Array.from({ length: n }, () => 20 * Math.floor(6 * uniform()) + normal());
    const rule = { type: 'component', means, stds: means.map(() => 1), weights: w } as const;
    const { mode } = assign(pointsOf(data, 1), rule);
    // Components do not overlap, so the ratio of the two mixtures is that of weights.
    const logWeights = Float64Array.from(mode, (k) => Math.log((w[k] ?? NaN) * 6));
    const weights = normalisedWeights(logWeights);
    const { shares, errors } = reweightedShares(mode, weights, 6);
    // Three standard errors for six modes: a false alarm in sixty seeds, and this seed is fixed.
    w.forEach((weight, k) => expect(Math.abs((shares[k] ?? NaN) - weight)).toBeLessThan(3 * (errors[k] ?? NaN)));
    const expected = 1 / (6 * w.reduce((total, weight) => total + weight * weight, 0));
    expect(expected).toBeCloseTo(0.7548309179, 9);
    // sd of the estimate from the counts' noise is below a hundredth.
    expect(Math.abs(reverseMetrics(logWeights).ess - expected)).toBeLessThan(0.02);
    // Without weights the shares are those of the proposal, far off.
    const raw = reweightedShares(mode, new Float64Array(n).fill(1 / n), 6);
    expect(Math.abs((raw.shares[0] ?? NaN) - 0.3)).toBeGreaterThan(20 * (raw.errors[0] ?? NaN));
  });
});
