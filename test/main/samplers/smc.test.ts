import { afterEach, describe, expect, it, vi } from 'vitest';
import { betasOf } from '../../../src/main/samplers/schedule';
import { runPopulations, smcLength, type SmcBlock, type SmcOptions } from '../../../src/main/samplers/smc';
import { discrepancy, estimate } from '../../support/moments';
import { misled, ran, samplerContext } from '../../support/samplers';

afterEach(() => vi.restoreAllMocks());

const optionsFor = (steps: number, more: Partial<SmcOptions> = {}): SmcOptions => ({
  ...{ base: { mean: 0, std: 1 }, betas: betasOf({ type: 'linear' }, steps), leapfrog: 3, moves: 1 },
  ...{ stepSizes: new Float64Array(steps + 1).fill(0.4), particles: 16, populations: 500, threshold: 0.5 },
  ...more,
});
const scaled = { type: 'gaussian', mean: [1.5, -1], std: [0.6, 1.2] };

async function estimates(options: SmcOptions): Promise<{ logZ: number[]; blocks: SmcBlock[] }> {
  const { parts } = await ran(runPopulations(await samplerContext(scaled), options));
  return { logZ: parts.flatMap(({ logZ }) => [...logZ]), blocks: parts };
}

/** Six modes on a circle of radius eight. */
const circle = {
  type: 'gaussian-mixture',
  means: Array.from({ length: 6 }, (_, j) => [8 * Math.cos((Math.PI * j) / 3), 8 * Math.sin((Math.PI * j) / 3)]),
};

describe('sequential Monte Carlo', () => {
  // E[Ẑ] = Z = 1 for any number of particles; four standard errors over populations: once in 16,000 times each.
  it.each([
    [2, 0.5],
    [16, 0.5],
    [16, 1.1],
    [16, 0],
  ])('is unbiased for Z with %d particles and threshold %d', async (particles, threshold) => {
    const populations = 8000 / particles;
    const { logZ } = await estimates(optionsFor(6, { particles, populations, threshold }));
    expect(logZ).toHaveLength(populations);
    const found = estimate(logZ.map(Math.exp));
    expect(discrepancy(found, 1)).toBeLessThan(4);
    expect(found.se).toBeLessThan(0.03);
    // And below log Z on average, by Jensen; of two particles by far.
    const logs = estimate(logZ);
    expect(logs.mean).toBeLessThan(particles === 2 ? -4 * logs.se : logs.se);
  });

  it('with transitions toward other temperatures is found out', async () => {
    misled(0.15);
    const { logZ } = await estimates(optionsFor(6));
    expect(discrepancy(estimate(logZ.map(Math.exp)), 1)).toBeGreaterThan(4);
  });

  it('has particles whose mean weight is the estimate, and the moments of the target', async () => {
    const { logZ, blocks } = await estimates(optionsFor(12, { particles: 100, populations: 60 }));
    const weights = blocks.flatMap(({ logWeights }) => [...logWeights].map(Math.exp));
    logZ.forEach((value, p) => {
      const own = weights.slice(100 * p, 100 * (p + 1));
      expect(own.reduce((sum, weight) => sum + weight, 0) / 100).toBeCloseTo(Math.exp(value), 10);
    });
    const positions = blocks.flatMap(({ positions: own }) => [...own]);
    // The mean of each population under its weights; four standard errors.
    const means = logZ.map((_, p) => {
      let [top, total] = [0, 0];
      for (let i = 100 * p; i < 100 * (p + 1); i += 1) {
        top += (weights[i] ?? NaN) * (positions[2 * i] ?? NaN);
        total += weights[i] ?? NaN;
      }
      return top / total;
    });
    expect(discrepancy(estimate(means), 1.5)).toBeLessThan(4);
    expect(estimate(means).se).toBeLessThan(0.02);
  });

  it('resamples where the effective size falls below the threshold, and counts families', async () => {
    const context = await samplerContext(scaled);
    const trace = async (threshold: number) => {
      const { result, parts } = await ran(runPopulations(context, optionsFor(6, { threshold, populations: 20 })));
      if (result === undefined) throw new Error('stopped');
      return { ...result.trace, last: parts.flatMap(({ families }) => [...families]) };
    };
    const never = await trace(0);
    expect(never.resampled.reduce((a, b) => a + b)).toBe(0);
    expect(never.families.slice(1)).toEqual(new Float64Array(6).fill(20));
    expect(never.last).toEqual(new Array(20).fill(16));
    const always = await trace(1.1);
    expect(always.resampled.slice(1)).toEqual(new Float64Array(6).fill(20));
    // Families only die out.
    for (let t = 2; t <= 6; t += 1) expect(always.families[t]).toBeLessThanOrEqual(always.families[t - 1] ?? NaN);
    expect(always.families[6]).toBeLessThan(12);
    expect(always.last.reduce((a, b) => a + b) / 16).toBeCloseTo(always.families[6] ?? NaN, 12);
  });

  it('follows the known log Z of every temperature on a circle of modes', async () => {
    const steps = 64;
    const context = await samplerContext(circle, { precision: 'float32' });
    const own = { particles: 500, populations: 16, threshold: 0.3, leapfrog: 5 };
    const stepSizes = new Float64Array(steps + 1).fill(0.8);
    const { result } = await ran(runPopulations(context, optionsFor(steps, { ...own, stepSizes })));
    // By quadrature, at β = k/8. Over seeds the mean of 16 populations moves by up to 0.027; five of that, for eight numbers.
    const known = [-2.78346, -5.01218, -6.50854, -7.14232, -6.83693, -5.55353, -3.27618, 0];
    known.forEach((value, k) => {
      const t = 8 * (k + 1);
      const mean = (result?.trace.logZ[t] ?? NaN) / (result?.trace.populations[t] ?? NaN);
      expect(Math.abs(mean - value), `β = ${k + 1}/8`).toBeLessThan(0.135);
    });
  });

  it('costs one gradient at the start and L for each transition at each of K temperatures', async () => {
    const context = await samplerContext(scaled);
    const own = optionsFor(5, { leapfrog: 7, moves: 3, populations: 4 });
    const { result, steps } = await ran(runPopulations(context, own));
    expect(result?.gradientEvaluations).toBe(4 * 16 * (1 + 7 * 3 * 5));
    expect(steps).toBe(15);
    expect(smcLength(context, own)).toBe(15);
  });

  it('does not depend on how populations are cut into blocks', async () => {
    const context = await samplerContext(scaled);
    const [steps, particles] = [2, 3000];
    const many = await ran(runPopulations(context, optionsFor(steps, { particles, populations: 3 })));
    const one = await ran(runPopulations(context, optionsFor(steps, { particles, populations: 1 })));
    expect(many.parts.map(({ logZ }) => logZ.length)).toEqual([2, 1]);
    expect(many.parts[0]?.logZ[0]).toBeCloseTo(one.parts[0]?.logZ[0] ?? NaN, 10);
    expect(new Set(many.parts.flatMap(({ logZ }) => [...logZ])).size).toBe(3);
  });

  it.each([6, 10, 19])('goes on after transition %d with equal bits', async (stop) => {
    const context = await samplerContext(scaled, { precision: 'float32' });
    const own = optionsFor(5, { particles: 3000, populations: 4, moves: 2, threshold: 0.8 });
    const whole = await ran(runPopulations(context, own));
    const { snapshot, parts } = await ran(runPopulations(context, own), stop);
    const rest = await ran(runPopulations(context, own, snapshot));
    expect(rest.result).toEqual(whole.result);
    expect([...parts, ...rest.parts]).toEqual(whole.parts);
  });
});
