import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { compileAnnealing, emptyInfo, emptyState } from '../../../src/main/samplers/annealedPrograms';
import type { AnnealingPath } from '../../../src/main/tensor/density';
import { openDevice } from '../../../src/main/tensor/devices';
import type { Device } from '../../../src/main/tensor/types';
import { problemOf } from '../../support/annealing';
import { draw, lg2, tempered } from '../../support/linearModel';
import { linearModel } from '../../support/models';
import { estimate } from '../../support/moments';
import { random } from '../../support/random';

let device: Device;
beforeAll(async () => (device = await openDevice('cpu')));

/**
 * Exact samples of π_β, moved by some transitions, in coordinates in which π_β is a standard normal: how many of their standard
 * errors the two means, two variances and the covariance are away from 0, 1 and 0, the worst of them.
 */
async function worstMoment(beta: number, transitions: number, metropolis = true): Promise<number> {
  const rows = 6000;
  const source = random(Math.round(100 * beta));
  const at = tempered(lg2, [1, -0.5, 2], beta);
  const programs = await compileAnnealing(problemOf(device, linearModel(lg2)), rows, 1);
  const inputs = { x: Float32Array.of(1, -0.5, 2) };
  let [state, spare] = [emptyState(rows, 2), emptyState(rows, 2)];
  const start = Float32Array.from(Array.from({ length: rows }, () => draw(at, source)).flat());
  await programs.init(start, inputs, state);
  const info = emptyInfo(rows);
  let accepted = 0;
  for (let count = 0; count < transitions; count += 1) {
    const uniforms = Array.from({ length: rows }, () => (metropolis ? Math.log(source.uniform()) : -1e9));
    const options = {
      // Long steps, a good part of which is refused: what the Metropolis correction is for.
      stepSize: new Float32Array(rows).fill(0.36),
      beta,
      leapfrog: 4,
      momentum: Float32Array.from(source.normals(2 * rows)),
      logUniform: Float32Array.from(uniforms),
    };
    await programs.transition(state, spare, inputs, options, info);
    [state, spare] = [spare, state];
    accepted += info.accepted.reduce((sum, value) => sum + value, 0) / rows / transitions;
  }
  await programs.dispose();
  if (metropolis) expect(accepted).toBeLessThan(0.97);
  // u = Lᵀ (z − m)
  const white = Array.from({ length: rows }, (_, row) => {
    const [a, b] = [0, 1].map((i) => (state.position[2 * row + i] ?? NaN) - (at.mean[i] ?? NaN)) as [number, number];
    const [[p = NaN] = [], [q = NaN, r = NaN] = []] = at.factor;
    return [p * a + q * b, r * b] as const;
  });
  const checks = [
    [white.map(([u]) => u), 0],
    [white.map(([, v]) => v), 0],
    [white.map(([u]) => u * u), 1],
    [white.map(([, v]) => v * v), 1],
    [white.map(([u, v]) => u * v), 0],
  ] as const;
  return Math.max(
    ...checks.map(([values, expected]) => {
      const { mean, se } = estimate(values);
      return Math.abs(mean - expected) / se;
    }),
  );
}

describe('an HMC transition', () => {
  // Five moments, four standard errors: one false alarm in 3000.
  it.each([0.5, 1])('leaves the exact π_β as it is, β = %f', async (beta) => {
    expect(await worstMoment(beta, 20)).toBeLessThan(4);
  });

  it('without the Metropolis correction fails the same check (planted)', async () => {
    expect(await worstMoment(1, 20, false)).toBeGreaterThan(8);
  });

  /** One transition of four rows of one dimension, with unit momentum; the base is flat so that only Δ acts. */
  async function oneStep(logRatio: (z: tf.Tensor2D) => tf.Tensor1D, position: number[]) {
    const rows = position.length;
    const path: AnnealingPath = { logBase: (z) => tf.mul(0, tf.sum(z, 1)), logRatio };
    const programs = await compileAnnealing(
      { device, latent: 1, constants: {}, inputs: () => ({}), path: () => path },
      rows,
      1,
    );
    const [from, into, info] = [emptyState(rows, 1), emptyState(rows, 1), emptyInfo(rows)];
    await programs.init(Float32Array.from(position), {}, from);
    const ones = new Float32Array(rows).fill(1);
    const options = { stepSize: ones, beta: 1, leapfrog: 3, momentum: ones, logUniform: ones.map(() => -1) };
    await programs.transition(from, into, {}, options, info);
    await programs.dispose();
    return { from, into, info };
  }

  const sumRows = (values: tf.Tensor): tf.Tensor1D => tf.sum(values, 1);
  it.each<[string, (z: tf.Tensor2D) => tf.Tensor1D]>([
    // Both are nearly flat below 2 and have no value above it.
    ['NaN', (z) => sumRows(tf.mul(1e-3, tf.log(tf.sub(2, z))))],
    ['−∞', (z) => sumRows(tf.where(tf.less(z, 2), tf.mul(1e-3, z), tf.fill(z.shape, -Infinity)))],
  ])('stays where it was when a proposal has log density %s, to the bit', async (_, logRatio) => {
    const { from, into, info } = await oneStep(logRatio, [-9, 0.5, 1.5, -8]);
    expect([...info.accepted]).toEqual([1, 0, 0, 1]);
    for (const row of [1, 2]) {
      expect(Number.isFinite(info.energyDrop[row])).toBe(false);
      for (const name of ['position', 'logRatio', 'logBase', 'baseGradient', 'ratioGradient'] as const) {
        expect(Object.is(into[name][row], from[name][row]), name).toBe(true);
        expect(Number.isFinite(into[name][row]), name).toBe(true);
      }
    }
    // Its neighbours moved by about L ε v = 3 and are none the wiser.
    for (const row of [0, 3]) expect((into.position[row] ?? NaN) - (from.position[row] ?? NaN)).toBeCloseTo(3, 2);
  });

  it('compares the uniform with the energy strictly', async () => {
    // A flat density: the energy does not change, H_old − H_new = 0, and log u < 0 always accepts.
    const flat = await oneStep((z) => tf.mul(0, tf.sum(z, 1)), [0]);
    expect([...flat.info.energyDrop, ...flat.info.accepted]).toEqual([0, 1]);
  });
});
