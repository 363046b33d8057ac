import { describe, expect, it } from 'vitest';
import { ais } from '../../../src/main/bounds/ais';
import { bdmc } from '../../../src/main/bounds/bdmc';
import { crAis } from '../../../src/main/bounds/crAis';
import { imAis } from '../../../src/main/bounds/imAis';
import { iwae } from '../../../src/main/bounds/iwae';
import { logMeanExp, LogSumExp } from '../../../src/main/bounds/logMeanExp';
import type { ChainWeights } from '../../../src/main/bounds/types';
import { random } from '../../support/random';

/** Weights as wild as those of a bad run: spread over tens of nats. */
type AllWeights = Record<Exclude<keyof ChainWeights, 'independent'>, number[]>;
function wild(chains: number, seed: number): AllWeights {
  const { normals } = random(seed);
  const spread = (count: number, centre: number): number[] => normals(count).map((value) => centre + 20 * value);
  return { forward: spread(chains, -60), reverse: spread(chains, -20), coupled: spread(chains - 1, -40) };
}
const seeds = Array.from({ length: 50 }, (_, seed) => seed + 1);
// Weights of size 1e2 and sums of a few of them: 1e-12 leaves room for the roundings of doubles and nothing else.
const digits = 11;

describe('identities between the estimators, path by path', () => {
  it('K = 1: independent and coupled multi-sample AIS and BDMC are single-sample AIS', () => {
    for (const seed of seeds) {
      const weights = wild(1, seed);
      const single = ais(weights);
      for (const estimator of [imAis, crAis, bdmc]) {
        expect(estimator(weights).lower).toBeCloseTo(single.lower ?? NaN, digits);
        expect(estimator(weights).upper).toBeCloseTo(single.upper ?? NaN, digits);
      }
      // One chain has no coupled ones, and needs none for its lower bound.
      const { forward, reverse } = weights;
      expect(crAis({ forward, reverse }).lower).toBeCloseTo(single.lower ?? NaN, digits);
    }
  });

  it('T = 1: independent multi-sample AIS is IWAE on the same weights', () => {
    for (const seed of seeds) {
      // All reverse chains of T = 1 have the weight of the exact sample.
      const { forward } = wild(7, seed);
      const exact = (forward[3] ?? 0) + 5;
      const bounds = imAis({ forward, reverse: forward.map(() => exact) });
      const sum = (weights: readonly number[]): LogSumExp => {
        const total = new LogSumExp();
        for (const weight of weights) total.add(weight);
        return total;
      };
      expect(bounds.lower).toBeCloseTo(iwae({ fresh: sum(forward) }).lower ?? NaN, digits);
      // The average over which forward chain gives way to the exact sample.
      const uppers = forward.map((_, left) => {
        const negatives = sum(forward.filter((__, index) => index !== left));
        return iwae({ exact, negatives }).upper ?? NaN;
      });
      expect(bounds.upper).toBeCloseTo(uppers.reduce((a, b) => a + b) / uppers.length, digits);
    }
  });

  it('T = 1: the coupled bounds do not depend on K', () => {
    for (const [first, exact] of [
      [-31.25, -4.5],
      [2, -900],
    ] as const) {
      for (const chains of [1, 2, 10, 48]) {
        // All chains share the only state in which an increment is taken.
        const forward = [first, ...wild(chains, 5).forward.slice(1)];
        const reverse = forward.map(() => exact);
        const coupled = forward.slice(1).map(() => first);
        const bounds = crAis({ forward, reverse, coupled });
        expect(bounds.lower).toBeCloseTo(first, digits);
        expect(bounds.upper).toBeCloseTo(exact, digits);
      }
    }
  });

  it('gains at most log K where the bound is limited', () => {
    for (const seed of seeds) {
      for (const chains of [2, 5, 33]) {
        const weights = wild(chains, seed);
        const { forward, reverse, coupled } = weights;
        const im = imAis(weights);
        const average = ais(weights);
        const cr = crAis(weights);
        // EUBO_IM ≥ W − log K for each positive, hence for the mean over positives.
        expect(im.upper ?? NaN).toBeGreaterThanOrEqual((average.upper ?? NaN) - Math.log(chains) - 1e-11);
        // −lme(−W) ≤ W_k + log K for each k.
        for (const weight of [forward[0] ?? NaN, ...coupled]) {
          expect(cr.lower ?? NaN).toBeLessThanOrEqual(weight + Math.log(chains) + 1e-11);
        }
        for (const weight of reverse) expect(cr.upper ?? NaN).toBeLessThanOrEqual(weight + Math.log(chains) + 1e-11);
        // Jensen: more chains never loosen the unlimited sides.
        expect(im.lower ?? NaN).toBeGreaterThanOrEqual((average.lower ?? NaN) - 1e-11);
        expect(cr.upper ?? NaN).toBeLessThanOrEqual((average.upper ?? NaN) + 1e-11);
        expect(bdmc(weights)).toEqual({ lower: im.lower, upper: cr.upper });
      }
    }
  });

  it('the gain of the lower bound over the mean is KL(U ‖ softmax)', () => {
    for (const seed of seeds) {
      const { forward } = wild(6, seed);
      const total = logMeanExp(forward) + Math.log(forward.length);
      const divergence = forward.reduce((sum, weight) => sum - (Math.log(6) + weight - total) / 6, 0);
      expect(logMeanExp(forward) - (ais({ forward }).lower ?? NaN)).toBeCloseTo(divergence, digits);
    }
  });

  it('reports no side whose samples are missing', () => {
    const forward = [1, 2];
    for (const estimator of [ais, imAis, bdmc]) {
      expect(Object.entries(estimator({ forward })).filter(([, value]) => value !== undefined)).toHaveLength(1);
      expect(estimator({ forward }).upper).toBeUndefined();
    }
    expect(crAis({ forward })).toEqual({ lower: undefined, upper: undefined });
    expect(crAis({ forward: [3] })).toEqual({ lower: 3, upper: undefined });
    expect(iwae({ fresh: new LogSumExp() }).upper).toBeUndefined();
  });
});

describe('weights that are no numbers', () => {
  const bad = [Number.NaN, Number.POSITIVE_INFINITY];
  it.each<number>(bad)('%s never becomes a finite bound', (value) => {
    for (let place = 0; place < 3; place += 1) {
      const spoiled = [-3, -4, -5].map((weight, index) => (index === place ? value : weight));
      const fine = [-3, -4, -5];
      for (const estimator of [ais, imAis, bdmc]) {
        expect(Number.isFinite(estimator({ forward: spoiled, reverse: fine }).lower)).toBe(false);
        expect(Number.isFinite(estimator({ forward: fine, reverse: spoiled }).upper)).toBe(false);
      }
      expect(Number.isFinite(imAis({ forward: spoiled, reverse: fine }).upper)).toBe(false);
      const cr = crAis({ forward: fine, reverse: spoiled, coupled: spoiled.slice(1) });
      expect(Number.isFinite(cr.upper)).toBe(false);
      if (place > 0) expect(Number.isFinite(cr.lower)).toBe(false);
    }
  });
});
