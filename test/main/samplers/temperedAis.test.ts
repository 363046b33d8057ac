import { afterEach, describe, expect, it, vi } from 'vitest';
import { betasOf } from '../../../src/main/samplers/schedule';
import { aisLength, annealChains, type AisOptions } from '../../../src/main/samplers/temperedAis';
import { effectiveShare, logMeanWeight } from '../../../src/main/samplers/temperatureTrace';
import { TemperedChains } from '../../../src/main/samplers/temperedChains';
import { discrepancy, estimate } from '../../support/moments';
import { misled, ran, samplerContext } from '../../support/samplers';

afterEach(() => vi.restoreAllMocks());

const optionsFor = (steps: number, chains: number, more: Partial<AisOptions> = {}): AisOptions => ({
  ...{ direction: 'forward', base: { mean: 0, std: 1 }, betas: betasOf({ type: 'linear' }, steps) },
  ...{ stepSizes: new Float64Array(steps + 1).fill(0.4), leapfrog: 3, chains },
  ...more,
});

/** Transitions that draw N(β m, 1) afresh: what ideal ones would do between N(0, 1) and N(m, 1). */
function perfect(mean: number): void {
  vi.spyOn(TemperedChains.prototype, 'transition').mockImplementation(async function (
    this: TemperedChains,
    state,
    moves,
  ) {
    moves.betas.forEach((beta, row) => (state.position[row] = beta * mean + (moves.momentum[row] ?? NaN)));
    await this.evaluate(state);
  });
}

async function weights(target: object, options: AisOptions): Promise<number[]> {
  const { parts } = await ran(annealChains(await samplerContext(target), options));
  return parts.flatMap(({ logWeights }) => [...logWeights]);
}

describe('annealed importance sampling', () => {
  // m = 3: gap m²/(2K), variance m²/K, effective share e^{−m²/K}. Four standard errors: once in 16,000 times each.
  it.each([10, 50])('with perfect transitions has the gap and the variance of theory, K = %d', async (steps) => {
    perfect(3);
    const count = 20_000;
    const context = await samplerContext({ type: 'gaussian', mean: [3] });
    const { result, parts } = await ran(annealChains(context, optionsFor(steps, count)));
    const logs = parts.flatMap(({ logWeights }) => [...logWeights]);
    const { mean, se } = estimate(logs);
    expect(discrepancy({ mean, se }, -9 / (2 * steps))).toBeLessThan(4);
    const squares = estimate(logs.map((value) => (value - mean) ** 2));
    expect(discrepancy(squares, 9 / steps)).toBeLessThan(4);
    const trace = result?.trace;
    if (trace === undefined) throw new Error('stopped');
    expect(Math.abs(effectiveShare(trace, steps) - Math.exp(-9 / steps))).toBeLessThan(0.05);
    // Normalised at every temperature: log Z_β = −β(1 − β) m²/2.
    expect(Math.abs(logMeanWeight(trace, steps / 2) + 9 / 8)).toBeLessThan(0.05);
  });

  const scaled = { type: 'gaussian', mean: [1.5, -1], std: [0.6, 1.2] };
  const options = optionsFor(6, 8000, { base: { mean: 0.5, std: 1.5 } });

  // E[w] = Z = 1 with few, short transitions; four standard errors, once in 16,000 times.
  it('has unbiased weights', async () => {
    const found = estimate((await weights(scaled, options)).map(Math.exp));
    expect(discrepancy(found, 1)).toBeLessThan(4);
    expect(found.se).toBeLessThan(0.02);
  });

  it('with transitions toward other temperatures is found out', async () => {
    misled(0.15);
    expect(discrepancy(estimate((await weights(scaled, options)).map(Math.exp)), 1)).toBeGreaterThan(4);
  });

  it('in reverse from exact samples has unbiased inverse weights, and bounds from above', async () => {
    const { target } = await samplerContext(scaled);
    const reverse = {
      ...options,
      direction: 'reverse',
      exact: target.sample?.(8000, 5) ?? new Float64Array(),
    } as const;
    const logs = await weights(scaled, reverse);
    const inverse = estimate(logs.map((value) => Math.exp(-value)));
    expect(discrepancy(inverse, 1)).toBeLessThan(4);
    const upper = estimate(logs);
    const lower = estimate(await weights(scaled, options));
    // Loose by many standard errors with six temperatures.
    expect(upper.mean).toBeGreaterThan(10 * upper.se);
    expect(lower.mean).toBeLessThan(-10 * lower.se);
    misled(0.15);
    const wrong = estimate((await weights(scaled, reverse)).map((value) => Math.exp(-value)));
    expect(discrepancy(wrong, 1)).toBeGreaterThan(4);
  });

  it('costs one gradient at the start and L for each of K − 1 transitions', async () => {
    const context = await samplerContext(scaled);
    for (const steps of [1, 5]) {
      const own = optionsFor(steps, 40, { leapfrog: 7 });
      const { result, steps: yields } = await ran(annealChains(context, own));
      expect(result?.gradientEvaluations).toBe(40 * (1 + 7 * (steps - 1)));
      expect(yields).toBe(steps);
      expect(aisLength(context, own)).toBe(steps);
    }
  });

  it('cuts many chains into blocks without a difference, and gives each once', async () => {
    const context = await samplerContext(scaled);
    const own = optionsFor(2, 8195);
    const { parts } = await ran(annealChains(context, own));
    expect(parts.map(({ logWeights }) => logWeights.length)).toEqual([4098, 4097]);
    const first = (await ran(annealChains(context, optionsFor(2, 50)))).parts[0];
    first?.logWeights.forEach((value, i) => expect(parts[0]?.logWeights[i]).toBeCloseTo(value, 10));
    expect(new Set(parts.flatMap(({ logWeights }) => [...logWeights])).size).toBe(8195);
  });

  it.each([1, 4, 5, 6, 9])('goes on after step %d with equal bits', async (stop) => {
    const context = await samplerContext(scaled, { precision: 'float32' });
    const own = optionsFor(5, 9000);
    const whole = await ran(annealChains(context, own));
    const { snapshot, parts } = await ran(annealChains(context, own), stop);
    const rest = await ran(annealChains(context, own, snapshot));
    expect(rest.result).toEqual(whole.result);
    expect([...parts, ...rest.parts]).toEqual(whole.parts);
  });
});
