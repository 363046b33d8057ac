import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { buildTarget } from '../../../../src/main/targets';
import { patience } from '../../../../src/main/trainers/methodTypes';
import { trainAnnealingFlow } from '../../../../src/main/trainers/flow/train';
import { finish } from '../../../support/finish';
import { circle, flowContext, quickFlow } from '../../../support/trainedFlow';

const six = await circle(6, 8);
const context = await flowContext();

describe('an affine velocity for a Gaussian', () => {
  // The optimum is known; what is left is the noise of minibatches.
  it.each([
    { gamma: 0.5, slope: 0.31735745, shift: 0.50680435, loss: 2.50213728 },
    { gamma: 0.1, slope: 0.53472975, shift: 1.24893168, loss: 1.99839402 },
  ])('is the best there is at γ = $gamma', async ({ gamma, ...best }) => {
    const target = await buildTarget({ type: 'gaussian', dim: 1, mean: 3, std: 2 }, '.');
    const changes = {
      net: { hidden: [] },
      betas: [1],
      refinement: 0,
      gamma,
      iterations: 1500,
      batch: 1024,
      learningRate: 3e-3,
    };
    const { settings, bridge } = quickFlow(target, { ...changes, particles: 50_000 });
    const { trained, steps } = await finish(trainAnnealingFlow(settings, bridge, context));
    const [weights] = trained.blocks;
    expect(Math.abs((weights?.['0.weight']?.[0] ?? NaN) - best.slope)).toBeLessThan(0.02);
    expect(Math.abs((weights?.['0.bias']?.[0] ?? NaN) - best.shift)).toBeLessThan(0.02);
    const last = steps.slice(-200).map(({ report }) => report['loss'] ?? NaN);
    expect(Math.abs(last.reduce((a, b) => a + b, 0) / 200 - best.loss)).toBeLessThan(0.03);
  });
});

describe.each([
  { divergence: 'exact', precision: 'float32' as const },
  { divergence: 'hutchinson', precision: 'float32' as const },
  { divergence: 'finite-difference', precision: 'float64' as const },
])('a training with $divergence divergence in $precision', ({ divergence, precision }) => {
  it('goes on with the same bits, within a block and between two', async () => {
    const { settings, bridge } = quickFlow(six, {
      divergence,
      blocks: 2,
      refinement: 1,
      iterations: 5,
      particles: 700,
      batch: 32,
    });
    const own = await flowContext(precision);
    const whole = await finish(trainAnnealingFlow(settings, bridge, own));
    expect(whole.trained.blocks).toHaveLength(3);
    for (const at of [3, 5, 7, 10, 15]) {
      const training = trainAnnealingFlow(settings, bridge, own);
      for (let made = 0; made < at - 1; made += 1) await training.next();
      const { value } = await training.next();
      const snapshot = value !== undefined && 'capture' in value ? value.capture() : undefined;
      await training.return(undefined as never);
      expect(snapshot?.iteration).toBe(at);
      const rest = await finish(trainAnnealingFlow(settings, bridge, own, structuredClone(snapshot)));
      expect(rest.steps).toHaveLength(15 - at);
      expect(rest.trained).toEqual(whole.trained);
    }
  });
});

describe('blocks', () => {
  it('begin with the weights of the one before, rounded as files hold them', async () => {
    const { settings, bridge } = quickFlow(six, { blocks: 2, refinement: 0, iterations: 3, particles: 64, batch: 16 });
    const { trained, steps } = await finish(trainAnnealingFlow(settings, bridge, context));
    const [first] = trained.blocks;
    expect(steps[2]?.capture().weights).toEqual(first);
    for (const values of Object.values(first ?? {})) expect([...values]).toEqual([...values].map(Math.fround));
  });

  it('are as good as none at the start: near the identity', async () => {
    const { settings, bridge } = quickFlow(six, { blocks: 1, refinement: 0, iterations: 1, particles: 64, batch: 16 });
    const { steps } = await finish(trainAnnealingFlow(settings, bridge, context));
    expect(steps[0]?.report['Wasserstein penalty']).toBeLessThan(0.01);
  });

  it('end early, with a sentence, where nothing is finite', async () => {
    const nowhere = {
      ...six,
      logDensity: () => (z: tf.Tensor2D) => tf.log<tf.Tensor1D>(tf.sub(tf.sum<tf.Tensor1D>(tf.square(z), 1), 1e6)),
    };
    const { settings, bridge } = quickFlow(nowhere, { blocks: 3, iterations: 60, particles: 64, batch: 16 });
    const { trained, steps } = await finish(trainAnnealingFlow(settings, bridge, context));
    expect(steps).toHaveLength(patience);
    expect(trained.blocks).toHaveLength(1);
    expect(trained.diverged?.message).toBe(
      'The method "annealing-flow" diverged in block 1: 25 updates in a row up to update 25 were not finite and were dropped. Use a "learningRate" below 0.004, more "blocks", or a "baseScale" where the density is finite.',
    );
    const again = await finish(trainAnnealingFlow(settings, bridge, context, steps.at(-1)?.capture()));
    expect(again.steps).toHaveLength(0);
    expect(again.trained).toEqual(trained);
  });
});
