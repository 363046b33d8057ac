import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { divergenceOf } from '../../../../src/main/trainers/flow/divergence';
import { blockPath } from '../../../../src/main/trainers/flow/path';
import { velocityField, type VelocityField, type VelocityNetwork } from '../../../../src/main/trainers/flow/velocity';
import { drawnWeights, goldenNetwork, goldenWeights, once, weightInputs } from '../../../support/blocks';
import { random } from '../../../support/random';

const exactly = { divergence: 'exact', sigma: 0.01 } as const;
const golden = { shape: [1, 2], data: Float64Array.of(0.3, -0.7) };

describe.each([
  {
    activation: 'tanh' as const,
    velocity: [0.8927846, -0.37680863],
    divergence: 0.15848434554,
    rk4: { end: [1.26529246, -1.00326806], divergence: 0.14399405417 },
    'rk4-38': { end: [1.2652923, -1.00326806], divergence: 0.14399454864 },
    fine: 0.14399463832,
    energy: 1.02608982,
  },
  {
    activation: 'softplus20' as const,
    velocity: [0.54344051, -0.09972059],
    divergence: 0.15953557738,
    rk4: { end: [0.93548236, -0.72145363], divergence: 0.13599227759 },
    'rk4-38': { end: [0.93548235, -0.72145353], divergence: 0.13599255009 },
    fine: 0.13599261308,
    energy: 0.40886657,
  },
])('a block of $activation', ({ activation, ...values }) => {
  const network = goldenNetwork(activation);
  const inputs = { x: golden, ...weightInputs(network, goldenWeights) };

  it('has the golden velocity and divergence', async () => {
    const { velocity = [], divergence = [] } = await once((tensors) => {
      const at = velocityField(network, tensors).at(tensors['x'] as tf.Tensor2D, tf.scalar(0));
      return { velocity: at.velocity, divergence: at.divergence() };
    }, inputs);
    values.velocity.forEach((value, i) => expect(velocity[i]).toBeCloseTo(value, 8));
    expect(divergence[0]).toBeCloseTo(values.divergence, 10);
  });

  it.each(['rk4', 'rk4-38'] as const)('ends where the golden %s ends', async (rule) => {
    const {
      end = [],
      divergence = [],
      energy = [],
    } = await once((tensors) => {
      const field = velocityField(network, tensors);
      const path = blockPath(field, tensors['x'] as tf.Tensor2D, { rule, steps: 3, ...exactly });
      const moves = path.states
        .slice(1)
        .map((to, s) => tf.sum(tf.square(tf.sub(to, path.states[s] as tf.Tensor2D)), 1));
      return { end: path.states[3] as tf.Tensor, divergence: path.divergence, energy: tf.mul(tf.addN(moves), 3) };
    }, inputs);
    values[rule].end.forEach((value, i) => expect(end[i]).toBeCloseTo(value, 8));
    expect(divergence[0]).toBeCloseTo(values[rule].divergence, 10);
    if (rule === 'rk4') expect(energy[0]).toBeCloseTo(values.energy, 7);
  });

  it('converges with the fourth power of the step', async () => {
    const found: number[] = [];
    for (const steps of [3, 6, 12]) {
      const { divergence = [] } = await once((tensors) => {
        const field = velocityField(network, tensors);
        return {
          divergence: blockPath(field, tensors['x'] as tf.Tensor2D, { rule: 'rk4', steps, ...exactly }).divergence,
        };
      }, inputs);
      found.push(Math.abs((divergence[0] ?? NaN) - values.fine));
    }
    const [three = NaN, six = NaN, twelve = NaN] = found;
    expect(three / six).toBeGreaterThan(10);
    // The value it converges to is known to eleven digits.
    expect(twelve).toBeLessThan(six / 10 + 1e-11);
  });
});

/** tr J and J e by central differences of the velocity alone. */
async function differences(network: VelocityNetwork, weights: Record<string, Float64Array>, x: number[], e: number[]) {
  const { dim } = network;
  const step = 1e-5;
  const directions = [...Array.from({ length: dim }, (_, i) => x.map((_, j) => (i === j ? 1 : 0))), e];
  const rows = directions.flatMap((by) =>
    [1, -1].flatMap((sign) => x.map((value, j) => value + sign * step * (by[j] ?? 0))),
  );
  const { velocity = [] } = await once(
    (tensors) => ({
      velocity: velocityField(network, tensors).at(tensors['x'] as tf.Tensor2D, tf.scalar(0.25)).velocity,
    }),
    { x: { shape: [2 * directions.length, dim], data: Float64Array.from(rows) }, ...weightInputs(network, weights) },
  );
  const slope = (direction: number, i: number): number =>
    ((velocity[2 * direction * dim + i] ?? NaN) - (velocity[(2 * direction + 1) * dim + i] ?? NaN)) / (2 * step);
  return {
    divergence: x.reduce((total, _, i) => total + slope(i, i), 0),
    product: x.map((_, i) => slope(dim, i)),
  };
}

describe('the divergence in closed form', () => {
  it.each([
    { hidden: [], timeInput: true },
    { hidden: [5], timeInput: false },
    { hidden: [5, 4], timeInput: false },
    { hidden: [5, 4, 6], timeInput: false },
    { hidden: [5, 4], timeInput: true },
    { hidden: [4, 3, 5, 4], timeInput: true },
  ])('is the trace of the Jacobian: hidden $hidden, time $timeInput', async ({ hidden, timeInput }) => {
    for (const activation of ['tanh', 'softplus20'] as const) {
      const network = { dim: 3, hidden, activation, timeInput };
      const weights = drawnWeights(network, 3);
      const source = random(8);
      const [x, e] = [[0, 0, 0].map(() => source.normal()), [0, 0, 0].map(() => source.normal())];
      const { divergence = [], product = [] } = await once(
        (tensors) => {
          const at = velocityField(network, tensors).at(tensors['x'] as tf.Tensor2D, tf.scalar(0.25));
          return { divergence: at.divergence(), product: at.jacobianProduct(tensors['e'] as tf.Tensor3D) };
        },
        {
          x: { shape: [1, 3], data: Float64Array.from(x) },
          e: { shape: [1, 1, 3], data: Float64Array.from(e) },
          ...weightInputs(network, weights),
        },
      );
      const expected = await differences(network, weights, x, e);
      expect(Math.abs((divergence[0] ?? NaN) - expected.divergence)).toBeLessThan(2e-8);
      expected.product.forEach((value, i) => expect(Math.abs((product[i] ?? NaN) - value)).toBeLessThan(2e-8));
    }
  });
});

describe('estimates of the divergence', () => {
  const count = 40_000;
  const source = random(21);
  const gaussian = Float64Array.from({ length: 2 * count }, () => source.normal());
  const signs = Float64Array.from({ length: 2 * count }, () => (source.uniform() < 0.5 ? -1 : 1));
  /** v = A x, whose Jacobian is A. */
  const matrix = [0.7, 0.4, -0.1, 0.3];
  const linear: VelocityField = {
    dim: 2,
    at: (x) => ({
      velocity: tf.matMul(x, tf.tensor2d(matrix, [2, 2]), false, true),
      divergence: () => tf.fill<tf.Rank.R1>([x.shape[0]], 1),
      jacobianProduct: (e) =>
        tf.expandDims<tf.Tensor3D>(
          tf.matMul(tf.squeeze<tf.Tensor2D>(e, [0]), tf.tensor2d(matrix, [2, 2]), false, true),
          0,
        ),
    }),
  };

  async function estimates(
    field: VelocityField,
    kind: 'hutchinson' | 'finite-difference',
    probes: Float64Array,
    at: number[],
    sigma: number,
  ) {
    const { dim } = field;
    const rows = probes.length / dim;
    const x = Float64Array.from({ length: probes.length }, (_, i) => at[i % dim] ?? NaN);
    const { value = [] } = await once(
      (tensors) => {
        const points = tensors['x'] as tf.Tensor2D;
        const settings = { divergence: kind, sigma };
        return {
          value: divergenceOf(
            settings,
            field,
            field.at(points, tf.scalar(0)),
            points,
            tf.scalar(0),
            tensors['e'] as tf.Tensor2D,
          ),
        };
      },
      { x: { shape: [rows, dim], data: x }, e: { shape: [rows, dim], data: probes } },
    );
    const list = Array.from(value);
    const mean = list.reduce((a, b) => a + b, 0) / rows;
    const variance = list.reduce((a, b) => a + (b - mean) ** 2, 0) / (rows - 1);
    const fourth = list.reduce((a, b) => a + (b - mean) ** 4, 0) / rows;
    return {
      values: list,
      mean,
      variance,
      error: Math.sqrt(variance / rows),
      varianceError: Math.sqrt((fourth - variance ** 2) / rows),
    };
  }

  // False alarms of each check at five standard errors: below one in a million.
  it('are unbiased with the variances of their probes', async () => {
    const [a = 0, b = 0, c = 0, d = 0] = matrix;
    const symmetric = a * a + d * d + (b + c) ** 2 / 2;
    const normal = await estimates(linear, 'hutchinson', gaussian, [0.3, -1], 0.01);
    expect(Math.abs(normal.mean - (a + d))).toBeLessThan(5 * normal.error);
    expect(Math.abs(normal.variance - 2 * symmetric)).toBeLessThan(5 * normal.varianceError);
    const rademacher = await estimates(linear, 'hutchinson', signs, [0.3, -1], 0.01);
    expect(Math.abs(rademacher.mean - (a + d))).toBeLessThan(5 * rademacher.error);
    expect(Math.abs(rademacher.variance - (2 * symmetric - 2 * (a * a + d * d)))).toBeLessThan(
      5 * rademacher.varianceError,
    );
  });

  it('by finite differences are off by what their step gives: v = x³', async () => {
    const cubic: VelocityField = {
      dim: 1,
      at: (x) => ({
        velocity: tf.mul(x, tf.square(x)),
        divergence: () => tf.sum(tf.square(x), 1),
        jacobianProduct: (e) => e,
      }),
    };
    // e with −e, and e² held against its mean: what is left is the bias with little noise.
    const half = gaussian.subarray(0, 4000);
    const probes = Float64Array.from([...half, ...half.map((e) => -e)]);
    const { values } = await estimates(cubic, 'finite-difference', probes, [1.3], 0.2);
    const pairs = Array.from(half, (e, i) => {
      const [up = NaN, down = NaN] = [values[i], values[i + half.length]];
      return (up + down) / 2 - 3 * 1.3 ** 2 * (e * e - 1);
    });
    const mean = pairs.reduce((a, b) => a + b, 0) / pairs.length;
    const error = Math.sqrt(pairs.reduce((a, b) => a + (b - mean) ** 2, 0)) / pairs.length;
    expect(Math.abs(mean - 5.19)).toBeLessThan(5 * error);
    // The exact divergence is 5.07, which the same check refuses.
    expect(Math.abs(mean - 5.07)).toBeGreaterThan(5 * error);
  });
});
