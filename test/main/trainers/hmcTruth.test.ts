import * as tf from '@tensorflow/tfjs-core';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { buildTarget } from '../../../src/main/targets';
import { openDevice } from '../../../src/main/tensor/devices';
import type { ChainTarget } from '../../../src/main/trainers/dais/fields';
import { disagreement } from '../../../src/main/trainers/disagreement';
import { hmcTruth, type HmcSnapshot } from '../../../src/main/trainers/hmcTruth';
import type { HmcTruth } from '../../../src/main/trainers/methodTypes';
import { methodSchema, type HmcSpec } from '../../../src/shared/runFile';
import { targetSchema } from '../../../src/shared/runFile/target';
import { expectNear } from '../../support/near';

const heart = fileURLToPath(new URL('../../../../shared/data/uci/statlog_heart.libsvm.txt', import.meta.url));
const device = await openDevice('cpu');
const spec = (more: object): HmcSpec => methodSchema.parse({ type: 'hmc', ...more }) as HmcSpec;

async function run(targetSpec: object, method: HmcSpec, stop?: number, resume?: HmcSnapshot) {
  const target = await buildTarget(targetSchema.parse(targetSpec), '.');
  const context = { name: 'hmc', target, device, seed: 1, precision: 'float32' } as const;
  const chains = hmcTruth(method, context, resume);
  let next = await chains.next();
  while (next.done !== true) {
    if (next.value.iteration === stop) {
      const snapshot = structuredClone(next.value.capture());
      await chains.return(undefined as never);
      return { target, snapshot };
    }
    next = await chains.next();
  }
  return { target, truth: next.value };
}

/** Within five of the stated Monte-Carlo errors: one coordinate is rejected by chance once in 1.7 million times. */
function agrees(truth: HmcTruth, mean: ArrayLike<number>, std: ArrayLike<number>): void {
  truth.mean.forEach((value, i) =>
    expect(Math.abs(value - (mean[i] ?? NaN)) / (truth.meanError[i] ?? NaN)).toBeLessThan(5),
  );
  truth.std.forEach((value, i) =>
    expect(Math.abs(value - (std[i] ?? NaN)) / (truth.stdError[i] ?? NaN)).toBeLessThan(5),
  );
}

describe('long HMC', () => {
  const process = { type: 'gaussian-process', observations: 5, lengthScale: 3 };

  it('has the analytic moments of a Gaussian-process posterior, and its chains agree', async () => {
    const { target, truth } = await run(process, spec({ chains: 32, iterations: 400, warmUp: 200, leapfrog: 5 }));
    if (truth === undefined) throw new Error('stopped');
    agrees(truth, target.truth.mean ?? [], target.truth.std ?? []);
    expect(truth.rHat.reduce((a, b) => Math.max(a, b))).toBeLessThan(1.01);
    expect(truth.warning).toBeUndefined();
    expect(truth.acceptance).toBeGreaterThan(0.6);
    // Standard deviations of 0.23 are known to a few thousandths.
    expect(truth.meanError.reduce((a, b) => Math.max(a, b))).toBeLessThan(0.01);
  });

  it('whitens: coordinates of very different scales mix alike', async () => {
    const wide = { type: 'gaussian', mean: [0, 5, -3], std: [0.01, 1, 40] };
    const { truth } = await run(wide, spec({ chains: 32, iterations: 400, warmUp: 400, leapfrog: 5 }));
    if (truth === undefined) throw new Error('stopped');
    agrees(truth, [0, 5, -3], [0.01, 1, 40]);
    expect(truth.rHat.reduce((a, b) => Math.max(a, b))).toBeLessThan(1.01);
  });

  it('whitens: directions a hundred times as narrow as the axes do not hold it up', async () => {
    const long = { type: 'gaussian-process', observations: 30, lengthScale: 3 };
    const { target, truth } = await run(long, spec({ chains: 32, iterations: 400, warmUp: 300 }));
    if (truth === undefined) throw new Error('stopped');
    agrees(truth, target.truth.mean ?? [], target.truth.std ?? []);
    expect(truth.rHat.reduce((a, b) => Math.max(a, b))).toBeLessThan(1.01);
    // Of 12,800 draws.
    expect(truth.effectiveSampleSize.reduce((a, b) => Math.min(a, b))).toBeGreaterThan(6000);
  });

  it.skipIf(!existsSync(heart))(
    `has known moments of a logistic regression${existsSync(heart) ? '' : ' (skipped: ../shared/data does not have it)'}`,
    async () => {
      const { truth } = await run({ type: 'logistic-regression', file: heart }, spec({ chains: 16 }));
      if (truth === undefined) throw new Error('stopped');
      // By 128 chains of 3,000 draws elsewhere; the first five coordinates, the intercept first.
      const mean = [-0.25723, -0.13918, 0.71472, 0.69535, 0.43987];
      const std = [0.1972, 0.2293, 0.2447, 0.2046, 0.2028];
      expectNear(truth.mean, mean, 0.02);
      expectNear(truth.std, std, 0.02);
      expect(truth.rHat.reduce((a, b) => Math.max(a, b))).toBeLessThan(1.01);
    },
  );

  it('brings in chains that begin where the density is far stiffer than where most are', async () => {
    const density: ChainTarget = {
      dim: 2,
      constants: {},
      logDensity: () => (z) => tf.neg(tf.sum(tf.div(tf.pow(z, 6), 6), 1)),
    };
    const method = spec({ chains: 64, iterations: 300, warmUp: 300, leapfrog: 5, start: { mean: 0, std: 3 } });
    const chains = hmcTruth(method, { name: 'hmc', target: density, device, seed: 1, precision: 'float32' });
    let next = await chains.next();
    while (next.done !== true) next = await chains.next();
    // ∫ x² e^{−x⁶/6} / ∫ e^{−x⁶/6} = 6^{1/3} Γ(1/2) / Γ(1/6)
    const std = Math.sqrt((Math.cbrt(6) * Math.sqrt(Math.PI)) / 5.566316001780235);
    agrees(next.value, [0, 0], [std, std]);
    expect(next.value.rHat.reduce((a, b) => Math.max(a, b))).toBeLessThan(1.01);
  });

  it('says so where chains do not agree', async () => {
    const apart = { type: 'bimodal', dim: 1, sigma: 0.02 };
    const { truth } = await run(apart, spec({ chains: 16, iterations: 50, warmUp: 20, leapfrog: 3 }));
    expect(truth?.warning).toMatch(/do not agree yet \(R-hat \d+\.\d+, above 1\.01\)/);
  });

  it('says how far they are from agreeing, with digits that show it', () => {
    expect(disagreement('hmc', 1.00999)).toBeUndefined();
    expect(disagreement('hmc', 1.01)).toBeUndefined();
    expect(disagreement('hmc', 1.01003)).toContain('agree only roughly (R-hat 1.01003, above 1.01)');
    expect(disagreement('hmc', 1.0132)).toContain('agree only roughly (R-hat 1.013, above 1.01)');
    expect(disagreement('hmc', 2.4)).toContain('do not agree yet (R-hat 2.400, above 1.01): its moments are no truth.');
    // A chain that is not finite has no R-hat.
    expect(disagreement('hmc', NaN)).toContain('do not agree yet (R-hat NaN');
  });

  it.each([7, 30, 60, 61, 90])('goes on after transition %i with equal bits', async (stop) => {
    const method = spec({ chains: 4, iterations: 60, warmUp: 60, leapfrog: 3 });
    const whole = (await run(process, method)).truth;
    const { snapshot } = await run(process, method, stop);
    const { truth } = await run(process, method, undefined, snapshot);
    expect(truth).toEqual(whole);
  });
});
