import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { buildTarget } from '../../../../src/main/targets';
import { evaluateFlow } from '../../../../src/main/trainers/dais/evaluate';
import type { ChainTarget } from '../../../../src/main/trainers/dais/fields';
import type { FlowSpec } from '../../../../src/main/trainers/dais/settings';
import { trainFlow } from '../../../../src/main/trainers/dais/train';
import { patience } from '../../../../src/main/trainers/methodTypes';
import { openDevice } from '../../../../src/main/tensor/devices';
import { methodSchema } from '../../../../src/shared/runFile';
import { finish } from '../../../support/finish';
import { plainChain } from '../../../support/flows';

const narrow = await buildTarget({ type: 'gaussian', dim: 2, mean: 0, std: 1e-4 }, '.');

async function train(spec: Record<string, unknown>, target: ChainTarget) {
  const context = { name: 'narrow', target, device: await openDevice('cpu'), seed: 1, precision: 'float32' as const };
  const parsed = methodSchema.parse({ batch: 2, ...spec }) as FlowSpec;
  return { context, ...(await finish(trainFlow(parsed, context))) };
}

describe('a training whose numbers are not finite', () => {
  it('drops the update, halves the steps that led there, and goes on', async () => {
    const spec = { type: 'dais', steps: 12, stepSize: 1, schedule: 'linear', iterations: 80, start: { std: 1e-3 } };
    const { trained, steps } = await train(spec, narrow);
    expect(trained.diverged).toBeUndefined();
    expect(trained.dropped).toBeGreaterThan(0);
    expect(trained.dropped).toBeLessThan(80);
    const reported = steps.filter(({ report }) => Object.keys(report).length > 0);
    expect(reported).toHaveLength(80 - trained.dropped);
    for (const { report } of reported) expect(Object.values(report).every(Number.isFinite)).toBe(true);
    expect(Math.max(...trained.parameters.logStep.map(Math.exp))).toBeLessThan(0.6);
    // The first update overflowed on its way: the transitions up to there have half their steps, those behind it all.
    const { trained: once } = await train({ ...spec, steps: 40, iterations: 1 }, narrow);
    const stepSizes = [...once.parameters.logStep.map(Math.exp)].map((value) => Number(value.toFixed(9)));
    const halved = stepSizes.lastIndexOf(0.5) + 1;
    expect(halved).toBeGreaterThan(2);
    expect(halved).toBeLessThan(40);
    expect(stepSizes).toEqual([...new Array<number>(halved).fill(0.5), ...new Array<number>(40 - halved).fill(1)]);
  });

  it('ends after many in a row with the last good parameters and a sentence', async () => {
    const spec = { type: 'dais', steps: 100, stepSize: 10, learnStepSizes: false, iterations: 200 };
    const { trained, steps, context } = await train(spec, narrow);
    const { diverged } = trained;
    expect(diverged).toMatchObject({ iteration: patience, transition: expect.any(Number) as number });
    expect(diverged?.message).toMatch(
      /^The method "narrow" diverged: 25 updates in a row up to update 25 were not finite at transition \d+ with step size \S+, after halvings, and were dropped\. Use a "learningRate" below 0\.01 or a "stepSize" below 10\.$/,
    );
    expect(steps).toHaveLength(patience);
    expect(steps.at(-1)?.iteration).toBe(200);
    expect([...trained.average.mean]).toEqual([0, 0]);
    const snapshot = steps.at(-1)?.capture();
    const again = await finish(trainFlow(methodSchema.parse({ ...spec, batch: 2 }) as FlowSpec, context, snapshot));
    expect(again.steps).toHaveLength(0);
    expect(again.trained).toEqual(trained);
  });

  it('says so where there are no transitions to blame', async () => {
    const nowhere: ChainTarget = {
      dim: 1,
      constants: {},
      logDensity: () => (z) => tf.log(tf.sub(tf.sum(tf.square(z), 1), 1e6)),
    };
    const { trained } = await train({ type: 'vi', iterations: 100 }, nowhere);
    expect(trained.diverged?.message).toBe(
      'The method "narrow" diverged: 25 updates in a row up to update 25 were not finite and were dropped. Use a "learningRate" below 0.01, or a "start" where the density is finite.',
    );
  });

  it('counts draws that are not finite and leaves them out', async () => {
    const context = {
      name: 'n',
      target: narrow,
      device: await openDevice('cpu'),
      seed: 1,
      precision: 'float32' as const,
    };
    const { trained } = await finish(
      evaluateFlow(plainChain(2, 60, { stepSize: 10 }), { samples: 64, particles: 4 }, context),
    );
    expect(trained.dropped).toBe(64);
    expect(trained.bound).toEqual({ value: Number.NaN, ci95: null, n: 0 });
    expect(trained.estimate).toBeNaN();
  });
});
