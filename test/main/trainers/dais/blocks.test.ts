import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../../src/shared/errors';
import { buildTarget } from '../../../../src/main/targets';
import { planBlocks, rowBytes } from '../../../../src/main/trainers/dais/blocks';
import type { ChainTarget } from '../../../../src/main/trainers/dais/fields';
import { flowNoise } from '../../../../src/main/trainers/dais/noise';
import { FlowObjective } from '../../../../src/main/trainers/dais/objective';
import { openDevice } from '../../../../src/main/tensor/devices';
import { exact } from '../../../../src/main/tensor/exact';
import { flat, plainChain, variedChain } from '../../../support/flows';

const target = await buildTarget({ type: 'gaussian', dim: 2, mean: 0, correlation: 0.5 }, '.');
const common = { name: 'dais', target, precision: 'float64' as const, steps: 3 };
const bytes = rowBytes(target, 3, 'float64');

describe('batch × particles', () => {
  it('are computed at once where they fit', () => {
    const plan = planBlocks({ ...common, particles: 4, batch: 5 });
    expect(plan).toEqual({ rows: 20, whole: true, blocks: [{ firstChain: 0, chains: 4, firstDatum: 0, data: 5 }] });
  });

  it('are cut along the batch, the last block overlapping the one before', () => {
    const plan = planBlocks({ ...common, particles: 4, batch: 5 }, 9 * bytes);
    expect(plan.rows).toBe(8);
    expect(plan.blocks.map(({ firstDatum }) => firstDatum)).toEqual([0, 2, 3]);
  });

  it('are cut along the particles where one batch element does not fit', () => {
    const plan = planBlocks({ ...common, particles: 7, batch: 2 }, 3 * bytes);
    expect(plan).toMatchObject({ rows: 3, whole: false });
    expect(plan.blocks.map(({ firstChain, firstDatum }) => [firstDatum, firstChain])).toEqual([
      ...[0, 3, 4].map((first) => [0, first]),
      ...[0, 3, 4].map((first) => [1, first]),
    ]);
  });

  it('are refused in one line where one chain does not fit', () => {
    const plan = (): unknown => planBlocks({ ...common, steps: 100_000, particles: 1, batch: 1 }, 1e6);
    expect(plan).toThrow(InputError);
    expect(plan).toThrow(
      'methods (dais): one chain of 100,000 transitions in 2 dimensions takes 0.0048 GB. Use fewer "steps".',
    );
  });
});

describe.each(['log-mean-exp', 'mean'] as const)('the bound by %s', (objective) => {
  const parameters = variedChain(2, 3, 2);
  const trained = ['mean'] as const;
  const settings = { steps: 3, particles: 5, objective, initial: parameters, trained };

  async function evaluated(memory?: number) {
    const device = await openDevice('cpu');
    const opened = await FlowObjective.open(settings, 4, { ...common, device, seed: 1 }, 9, memory);
    const found = await opened.evaluate(parameters, 2);
    await opened.dispose();
    if ('broken' in found) throw new Error('It is not finite.');
    return [found.bound, ...flat(found.gradient)];
  }

  it('is the same however it is cut', async () => {
    const whole = await evaluated();
    for (const rows of [15, 6, 2, 1]) {
      const cut = await evaluated(rows * bytes);
      cut.forEach((value, i) => expect(Math.abs(value - (whole[i] ?? NaN)), `${rows} rows, ${i}`).toBeLessThan(1e-12));
    }
  });

  it('has the gradient of finite differences', async () => {
    const device = await openDevice('cpu');
    const opened = await FlowObjective.open(settings, 4, { ...common, device, seed: 1 }, 9);
    const found = await opened.evaluate(parameters, 2);
    const gradient = 'broken' in found ? NaN : (found.gradient.mean[1] ?? NaN);
    const bounds: number[] = [];
    for (const by of [1e-5, -1e-5]) {
      const mean = parameters.mean.map((value, i) => (i === 1 ? value + by : value));
      const moved = await opened.evaluate({ ...parameters, mean }, 2);
      bounds.push('broken' in moved ? NaN : moved.bound);
    }
    await opened.dispose();
    expect(Math.abs(((bounds[0] ?? NaN) - (bounds[1] ?? NaN)) / 2e-5 - gradient)).toBeLessThan(1e-8);
  });
});

it('a bound keeps its digits however far its weights are apart', async () => {
  // log f + z² is 700 on one side and −100,000 on the other.
  const cliff: ChainTarget = {
    dim: 1,
    constants: {},
    logDensity: () => (z) => tf.sub(tf.sum(tf.sub(tf.mul(tf.sign(z), exact(50_350)), tf.square(z)), 1), exact(49_650)),
  };
  const [particles, batch] = [3, 8];
  const parameters = plainChain(1, 0);
  const settings = { steps: 0, particles, objective: 'log-mean-exp', initial: parameters, trained: ['mean'] } as const;
  const device = await openDevice('cpu');
  const context = { name: 'cliff', target: cliff, device, seed: 1, precision: 'float64' } as const;
  const opened = await FlowObjective.open(settings, batch, context, 9);
  const found = await opened.evaluate(parameters, 0);
  await opened.dispose();
  const z = new Float64Array(particles * batch);
  flowNoise(9, 1, 0)(0, { firstChain: 0, chains: particles, firstDatum: 0, data: batch }).position(z);
  let expected = 0;
  for (let b = 0; b < batch; b += 1) {
    const own = Array.from({ length: particles }, (_, n) => z[n * batch + b] ?? NaN);
    const upper = own.filter((x) => x > 0);
    // What is below vanishes beside what is above.
    const seen = upper.length > 0 ? upper : own;
    const sum = seen.reduce((total, x) => total + Math.exp(-0.5 * x * x), 0);
    expected += ((upper.length > 0 ? 700 : -1e5) + Math.log((Math.sqrt(2 * Math.PI) * sum) / particles)) / batch;
  }
  if ('broken' in found) throw new Error('It is not finite.');
  expect(Math.abs(found.bound - expected)).toBeLessThan(1e-10);
  expect(expected).toBeLessThan(700);
  expect(flat(found.gradient).every(Number.isFinite)).toBe(true);
});
