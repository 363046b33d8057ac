import { describe, expect, it } from 'vitest';
import {
  bimodalFit,
  bimodalGap,
  bimodalOptimum,
  bimodalPerfect,
  type Criterion,
} from '../../../../src/main/targets/oracles/bimodal';
import { expectNear } from '../../../support/near';

// [d, σ, criterion, m, s, KL(q‖π), KL(π‖q), entropy], from an independent quadrature in float64.
const rows: [number, number, Criterion, number, number, number, number, number][] = [
  [1, 0.25, 'reverse', 0.5, 0.26189, 0.226508, 0.180283, 0.74902],
  [1, 0.25, 'forward', 0.5, 0.3125, 0.247828, 0.171999, 0.83736],
  [1, 0.25, 'symmetrised', 0.5, 0.27565, 0.2282, 0.176105, 0.77463],
  [1, 0.1, 'forward', 0.5, 0.26, 3.70909, 0.935902, 0.7454],
  [1, 0.1, 'symmetrised', 0.5, 0.185806, 3.310679, 0.967567, 0.57741],
  [1, 0.5, 'reverse', 0.5, 0.485622, 0.010888, 0.009958, 1.05778],
  [1, 0.5, 'forward', 0.5, 0.5, 0.011178, 0.009743, 1.07236],
  [1, 0.5, 'symmetrised', 0.5, 0.491705, 0.01094, 0.009813, 1.064],
  [2, 0.25, 'reverse', 0.00433, 0.064666, 0.685799, 6.979354, 0.09936],
  [2, 0.25, 'forward', 0.5, 0.3125, 1.985931, 0.922902, 1.67473],
  [2, 0.25, 'symmetrised', 0.5, 0.219288, 1.658025, 0.99375, 1.32051],
  [2, 0.1, 'forward', 0.5, 0.26, 18.657815, 2.564949, 1.4908],
  [2, 0.1, 'symmetrised', 0.07261, 0.069255, 5.071806, 6.633846, 0.16792],
  [2, 0.5, 'reverse', 0.5, 0.413083, 0.225309, 0.212526, 1.95377],
  [2, 0.5, 'forward', 0.5, 0.5, 0.250193, 0.193075, 2.14473],
  [2, 0.5, 'symmetrised', 0.5, 0.449492, 0.229977, 0.198952, 2.03824],
];

describe('a factorised Gaussian against two modes', () => {
  it.each(rows)(
    'in %i dimensions with σ = %d is best by the %s divergence where it should be',
    (dim, sigma, criterion, m, variance, reverse, forward, entropy) => {
      const found = bimodalOptimum({ dim, sigma }, criterion);
      expect(Math.abs(found.variance - variance)).toBeLessThan(1e-4);
      expect(Math.abs(found.m - m)).toBeLessThan(1e-4);
      expect(Math.abs(found.reverse - reverse)).toBeLessThan(1e-5);
      expect(Math.abs(found.forward - forward)).toBeLessThan(1e-5);
      expect(Math.abs(found.entropy - entropy)).toBeLessThan(1e-4);
    },
  );

  it.each([
    [1, 0.01, 0.693146, 24.306],
    [2, 0.01, 0.693147, 49.307],
  ])('in %i dimensions with σ = 0.1 sits on one mode by the reverse divergence', (dim, variance, reverse, forward) => {
    const found = bimodalOptimum({ dim, sigma: 0.1 }, 'reverse');
    expect(found.m).toBeLessThan(1e-4);
    expect(Math.abs(found.variance - variance)).toBeLessThan(1e-6);
    expect(Math.abs(found.reverse - reverse)).toBeLessThan(1e-5);
    expect(Math.abs(found.forward - forward)).toBeLessThan(1e-3);
  });

  it('has its best centred solution where it is held there', () => {
    const narrow = bimodalOptimum({ dim: 1, sigma: 0.1 }, 'reverse', { centred: true });
    expect(narrow.m).toBe(0.5);
    expectNear([narrow.variance, narrow.reverse, narrow.forward], [0.178301, 3.306604, 0.976402], 1e-5);
    const wide = bimodalOptimum({ dim: 2, sigma: 0.25 }, 'reverse', { centred: true });
    expectNear([wide.variance, wide.reverse], [0.180185, 1.617979], 1e-5);
  });

  it('leans on one mode in many dimensions', () => {
    const five = bimodalOptimum({ dim: 5, sigma: 0.25 }, 'symmetrised');
    expectNear([five.m, five.variance, five.reverse, five.forward], [0.15831, 0.170722, 3.317962, 5.604821], 1e-4);
    const many = bimodalOptimum({ dim: 50, sigma: 0.25 }, 'symmetrised');
    expectNear([many.m, many.variance, many.symmetrised], [0.13633, 0.166725, 90.814386], 1e-4);
  });

  it('is the same by the sums over a line and by sums over a plane', () => {
    const [sigma, m, s] = [0.4, 0.3, 0.2];
    const log = (x: number, y: number, a: number, v: number): number =>
      -0.5 * (((x - a) ** 2 + (y - a) ** 2) / v) - Math.log(2 * Math.PI * v);
    let [reverse, forward] = [0, 0];
    const step = 0.02;
    for (let x = -4; x <= 5; x += step) {
      for (let y = -4; y <= 5; y += step) {
        const q = log(x, y, m, s);
        const pi = Math.log(0.5 * Math.exp(log(x, y, 0, sigma ** 2)) + 0.5 * Math.exp(log(x, y, 1, sigma ** 2)));
        if (q > -40) reverse += step * step * Math.exp(q) * (q - pi);
        if (pi > -40) forward += step * step * Math.exp(pi) * (pi - q);
      }
    }
    const fit = bimodalFit({ dim: 2, sigma }, m, s);
    expect(fit.reverse).toBeCloseTo(reverse, 6);
    expect(fit.forward).toBeCloseTo(forward, 6);
  });
});

describe('annealing to two modes with perfect transitions', () => {
  // [d, σ, K, m, s, gap]
  it.each([
    [1, 0.25, 1, 0.5, 0.26189, 0.226508],
    [1, 0.25, 2, 0.5, 0.265586, 0.107777],
    [1, 0.25, 16, 0.5, 0.273808, 0.012752],
    [2, 0.25, 1, 0.00433, 0.064666, 0.685799],
    [2, 0.25, 2, 0.04094, 0.089227, 0.651857],
    [2, 0.25, 4, 0.3331, 0.193678, 0.351678],
    [2, 0.25, 8, 0.5, 0.210177, 0.171333],
    [1, 0.1, 2, 0, 0.010003, 0.693139],
    [1, 0.1, 4, 0.5, 0.173392, 0.629284],
    [1, 0.1, 8, 0.5, 0.175984, 0.291993],
  ])('in %i dimensions with σ = %d and K = %i learns its m and s', (dim, sigma, steps, m, variance, gap) => {
    const found = bimodalPerfect({ dim, sigma }, steps);
    expect(Math.abs(found.m - m)).toBeLessThan(1e-4);
    expect(Math.abs(found.variance - variance)).toBeLessThan(1e-4);
    expect(Math.abs(found.gap - gap)).toBeLessThan(1e-5);
  });

  it('leaves KL(q ‖ π) after one step and J/(2K) after many', () => {
    const target = { dim: 3, sigma: 0.3 };
    const { reverse, symmetrised } = bimodalFit(target, 0.4, 0.2);
    expect(bimodalGap(target, 0.4, 0.2, 1)).toBeCloseTo(reverse, 8);
    expect((bimodalGap(target, 0.4, 0.2, 400) * 800) / symmetrised).toBeCloseTo(1, 2);
  });
});
