import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { openDevice } from '../../../../src/main/tensor/devices';
import type { ChainTarget } from '../../../../src/main/trainers/dais/fields';
import { openFixedFields } from '../../../../src/main/trainers/paths/fixedFields';
import { ReversePath } from '../../../../src/main/trainers/paths/reverse';
import type { Start } from '../../../../src/main/trainers/paths/types';
import {
  affineBackward,
  correctAll,
  frozenPathNoise,
  groups,
  openPath,
  pathKinds,
  plainCoefficients,
} from '../../../support/paths';

const dim = 2;
/** −¼ Σ x⁴: steps that are right near the origin explode far from it. */
const quartic: ChainTarget = {
  dim,
  constants: {},
  logDensity: () => (z) => tf.mul(-0.25, tf.sum(tf.square(tf.square(z)), 1)),
};
/** log x, which is no number left of the origin, with a force that is. */
const half: ChainTarget = { dim: 1, constants: {}, logDensity: () => (z) => tf.sum(tf.log(z), 1) };

const startOf = (places: readonly number[]): Start => ({
  mean: Float64Array.from(places.flatMap((place) => [place, place])),
  logVariance: new Float64Array(places.length * dim).fill(Math.log(0.25)),
});
const affine = { position: -0.2, momentum: 0.1, offset: 0.3 };

describe.each(pathKinds)('a path that explodes, %s', (_, kind) => {
  const steps = 6;
  const coefficients = plainCoefficients(dim, steps, 0.1);

  it('is told with the transition, has no weight, and leaves others and their gradients as they are', async () => {
    const path = await openPath(quartic, { ...kind, steps, rows: 3 });
    const cotangent = Float64Array.of(0.7, 0, -0.4);
    const found = [];
    for (const places of [
      [0.5, 200, -0.3],
      [0.5, 0.1, -0.3],
    ]) {
      await path.run(startOf(places), coefficients, frozenPathNoise(3, dim));
      correctAll(path, () => affine);
      const gradient = groups(
        await path.gradient(
          cotangent,
          affineBackward(path, cotangent, () => affine),
        ),
      );
      const inputs = Array.from({ length: steps }, (__, k) => path.scoreInput(k + 1));
      expect(
        inputs.every(
          ({ position, momentum }) => position.every(Number.isFinite) && momentum?.every(Number.isFinite) !== false,
        ),
      ).toBe(true);
      found.push({ weights: path.logWeights.slice(), broken: path.broken.slice(), gradient });
    }
    await path.dispose();
    const [one, none] = found;
    if (one === undefined || none === undefined) throw new Error('There are two runs.');
    expect([...none.broken]).toEqual([-1, -1, -1]);
    expect([one.broken[0], one.broken[2]]).toEqual([-1, -1]);
    expect(one.broken[1]).toBeGreaterThanOrEqual(1);
    expect(one.broken[1]).toBeLessThan(steps);
    expect(one.weights[1]).toBeNaN();
    for (const row of [0, 2]) expect(one.weights[row]).toBe(none.weights[row]);
    for (const [name, values] of Object.entries(none.gradient)) {
      values.forEach((value, i) => expect(one.gradient[name]?.[i], name).toBeCloseTo(value, 12));
    }
  });

  it('is told where the start, or the density at the end, is none', async () => {
    const path = await openPath(half, { ...kind, steps: 1, rows: 2 });
    const still = plainCoefficients(1, 1, 1e-12);
    const start = { mean: Float64Array.of(2, -2), logVariance: new Float64Array(2).fill(-20) };
    await path.run(start, still, frozenPathNoise(2, 1));
    expect([...path.broken]).toEqual([-1, 1]);
    expect(path.logWeights[1]).toBeNaN();
    await path.run({ ...start, mean: Float64Array.of(2, 2e6) }, still, frozenPathNoise(2, 1));
    expect([...path.broken]).toEqual([-1, 0]);
    await path.dispose();
  });

  it('is told backward as well', async () => {
    const device = await openDevice('cpu');
    const options = { device, target: quartic, precision: 'float64', rows: 2, gradients: false } as const;
    const path = ReversePath.open(await openFixedFields(options), { ...kind, steps });
    const samples = Float64Array.of(0.5, 0.5, 300, 300);
    await path.run(samples, startOf([0, 0]), coefficients, frozenPathNoise(2, dim));
    expect(path.broken[0]).toBe(-1);
    expect(path.broken[1]).toBeGreaterThan(1);
    expect(path.logWeights[0]).not.toBeNaN();
    expect(path.logWeights[1]).toBeNaN();
    await path.dispose();
  });
});
