import { describe, expect, it } from 'vitest';
import { ais } from '../../../src/main/bounds/ais';
import { bdmc } from '../../../src/main/bounds/bdmc';
import { crAis } from '../../../src/main/bounds/crAis';
import { imAis } from '../../../src/main/bounds/imAis';
import { irAis } from '../../../src/main/bounds/irAis';
import { subsetBounds } from '../../../src/main/bounds/subsets';
import { betasOf } from '../../../src/main/samplers/schedule';
import { exactChains } from '../../support/exactChains';
import { lg2, mutualInformation } from '../../support/linearModel';
import { contradicts, differences, discrepancy, estimate } from '../../support/moments';
import { random } from '../../support/random';

const estimators = { ais, imAis, crAis, irAis, bdmc };

/** Weights of single data, spread over tens of nats. */
function wild(chains: number, seed: number) {
  const { normals } = random(seed);
  const spread = (count: number): number[] => normals(count).map((value) => -40 + 20 * value);
  return {
    forward: spread(chains),
    reverse: spread(chains),
    coupled: spread(chains - 1),
    independent: spread(chains),
  };
}

function mean(values: readonly (number | undefined)[]): number {
  return values.reduce<number>((total, value) => total + (value ?? Number.NaN), 0) / values.length;
}

describe('bounds of fewer chains from the weights of many', () => {
  it.each(Object.entries(estimators))('of all chains are those of %s itself', (_, estimator) => {
    for (const chains of [1, 2, 7]) {
      const weights = wild(chains, 5 + chains);
      expect(subsetBounds(estimator, weights, chains)).toEqual(estimator(weights));
    }
  });

  it('are means over disjoint subsets; chains that fill none are left out', () => {
    const weights = wild(8, 1);
    const { forward, reverse, coupled } = weights;
    const three = [0, 3].map((start) => ({
      forward: forward.slice(start, start + 3),
      reverse: reverse.slice(start, start + 3),
    }));
    const bounds = subsetBounds(imAis, weights, 3);
    expect(bounds.lower).toBeCloseTo(mean(three.map((each) => imAis(each).lower)), 12);
    expect(bounds.upper).toBeCloseTo(mean(three.map((each) => imAis(each).upper)), 12);
    // Coupled chains belong to forward chain 0: two at a time, three times; the seventh is left out.
    const companions = [0, 2, 4].map((start) => ({
      forward: forward.slice(0, 3),
      coupled: coupled.slice(start, start + 2),
    }));
    expect(subsetBounds(crAis, weights, 3).lower).toBeCloseTo(mean(companions.map((each) => crAis(each).lower)), 12);
    expect(subsetBounds(crAis, weights, 3).upper).toBeCloseTo(mean(three.map((each) => crAis(each).upper)), 12);
  });

  it('of one chain are single-sample AIS', () => {
    const weights = wild(8, 2);
    for (const estimator of [imAis, crAis, bdmc]) {
      const { lower, upper } = subsetBounds(estimator, weights, 1);
      expect(lower).toBeCloseTo(ais(weights).lower ?? Number.NaN, 11);
      expect(upper).toBeCloseTo(ais(weights).upper ?? Number.NaN, 11);
    }
    expect(subsetBounds(irAis, weights, 1).upper).toBeCloseTo(mean(weights.independent), 11);
  });

  it('tighten with K where Jensen says so, path by path', () => {
    for (let seed = 1; seed <= 50; seed += 1) {
      const weights = wild(8, seed);
      const at = [1, 2, 4, 8].map((chains) => ({
        im: subsetBounds(imAis, weights, chains).lower ?? Number.NaN,
        cr: subsetBounds(crAis, weights, chains).upper ?? Number.NaN,
        ir: subsetBounds(irAis, weights, chains).upper ?? Number.NaN,
      }));
      at.slice(1).forEach((more, index) => {
        const fewer = at[index];
        expect(more.im).toBeGreaterThanOrEqual((fewer?.im ?? Number.NaN) - 1e-11);
        expect(more.cr).toBeLessThanOrEqual((fewer?.cr ?? Number.NaN) + 1e-11);
        expect(more.ir).toBeLessThanOrEqual((fewer?.ir ?? Number.NaN) + 1e-11);
      });
    }
  });

  it('do not exist for more chains than there are, or for a side without its chains', () => {
    expect(subsetBounds(imAis, wild(4, 1), 5)).toEqual({ lower: undefined, upper: undefined });
    const { forward } = wild(4, 1);
    const bounds = subsetBounds(crAis, { forward }, 2);
    expect(bounds).toEqual({ lower: undefined, upper: undefined });
    expect(subsetBounds(imAis, { forward }, 2).lower).toBeDefined();
  });

  /**
   * With perfect transitions: the values that a run of K' chains has, from 100 chains; monotone in K on both sides. Four standard
   * errors a check, 0.1 % for all.
   */
  it('are bounds, and have the values of a run with so few chains', () => {
    const { weights, truth } = exactChains(lg2, {
      data: 300,
      chains: 100,
      betas: betasOf({ type: 'linear' }, 5),
      random: random(11),
    });
    const known = {
      imAis: { 2: [1.639, 0.003, 4.614, 0.008], 10: [2.282, 0.002, 2.971, 0.003], 100: [2.535, 0.001, 2.622, 0.001] },
      crAis: { 2: [1.409, 0.003, 6.33, 0.01], 10: [1.809, 0.002, 5.43, 0.01], 100: [2.128, 0.003, 4.56, 0.02] },
    };
    for (const name of ['imAis', 'crAis'] as const) {
      const curve = [2, 10, 100].map((chains) => {
        const bounds = weights.map((each) => subsetBounds(estimators[name], each, chains));
        const side = (of: 'lower' | 'upper'): number[] => bounds.map((bound) => bound[of] ?? Number.NaN);
        for (const of of ['lower', 'upper'] as const) expect(contradicts(of, side(of), truth)).toBe(false);
        const [lower = 0, lowerSe, upper = 0, upperSe] = known[name][chains as 2 | 10 | 100];
        const information = (of: 'lower' | 'upper') => {
          const { mean: excess, se } = estimate(differences(side(of), truth));
          return { mean: mutualInformation(lg2) - excess, se };
        };
        expect(discrepancy(information('upper'), lower, lowerSe)).toBeLessThan(4);
        expect(discrepancy(information('lower'), upper, upperSe)).toBeLessThan(4);
        return { lower: side('lower'), upper: side('upper') };
      });
      curve.slice(1).forEach((more, index) => {
        const fewer = curve[index] ?? { lower: [], upper: [] };
        const [up, down] = [differences(more.lower, fewer.lower), differences(fewer.upper, more.upper)].map(estimate);
        expect((up?.mean ?? Number.NaN) / (up?.se ?? Number.NaN)).toBeGreaterThan(4);
        expect((down?.mean ?? Number.NaN) / (down?.se ?? Number.NaN)).toBeGreaterThan(4);
      });
    }
  });
});
