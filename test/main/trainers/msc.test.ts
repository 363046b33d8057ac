import { describe, expect, it } from 'vitest';
import { buildTarget } from '../../../src/main/targets';
import { ConditionalImportance } from '../../../src/main/trainers/conditionalImportance';
import type { MethodContext } from '../../../src/main/trainers/methodTypes';
import { climbScores, type MscSnapshot } from '../../../src/main/trainers/msc';
import { openDevice } from '../../../src/main/tensor/devices';
import { methodSchema, type MscSpec } from '../../../src/shared/runFile';
import { finish } from '../../support/finish';
import { normals } from '../../support/flows';
import { discrepancy, estimate } from '../../support/moments';

const target = await buildTarget({ type: 'bimodal', dim: 1, sigma: 0.25 }, '.');
const context: MethodContext = {
  ...{ name: 'msc', target, device: await openDevice('cpu'), seed: 4 },
  precision: 'float32',
};

function mscSpec(spec: Record<string, unknown>): MscSpec {
  return methodSchema.parse({ type: 'msc', ...spec }) as MscSpec;
}

/** Means of x and of (x − ½)² over many steps of chains that keep q at N(½, 0.36), chain by chain. @param hold keep the points */
async function moments(candidates: number, hold: boolean): Promise<{ first: number[]; second: number[] }> {
  const [chains, steps, dropped] = [200, 1000, 50];
  const sampler = await ConditionalImportance.open(context, { candidates, chains, seed: 6 });
  const normal = { mean: Float64Array.of(0.5), logStd: Float64Array.of(Math.log(0.6)) };
  const first = new Array<number>(chains).fill(0);
  const second = new Array<number>(chains).fill(0);
  let retained = sampler.start(normal);
  for (let step = 0; step < steps + dropped; step += 1) {
    // Fresh points in place of those that were kept: importance resampling, which is biased.
    const from = hold ? retained : normals(chains, step).map((value) => 0.5 + 0.6 * value);
    const found = await sampler.step(normal, from, step);
    if (found === undefined) throw new Error('A weight is no number.');
    ({ retained } = found);
    if (step < dropped) continue;
    retained.forEach((value, chain) => {
      first[chain] = (first[chain] ?? NaN) + value / steps;
      second[chain] = (second[chain] ?? NaN) + (value - 0.5) ** 2 / steps;
    });
  }
  await sampler.dispose();
  return { first, second };
}

describe('conditional importance sampling', () => {
  // 200 chains of 1,000 steps; 4 standard errors over chains: each test fails once in 16,000 if the target is invariant.
  it.each([16, 2])('leaves the target invariant with %d candidates', async (candidates) => {
    const { first, second } = await moments(candidates, true);
    expect(discrepancy(estimate(first), 0.5)).toBeLessThan(4);
    expect(discrepancy(estimate(second), 0.3125)).toBeLessThan(4);
    expect(Math.abs(estimate(first).mean - 0.5)).toBeLessThan(0.01);
    expect(Math.abs(estimate(second).mean - 0.3125)).toBeLessThan(0.01);
  });

  it('that forgets the point it held is found out', async () => {
    const { second } = await moments(2, false);
    expect(discrepancy(estimate(second), 0.3125)).toBeGreaterThan(4);
  });

  it('has the score of q, weighted', async () => {
    const [candidates, chains] = [5, 3];
    const sampler = await ConditionalImportance.open(
      { ...context, precision: 'float64' },
      { candidates, chains, seed: 1 },
    );
    const normal = { mean: Float64Array.of(0.2), logStd: Float64Array.of(-0.3) };
    const retained = Float64Array.of(0.1, 0.9, -0.4);
    const found = await sampler.step(normal, retained, 3);
    // The same step with another q has the same noise: z = μ + σ ε gives ε back.
    const points = (sampler as unknown as { points: Float64Array }).points.slice();
    await sampler.dispose();
    const std = Math.exp(-0.3);
    let [score, scale, effective] = [0, 0, 0];
    for (let chain = 0; chain < chains; chain += 1) {
      const z = Array.from({ length: candidates }, (_, i) => points[i * chains + chain] ?? NaN);
      expect(z[0]).toBe(retained[chain]);
      const weights = z.map((x) => {
        const f = 0.5 * Math.exp(-8 * x * x) + 0.5 * Math.exp(-8 * (x - 1) ** 2);
        return f / Math.exp(-0.5 * ((x - 0.2) / std) ** 2);
      });
      const total = weights.reduce((a, b) => a + b, 0);
      weights.forEach((weight, i) => {
        const scaled = ((z[i] ?? NaN) - 0.2) / std;
        score += ((weight / total) * scaled) / std / chains;
        scale += ((weight / total) * (scaled * scaled - 1)) / chains;
      });
      effective += total ** 2 / weights.reduce((sum, weight) => sum + weight * weight, 0) / chains;
      expect(z).toContain(found?.retained[chain]);
    }
    expect(found?.score.mean[0]).toBeCloseTo(score, 12);
    expect(found?.score.logStd[0]).toBeCloseTo(scale, 12);
    expect(found?.effective).toBeCloseTo(effective, 12);
  });
});

describe('Markovian score climbing', () => {
  it('goes to the moments of the target', async () => {
    const { trained } = await finish(climbScores(mscSpec({}), context));
    const { mean, logVariance } = trained.average;
    // One run of 20,000 updates; over seeds the mean moves by 0.006 and the variance by 0.003.
    expect(Math.abs((mean[0] ?? NaN) - 0.5)).toBeLessThan(0.02);
    expect(Math.abs(Math.exp(logVariance[0] ?? NaN) - 0.3125)).toBeLessThan(0.01);
    expect(trained.effectiveSampleSize).toBeGreaterThan(8);
    expect(trained.effectiveSampleSize).toBeLessThan(16);
  });

  it('with several chains goes there with less noise, and faster', async () => {
    const spec = mscSpec({ chains: 32, iterations: 1500, average: 0.5 });
    const { trained } = await finish(climbScores(spec, context));
    expect(Math.abs(Math.exp(trained.average.logVariance[0] ?? NaN) - 0.3125)).toBeLessThan(0.01);
  });

  it('that is taken up again ends with the same bits', async () => {
    const spec = mscSpec({ samples: 4, chains: 3, iterations: 40, average: 0.5 });
    const whole = await finish(climbScores(spec, context));
    const first = climbScores(spec, context);
    let snapshot: MscSnapshot | undefined;
    for (let update = 0; update < 25; update += 1) {
      const { value } = await first.next();
      if (value !== undefined && 'capture' in value) snapshot = value.capture();
    }
    await first.next();
    await first.return(undefined as never);
    const rest = await finish(climbScores(spec, context, structuredClone(snapshot)));
    expect(rest.steps).toHaveLength(15);
    expect(rest.trained).toEqual(whole.trained);
    const again = await finish(climbScores(spec, context, whole.steps.at(-1)?.capture()));
    expect(again).toEqual({ steps: [], trained: whole.trained });
  });

  it('ends with a sentence where nothing has a weight', async () => {
    const spec = mscSpec({ start: { mean: -1e3 }, iterations: 100 });
    const funnel = await buildTarget({ type: 'funnel', dim: 3, sigma: 3 }, '.');
    const { trained, steps } = await finish(climbScores(spec, { ...context, target: funnel }));
    expect(trained.diverged?.message).toMatch(
      /^The method "msc" diverged: 25 updates in a row up to update \d+ had weights/,
    );
    expect(steps.at(-1)?.iteration).toBe(100);
    expect(trained.average.mean).toEqual(Float64Array.of(-1e3, -1e3, -1e3));
  });
});
