import { describe, expect, it } from 'vitest';
import { betasOf } from '../../../src/main/samplers/schedule';
import { annealChains } from '../../../src/main/samplers/temperedAis';
import { acceptanceAt } from '../../../src/main/samplers/temperatureTrace';
import { pilotLength, temperedPilot, type TemperedPilotOptions } from '../../../src/main/samplers/temperedPilot';
import { stepSizeAt } from '../../../src/main/samplers/stepSizes';
import { ran, samplerContext } from '../../support/samplers';

const base = { mean: 0, std: 1 };
const optionsFor = (schedule: TemperedPilotOptions['schedule']): TemperedPilotOptions => ({
  ...{ base, schedule, leapfrog: 4, acceptance: 0.75, rows: 256 },
});
const narrow = { type: 'gaussian', dim: 4, std: 0.05 };

describe('a pilot of annealing', () => {
  it('finds step sizes with which others accept as wanted, from wide to narrow', async () => {
    const context = await samplerContext(narrow);
    const betas = betasOf({ type: 'sigmoid', rad: 6 }, 40);
    const { result, steps } = await ran(temperedPilot(context, optionsFor(betas)));
    if (result === undefined) throw new Error('stopped');
    expect(steps).toBe(pilotLength(40));
    expect(result.gradientEvaluations).toBe(256 * (1 + 4 * steps));
    expect(result.betas).toEqual(betas);
    const stepSizes = betas.map((beta) => stepSizeAt(result.table, beta));
    expect((stepSizes[1] ?? NaN) / (stepSizes[40] ?? NaN)).toBeGreaterThan(4);
    const chains = { direction: 'forward', base, betas, stepSizes, leapfrog: 4, chains: 400 } as const;
    const measured = (await ran(annealChains({ ...context, seed: 77 }, chains))).result;
    for (let t = 10; t < 40; t += 1) {
      const share = measured === undefined ? NaN : acceptanceAt(measured.trace, t);
      expect(share, `at temperature ${t}`).toBeGreaterThan(0.6);
      expect(share, `at temperature ${t}`).toBeLessThan(0.9);
    }
  });

  it('spaces temperatures where asked, more of them for less loss, and says where they ran out', async () => {
    const context = await samplerContext(narrow);
    const paced = async (conditionalEss: number, most = 200) => {
      const { result, snapshot } = await ran(temperedPilot(context, optionsFor({ conditionalEss, most })));
      if (result === undefined) throw new Error('stopped');
      expect(snapshot).toBeUndefined();
      return result;
    };
    const [few, many] = [await paced(0.5), await paced(0.9)];
    expect(many.betas.length).toBeGreaterThan(1.5 * few.betas.length);
    for (const { betas, lastShare } of [few, many]) {
      expect([betas[0], betas.at(-1)]).toEqual([0, 1]);
      expect([...betas]).toEqual([...betas].sort((a, b) => a - b));
      expect(lastShare).toBeGreaterThan(0.49);
    }
    // From wide to narrow the first steps must be the smallest.
    expect(many.betas[1]).toBeLessThan(0.02);
    const short = await paced(0.9, 3);
    expect(short.betas).toHaveLength(4);
    expect(short.lastShare).toBeLessThan(0.3);
  });

  it.each([
    [5, false],
    [31, false],
    [33, true],
    [40, true],
  ])('goes on after transition %d with equal bits (spaced on the way: %s)', async (stop, paced) => {
    const context = await samplerContext(narrow, { precision: 'float32' });
    const options = optionsFor(paced ? { conditionalEss: 0.5, most: 50 } : betasOf({ type: 'linear' }, 8));
    const whole = await ran(temperedPilot(context, options));
    const { snapshot } = await ran(temperedPilot(context, options), stop);
    expect((await ran(temperedPilot(context, options, snapshot))).result).toEqual(whole.result);
    // And from its end.
    const last = await ran(temperedPilot(context, options), whole.steps);
    expect(last.snapshot?.iteration).toBe(paced ? pilotLength(50) : pilotLength(8));
    expect((await ran(temperedPilot(context, options, last.snapshot))).result).toEqual(whole.result);
  });
});
