import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { buildTarget, type Target } from '../../../../src/main/targets';
import { geometricBridge } from '../../../../src/main/trainers/flow/bridge';
import { correctAnnealingFlow, type CorrectionOptions } from '../../../../src/main/trainers/flow/correct';
import { evaluateAnnealingFlow } from '../../../../src/main/trainers/flow/density';
import type { AnnealingFlow } from '../../../../src/main/trainers/flow/programs';
import { finish } from '../../../support/finish';
import { circle, flowContext, quickFlow, shares, trainedFlow } from '../../../support/trainedFlow';

const context = await flowContext('float64');
const wide = await buildTarget({ type: 'gaussian', dim: 2, mean: 0.7, std: 2 }, '.');
/** v = 0.2 x, three times: far from what the bridge asks for. */
const rough: AnnealingFlow = {
  network: { dim: 2, hidden: [], activation: 'tanh', timeInput: false },
  rule: 'rk4',
  blocks: [1, 2, 3].map(() => ({ '0.weight': Float64Array.of(0.2, 0, 0, 0.2), '0.bias': new Float64Array(2) })),
};
const betas = [0.3, 0.6, 1];
const options: CorrectionOptions = {
  ...{ samples: 6400, populations: 64, threshold: 0.9, moves: 1, leapfrog: 4, stepSize: 0.4, steps: 3, scale: 1 },
};

/** Standard errors that the mean of unbiased estimates of Z is away from 1. */
async function distance(target: Pick<Target, 'dim' | 'constants' | 'logDensity'>, changes: Partial<CorrectionOptions>) {
  const bridge = geometricBridge(target, betas, 1);
  const { trained, steps } = await finish(correctAnnealingFlow(rough, bridge, { ...options, ...changes }, context));
  const { logZ } = steps.at(-1)?.capture() ?? { logZ: new Float64Array(0) };
  const z = Array.from(logZ, Math.exp);
  const mean = z.reduce((a, b) => a + b, 0) / z.length;
  const variance = z.reduce((a, b) => a + (b - mean) ** 2, 0) / (z.length - 1);
  return { away: Math.abs(mean - 1) / Math.sqrt(variance / z.length), trained };
}

describe('estimates of Z from corrected blocks', () => {
  // Student t with 63 degrees of freedom beyond 4.5: a false alarm in 30,000.
  it.each([
    { threshold: 0.9, moves: 1 },
    { threshold: 0, moves: 1 },
    { threshold: 1, moves: 0 },
  ])('are unbiased: %o', async (changes) => {
    const { away, trained } = await distance(wide, changes);
    expect(away).toBeLessThan(4.5);
    expect(trained.resampled.some((count) => count > 0)).toBe(changes.threshold > 0);
    if (changes.moves > 0) expect(trained.acceptance).toBeGreaterThan(0.8);
  });

  it('show a constant that is forgotten', async () => {
    const heavier = {
      ...wide,
      logDensity: (tensors: Record<string, tf.Tensor>) => (z: tf.Tensor2D) =>
        tf.add<tf.Tensor1D>(wide.logDensity(tensors)(z), 0.1),
    };
    expect((await distance(heavier, {})).away).toBeGreaterThan(4.5);
  });

  it('are those of the flow itself without resampling and moves', async () => {
    const bridge = geometricBridge(wide, betas, 1);
    const plain = { ...options, threshold: 0, moves: 0 };
    const { trained } = await finish(correctAnnealingFlow(rough, bridge, plain, context));
    const settings = { samples: 6400, steps: 3, scale: 1 };
    const { trained: flow } = await finish(evaluateAnnealingFlow(rough, bridge, settings, context));
    // Other draws of the same law: means of 6,400 log weights, five standard errors of their difference.
    const average = (values: Float64Array): number => values.reduce((a, b) => a + b, 0) / values.length;
    const error = Math.sqrt((trained.logWeightVariance + flow.logWeightVariance) / 6400);
    expect(Math.abs(average(trained.sampleLogWeights) - flow.bound.value)).toBeLessThan(5 * error);
    expect(trained.acceptance).toBeNaN();
  });

  it('go on with the same bits', async () => {
    const bridge = geometricBridge(wide, betas, 1);
    const few = { ...options, samples: 1300, populations: 4 };
    const whole = await finish(correctAnnealingFlow(rough, bridge, few, context));
    const part = correctAnnealingFlow(rough, bridge, few, context);
    const { value } = await part.next();
    const snapshot = value !== undefined && 'capture' in value ? structuredClone(value.capture()) : undefined;
    await part.return(undefined as never);
    const rest = await finish(correctAnnealingFlow(rough, bridge, few, context, snapshot));
    expect(rest.steps).toHaveLength(2);
    expect(rest.trained).toEqual(whole.trained);
  });
});

describe('corrected blocks of a trained flow', async () => {
  const weights = [0.3, 0.25, 0.2, 0.15, 0.07, 0.03];
  const unequal = await circle(6, 8, 0, weights);
  const { flow, forward } = await trainedFlow(unequal, {}, 4000);

  it('have more effective draws, and weights of modes that are nearer to the truth', async () => {
    const { bridge } = quickFlow(unequal);
    const own = { ...options, samples: 4000, populations: 4, threshold: 0.95, stepSize: 0.3 };
    const single = await flowContext();
    const { trained } = await finish(correctAnnealingFlow(flow, bridge, own, single));
    expect(trained.effectiveSampleSize).toBeGreaterThan(forward.effectiveSampleSize);
    const error = (found: number[]): number => found.reduce((sum, one, i) => sum + (one - (weights[i] ?? NaN)) ** 2, 0);
    expect(error(shares(unequal, trained.samples))).toBeLessThan(error(shares(unequal, forward.samples)));
    expect(error(shares(unequal, trained.samples, trained.sampleLogWeights))).toBeLessThan(6 * 3e-4);
  });
});
