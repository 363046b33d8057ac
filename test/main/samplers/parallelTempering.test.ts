import { afterEach, describe, expect, it, vi } from 'vitest';
import { chainMoments } from '../../../src/main/metrics/chainMoments';
import { equalised, evenLadder } from '../../../src/main/samplers/ladder';
import { rejectionsOf, temperInParallel, type TemperingOptions } from '../../../src/main/samplers/parallelTempering';
import { TemperedChains } from '../../../src/main/samplers/temperedChains';
import { expectNear } from '../../support/near';
import { ran, samplerContext } from '../../support/samplers';

afterEach(() => vi.restoreAllMocks());

const optionsFor = (more: Partial<TemperingOptions> = {}): TemperingOptions => ({
  ...{ base: { mean: 0, std: 1 }, temperatures: 5, adaptive: false, replicas: 32, warmUp: 60, iterations: 200 },
  ...{ leapfrog: 4, acceptance: 0.8 },
  ...more,
});
async function tempered(target: object, options: TemperingOptions, seed = 1) {
  const context = await samplerContext(target, { seed });
  const { result } = await ran(temperInParallel(context, options));
  if (result === undefined) throw new Error('stopped');
  return { ...result, swaps: rejectionsOf(result.counts).map((value) => 1 - value) };
}

describe('a ladder of temperatures', () => {
  it('is cut where rejections add up to equal parts', () => {
    expect([...evenLadder(5)]).toEqual([0, 0.25, 0.5, 0.75, 1]);
    const same = equalised(evenLadder(5), Float64Array.of(0.4, 0.4, 0.4, 0.4));
    expectNear(same, [0, 0.25, 0.5, 0.75, 1], 1e-12);
    // Half of all that is rejected lies between the first two, so half of the steps go there.
    const moved = equalised(evenLadder(5), Float64Array.of(0.6, 0.2, 0.2, 0.2));
    expectNear(moved, [0, 0.125, 0.25, 0.625, 1], 1e-12);
    const [first, ...others] = equalised(evenLadder(4), Float64Array.of(NaN, 0, 0));
    expect(first).toBe(0);
    expect(others.at(-1)).toBe(1);
    expect([...others]).toEqual([...new Set(others)].sort((a, b) => a - b));
  });
});

describe('parallel tempering', () => {
  // Swaps of N(0, I/λ) between precisions 1 and λ: 2 [1 − I_{1/(1+λ)}(d/2, d/2)]. Over seeds the rates move by 0.0017, 0.0021 and 0.0030;
  // five of the largest.
  it.each([
    [2, 0.5, 0.6666667],
    [10, 0.5, 0.2896916],
    [50, 0.8, 0.4329292],
  ])('swaps as often as theory says between normals in %d dimensions', async (dim, precision, rate) => {
    const options = {
      temperatures: 2,
      replicas: 200,
      iterations: 400,
      base: { mean: 0, std: 1 / Math.sqrt(precision) },
    };
    const { swaps } = await tempered({ type: 'gaussian', dim }, optionsFor(options));
    expect(Math.abs((swaps[0] ?? NaN) - rate)).toBeLessThan(0.015);
  });

  it('swaps as often between neighbours on the way from one normal to another', async () => {
    // 2 Φ(−δ m/√2) with m = 4, δ = ¼, for every pair. Over seeds the rates move by up to 0.0044; five of that.
    const { swaps, counts } = await tempered({ type: 'gaussian', mean: [4] }, optionsFor({ replicas: 200 }));
    expect(swaps).toHaveLength(4);
    for (const rate of swaps) expect(Math.abs(rate - 0.4791187)).toBeLessThan(0.022);
    expect(counts.roundTrips).toBeGreaterThan(200);
  });

  const apart = {
    type: 'gaussian-mixture',
    means: [
      [-4, 0],
      [4, 2],
    ],
    weights: [0.2, 0.8],
    stds: [0.7, 0.7],
  };
  const long = optionsFor({ replicas: 64, iterations: 400, base: { mean: 0, std: 4 }, adaptive: true });

  /** The worst of the errors of means and standard deviations, in units of their own standard errors. */
  async function worst(seed: number): Promise<{ z: number; rHat: number }> {
    const { draws } = await tempered(apart, long, seed);
    const { target } = await samplerContext(apart);
    const found = chainMoments(draws, 64, 2);
    const errors = [0, 1].flatMap((i) => [
      ((found.mean[i] ?? NaN) - (target.truth.mean?.[i] ?? NaN)) / (found.meanError[i] ?? NaN),
      ((found.std[i] ?? NaN) - (target.truth.std?.[i] ?? NaN)) / (found.stdError[i] ?? NaN),
    ]);
    return { z: Math.max(...errors.map(Math.abs)), rHat: Math.max(...found.rHat) };
  }

  // Four numbers within five of their stated errors: rejected by chance once in 400,000 times.
  it('has the moments of modes of unequal weights that one chain would never leave', async () => {
    const { z, rHat } = await worst(1);
    expect(z).toBeLessThan(5);
    expect(rHat).toBeLessThan(1.02);
  });

  it('that swaps whatever the energies is found out', async () => {
    vi.spyOn(TemperedChains.prototype, 'logRatio').mockReturnValue(0);
    expect((await worst(1)).z).toBeGreaterThan(5);
  });

  it('moves temperatures to where neighbours swap alike, and tunes steps at each', async () => {
    const narrow = { type: 'gaussian', dim: 5, std: 0.02 };
    const own = { temperatures: 10, replicas: 48, warmUp: 300, iterations: 100 };
    const { swaps: even } = await tempered(narrow, optionsFor(own));
    const { swaps, betas, counts, stepSizes } = await tempered(narrow, optionsFor({ ...own, adaptive: true }));
    expect(even[0]).toBeLessThan(0.01);
    expect(Math.min(...swaps)).toBeGreaterThan(0.2);
    expect(Math.max(...swaps) - Math.min(...swaps)).toBeLessThan(0.2);
    expect([betas[0], betas.at(-1)]).toEqual([0, 1]);
    expect((stepSizes[0] ?? NaN) / (stepSizes.at(-1) ?? NaN)).toBeGreaterThan(3);
    counts.accepted.forEach((sum, rung) => {
      expect(Math.abs(sum / (counts.moved[rung] ?? NaN) - 0.8)).toBeLessThan(0.1);
    });
  });

  it('costs L gradients a sweep for each chain but the hottest, which costs one, and one at the start', async () => {
    const context = await samplerContext({ type: 'gaussian', dim: 2 });
    const options = optionsFor({ replicas: 3, warmUp: 10, iterations: 20, leapfrog: 7 });
    const { result, steps } = await ran(temperInParallel(context, options));
    expect(steps).toBe(30);
    expect(result?.gradientEvaluations).toBe(3 * 4 + 30 * 3 * (4 * 7 + 1));
    expect(result?.draws).toHaveLength(20 * 3 * 2);
  });

  it.each([3, 20, 41, 60])('goes on after sweep %d with equal bits', async (stop) => {
    const context = await samplerContext(apart, { precision: 'float32' });
    const options = optionsFor({ adaptive: true, replicas: 6, warmUp: 40, iterations: 20 });
    const whole = await ran(temperInParallel(context, options));
    const { snapshot } = await ran(temperInParallel(context, options), stop);
    expect((await ran(temperInParallel(context, options, snapshot))).result).toEqual(whole.result);
  });
});
