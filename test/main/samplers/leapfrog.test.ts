import type * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { posteriorPath } from '../../../src/main/models';
import * as hmc from '../../../src/main/samplers/hmc';
import { openDevice } from '../../../src/main/tensor/devices';
import type { Device, Outputs } from '../../../src/main/tensor/types';
import { lg2 } from '../../support/linearModel';
import { linearModel } from '../../support/models';
import { random } from '../../support/random';

/** In doubles throughout, so that the integrator's own arithmetic shows: on the small linear model at one datum. */
const x = Float64Array.of(1, -0.5, 2);
const beta = 0.5;
let device: Device;
beforeAll(async () => (device = await openDevice('cpu')));

interface Trajectory {
  readonly z: number[];
  readonly v: number[];
  readonly energyDrop: number[];
}

/** Leapfrog from z with velocity v, all proposals accepted. */
async function integrate(
  z: readonly number[],
  v: readonly number[],
  stepSize: number,
  leapfrog: number,
): Promise<Trajectory> {
  const model = linearModel(lg2);
  const rows = z.length / 2;
  const matrix = { shape: [rows, 2] };
  const program = await device.compile(
    (t) => {
      const path = posteriorPath(model, model.prior, t);
      const { state, info } = hmc.step(
        hmc.init(t['z'] as tf.Tensor2D, path),
        path,
        { momentum: t['v'] as tf.Tensor2D, logUniform: t['logUniform'] as tf.Tensor1D },
        { stepSize: t['stepSize'] as tf.Tensor2D, beta: t['beta'] as tf.Scalar, leapfrog: t['leapfrog'] as tf.Scalar },
      );
      return { ...state, ...info };
    },
    {
      inputs: {
        z: matrix,
        v: matrix,
        x: { shape: [1, 3] },
        logUniform: { shape: [rows] },
        stepSize: { shape: [rows, 1] },
        beta: { shape: [] },
        leapfrog: { shape: [], dtype: 'int32' },
      },
      constants: model.decoder.constants,
      precision: 'float64',
    },
  );
  const run = (steps: number): Promise<Outputs> =>
    program.run({
      z: Float64Array.from(z),
      v: Float64Array.from(v),
      x,
      logUniform: new Float64Array(rows).fill(-1e9),
      stepSize: new Float64Array(rows).fill(stepSize),
      beta: Float64Array.of(beta),
      leapfrog: Int32Array.of(steps),
    });
  const [end, further] = [await run(leapfrog), await run(leapfrog + 1)];
  await program.dispose();
  expect([...(end['accepted'] as Float64Array)]).toEqual(new Array(rows).fill(1));
  const at = (outputs: Outputs, name: string, index: number): number => outputs[name]?.[index] as number;
  return {
    z: [...(end['position'] as Float64Array)],
    // The velocity is not put out: z_{L+1} = z_L + ε (v_L + ½ ε force(z_L)).
    v: z.map((_, index) => {
      const force = at(end, 'baseGradient', index) + beta * at(end, 'ratioGradient', index);
      return (at(further, 'position', index) - at(end, 'position', index)) / stepSize - 0.5 * stepSize * force;
    }),
    energyDrop: [...(end['energyDrop'] as Float64Array)],
  };
}

describe('leapfrog in doubles', () => {
  it('has the golden trajectory', async () => {
    const { z, v, energyDrop } = await integrate([0.3, -0.7], [0.2, -1.1], 0.05, 3);
    // Ten digits are given.
    expect(z[0]).toBeCloseTo(0.3401064164, 9);
    expect(z[1]).toBeCloseTo(-0.7034938492, 9);
    expect(v[0]).toBeCloseTo(0.3288334685, 9);
    expect(v[1]).toBeCloseTo(1.0521347533, 9);
    expect(-(energyDrop[0] ?? NaN)).toBeCloseTo(-4.64807722e-4, 11);
  });

  it('evaluates the potential and its gradient', async () => {
    const model = linearModel(lg2);
    const program = await device.compile(
      (t) => ({ ...hmc.init(t['z'] as tf.Tensor2D, posteriorPath(model, model.prior, t)) }),
      {
        inputs: { z: { shape: [1, 2] }, x: { shape: [1, 3] } },
        constants: model.decoder.constants,
        precision: 'float64',
      },
    );
    const out = await program.run({ z: Float64Array.of(0.3, -0.7), x });
    await program.dispose();
    const gradient = [0, 1].map(
      (axis) => -((out['baseGradient']?.[axis] as number) + beta * (out['ratioGradient']?.[axis] as number)),
    );
    expect(gradient[0]).toBeCloseTo(-0.9, 12);
    expect(gradient[1]).toBeCloseTo(-14.1, 12);
    // The normalisers are scalars of tfjs and so rounded to float32: 24.8 and 2.1 leave 1e-6.
    expect(out['logRatio']?.[0]).toBeCloseTo(-24.7973740579, 6);
    expect(out['logBase']?.[0]).toBeCloseTo(-2.1278770664, 6);
  });

  it('runs backwards to where it started', async () => {
    const source = random(3);
    const [z, v] = [source.normals(20), source.normals(20)];
    const there = await integrate(z, v, 0.1, 12);
    const back = await integrate(
      there.z,
      there.v.map((value) => -value),
      0.1,
      12,
    );
    const moved = Math.max(...z.map((value, index) => Math.abs(value - (there.z[index] ?? NaN))));
    expect(moved).toBeGreaterThan(0.5);
    // The velocity comes from a difference divided by ε: 1e-16 / 0.1, and the trajectory is stable.
    z.forEach((value, index) => expect(Math.abs(value - (back.z[index] ?? NaN))).toBeLessThan(1e-12));
    v.forEach((value, index) => expect(Math.abs(value + (back.v[index] ?? NaN))).toBeLessThan(1e-12));
    there.energyDrop.forEach((drop, row) => expect(drop + (back.energyDrop[row] ?? NaN)).toBeCloseTo(0, 11));
  });

  it('is of second order: half the step, a quarter of the energy error', async () => {
    const source = random(4);
    const [z, v] = [source.normals(200), source.normals(200)];
    const errors: number[] = [];
    for (const [stepSize, leapfrog] of [
      [0.08, 8],
      [0.04, 16],
      [0.02, 32],
    ] as const) {
      const { energyDrop } = await integrate(z, v, stepSize, leapfrog);
      errors.push(Math.sqrt(energyDrop.reduce((sum, drop) => sum + drop * drop, 0) / energyDrop.length));
    }
    // The next term of the expansion is ε² λ / 4 < 0.02 of it at the largest ε, λ ≤ 11.6 at β = ½; times a few.
    for (const index of [0, 1]) {
      const ratio = (errors[index] ?? NaN) / (errors[index + 1] ?? NaN);
      expect(ratio).toBeGreaterThan(3.7);
      expect(ratio).toBeLessThan(4.3);
    }
  });
});
