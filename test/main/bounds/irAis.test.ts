import { describe, expect, it } from 'vitest';
import { ais } from '../../../src/main/bounds/ais';
import { chainEstimators } from '../../../src/main/bounds';
import { irAis } from '../../../src/main/bounds/irAis';
import { ReverseSum, riwae } from '../../../src/main/bounds/riwae';
import { random } from '../../support/random';

/** Weights as wild as those of a bad run: spread over tens of nats. */
function wild(chains: number, seed: number): { forward: number[]; independent: number[] } {
  const { normals } = random(100 * chains + seed);
  const spread = (centre: number): number[] => normals(chains).map((value) => centre + 20 * value);
  return { forward: spread(-60), independent: spread(-20) };
}

/** −log (1/K) Σ e^{−W}, in two passes. */
function harmonic(weights: readonly number[]): number {
  const least = weights.reduce((a, b) => Math.min(a, b));
  return least - Math.log(weights.reduce((sum, weight) => sum + Math.exp(least - weight), 0) / weights.length);
}

function mean(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0) / values.length;
}

const seeds = Array.from({ length: 20 }, (_, seed) => seed + 1);
// A few roundings of doubles of size 1e2.
const digits = 11;

describe('independent reverse multi-sample AIS', () => {
  it('has its name', () => expect(chainEstimators['ir-ais']).toBe(irAis));

  it.each([1, 2, 3, 16])('is the average over which forward chain stands in, K = %i', (chains) => {
    for (const seed of seeds) {
      const { forward, independent } = wild(chains, seed);
      const bounds = irAis({ forward, independent });
      const each = forward.map((first, k) => harmonic([first, ...independent.filter((_, index) => index !== k)]));
      expect(bounds.lower).toBeCloseTo(mean(each), digits);
      expect(bounds.upper).toBeCloseTo(harmonic(independent), digits);
      // No more than log K above single-sample AIS, forward chain by forward chain; never above it on the other side.
      expect(bounds.lower ?? Number.NaN).toBeLessThanOrEqual(mean(forward) + Math.log(chains) + 1e-11);
      expect(bounds.upper ?? Number.NaN).toBeLessThanOrEqual(mean(independent) + 1e-11);
    }
  });

  it('does with K − 1 independent chains for the lower side, and then has no upper one', () => {
    for (const seed of seeds) {
      const { forward, independent } = wild(5, seed);
      const four = independent.slice(1);
      const bounds = irAis({ forward, independent: four });
      expect(bounds.lower).toBeCloseTo(mean(forward.map((first) => harmonic([first, ...four]))), digits);
      expect(bounds.upper).toBeUndefined();
      expect(irAis({ forward, independent: four.slice(1) })).toEqual({ lower: undefined, upper: undefined });
    }
  });

  it('with T = 1 is reverse IWAE on the same weights', () => {
    for (const seed of seeds) {
      const { forward, independent } = wild(4, seed);
      const all = new ReverseSum();
      for (const weight of independent) all.add(weight);
      expect(irAis({ forward, independent }).upper).toBeCloseTo(riwae.upper(all), digits);
      const own = forward.map((first, left) => {
        const others = new ReverseSum();
        independent.forEach((weight, index) => index !== left && others.add(weight));
        return riwae.lower(first, others);
      });
      expect(irAis({ forward, independent }).lower).toBeCloseTo(mean(own), digits);
    }
  });

  it('takes one coupled chain for an independent one: both sides at K = 1, the lower at K = 2, nothing beyond', () => {
    const single = { forward: [-7], reverse: [-2] };
    expect(irAis(single)).toEqual(ais(single));
    expect(irAis({ forward: [-7] })).toEqual({ lower: -7, upper: undefined });
    const two = irAis({ forward: [-7, -9], reverse: [-2, -3] });
    expect(two.lower).toBeCloseTo((harmonic([-7, -2]) + harmonic([-9, -2])) / 2, digits);
    expect(two.upper).toBeUndefined();
    const three = irAis({ forward: [-7, -9, -8], reverse: [-2, -3, -4] });
    expect(three).toEqual({ lower: undefined, upper: undefined });
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('never hides %s', (bad) => {
    for (const place of [0, 1, 2]) {
      const spoiled = [-3, -4, -5].map((weight, index) => (index === place ? bad : weight));
      const fine = [-3, -4, -5];
      expect(Number.isFinite(irAis({ forward: spoiled, independent: fine }).lower)).toBe(false);
      expect(Number.isFinite(irAis({ forward: fine, independent: spoiled }).lower)).toBe(false);
      expect(Number.isFinite(irAis({ forward: fine, independent: spoiled }).upper)).toBe(false);
    }
  });
});
