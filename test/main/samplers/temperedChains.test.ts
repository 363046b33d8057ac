import { describe, expect, it } from 'vitest';
import { rowNoise } from '../../../src/main/samplers/rowNoise';
import { acceptanceOf, emptyRows, rowsAtOnce, TemperedChains } from '../../../src/main/samplers/temperedChains';
import { discrepancy, estimate } from '../../support/moments';
import { expectNear } from '../../support/near';
import { samplerContext } from '../../support/samplers';

const base = { mean: 0, std: 1 };

describe('HMC of rows', () => {
  it('makes the trajectory that is known, and its energy', async () => {
    const context = await samplerContext({ type: 'gaussian', mean: [0] });
    const chains = await TemperedChains.open(context, base, 1);
    const state = { ...emptyRows(1, 1), position: Float64Array.of(1) };
    await chains.evaluate(state);
    await chains.transition(state, {
      betas: Float64Array.of(1),
      stepSizes: Float64Array.of(0.3),
      momentum: Float64Array.of(0.5),
      logUniform: Float64Array.of(-1e-9),
      leapfrog: 10,
    });
    // Half kick, nine drifts and kicks, drift, half kick from (1, 0.5), as another program did it.
    expect(state.position[0]).toBeCloseTo(-0.9258596838903168, 13);
    expect(chains.info.energyDrop[0]).toBeCloseTo(0.0016063183, 9);
    expect(chains.info).toMatchObject({ accepted: 1, divergences: 0 });
    // One at the start and L in the trajectory.
    expect(chains.gradientEvaluations).toBe(11);
    await chains.dispose();
  });

  it('keeps value and gradient of where it is, whichever rows are refused', async () => {
    const context = await samplerContext({ type: 'funnel', dim: 3, sigma: 0.9 });
    const rows = 50;
    const chains = await TemperedChains.open(context, base, rows);
    const state = emptyRows(rows, 3);
    const noise = rowNoise({ seed: 3, first: 0, rows }, 3);
    noise.base(base, state.position);
    await chains.evaluate(state);
    for (let step = 0; step < 4; step += 1) {
      await chains.transition(state, {
        ...noise.transition(step, 0.9),
        betas: Float64Array.from({ length: rows }, (_, row) => row / rows),
        leapfrog: 3,
      });
    }
    expect(chains.info.accepted).toBeGreaterThan(0.1);
    expect(chains.info.accepted).toBeLessThan(0.9);
    const again = { ...emptyRows(rows, 3), position: state.position };
    await chains.evaluate(again);
    expect(state.logTarget).toEqual(again.logTarget);
    expect(state.gradient).toEqual(again.gradient);
    await chains.dispose();
  });

  /** Second moments after many transitions of rows that begin exactly at π_β: z-score of their mean. */
  async function drift(scale: number, wrong = false): Promise<number> {
    const [rows, beta, std] = [4000, 0.3, 0.5];
    const context = await samplerContext({ type: 'gaussian', mean: [0], std });
    const own = { mean: 0, std: scale };
    const variance = 1 / ((1 - beta) / (scale * scale) + beta / (std * std));
    const chains = await TemperedChains.open(context, own, rows);
    const state = emptyRows(rows, 1);
    const noise = rowNoise({ seed: 8, first: 0, rows }, 1);
    noise.base({ mean: 0, std: Math.sqrt(variance) }, state.position);
    await chains.evaluate(state);
    for (let step = 0; step < 12; step += 1) {
      const drawn = noise.transition(step, (1.1 * Math.sqrt(variance)) / scale);
      // Without the Metropolis test.
      if (wrong) drawn.logUniform.fill(-1e9);
      await chains.transition(state, { ...drawn, betas: new Float64Array(rows).fill(beta), leapfrog: 3 });
    }
    await chains.dispose();
    return discrepancy(estimate([...state.position].map((value) => value * value)), variance);
  }

  // Four standard errors: each rejects what is right once in 16,000 times.
  it.each([1, 3])('leaves π_β invariant, with a base of width %d', async (scale) => {
    expect(await drift(scale)).toBeLessThan(4);
  });

  it('that accepts everything is found out', async () => {
    expect(await drift(1, true)).toBeGreaterThan(4);
  });

  it('does not depend on how rows are cut', async () => {
    const context = await samplerContext({ type: 'bimodal', dim: 2, sigma: 0.5 });
    const run = async (first: number, rows: number): Promise<number[]> => {
      const chains = await TemperedChains.open(context, base, rows);
      const state = emptyRows(rows, 2);
      const noise = rowNoise({ seed: 8, first, rows }, 2);
      noise.base(base, state.position);
      await chains.evaluate(state);
      for (let step = 0; step < 3; step += 1) {
        const betas = Float64Array.from({ length: rows }, (_, row) => 1 / (1 + first + row));
        await chains.transition(state, { ...noise.transition(step, 0.2), betas, leapfrog: 4 });
      }
      await chains.dispose();
      return [...state.position];
    };
    const whole = await run(0, 12);
    expectNear(await run(5, 4), whole.slice(10, 18), 1e-12);
  });

  it('says how many rows fit', () => {
    const target = (dim: number, size: number) => ({
      dim,
      constants: { a: { shape: [size / dim, dim], data: new Float32Array(size) } },
      logDensity: () => () => {
        throw new Error('Not asked for.');
      },
    });
    expect(rowsAtOnce(target(2, 12), 10)).toBe(8192);
    expect(rowsAtOnce(target(100, 100_000), 10)).toBeLessThan(600);
    expect(rowsAtOnce(target(1000, 10_000_000), 100)).toBe(1);
  });

  it('counts acceptance over a part of the rows, and what is no number as refused', () => {
    expect(acceptanceOf(Float64Array.of(0.5, Math.log(0.5), NaN, -Infinity), 0, 4)).toBeCloseTo(0.375, 12);
    expect(acceptanceOf(Float64Array.of(0.5, Math.log(0.5), NaN), 1, 2)).toBeCloseTo(0.5, 12);
  });
});
