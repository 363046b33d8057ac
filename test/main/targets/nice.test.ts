import type * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { writeSafetensors } from '../../../src/main/checkpoints';
import { nice } from '../../../src/main/models/nice';
import { buildTarget, type Target } from '../../../src/main/targets';
import { openDevice } from '../../../src/main/tensor/devices';
import { targetSchema } from '../../../src/shared/runFile/target';
import { InputError } from '../../../src/shared/errors';
import { estimate } from '../../support/moments';
import { expectNear } from '../../support/near';
import { random } from '../../support/random';
import { testFolder } from '../datasets/folder';
import { direction, evaluate } from './evaluate';

const file = testFolder();
const build = (spec: object): Promise<Target> => buildTarget(targetSchema.parse(spec), '.');

/** The flow in plain numbers, one row, coordinate by coordinate. */
function plain(constants: Target['constants'], x: readonly number[]): { z: number[]; volume: number } {
  const tensor = (name: string): { shape: readonly number[]; data: ArrayLike<number> } => {
    const found = constants[`target.${name}`];
    if (found === undefined) throw new Error(name);
    return found;
  };
  const first = Math.ceil(x.length / 2);
  let state = [...x];
  for (let coupling = 0; constants[`target.coupling.${coupling}.0.weight`] !== undefined; coupling += 1) {
    state.reverse();
    let values = state.slice(0, first);
    for (let layer = 0; constants[`target.coupling.${coupling}.${layer}.weight`] !== undefined; layer += 1) {
      const {
        shape: [outputs = 0, inputs = 0],
        data,
      } = tensor(`coupling.${coupling}.${layer}.weight`);
      const bias = tensor(`coupling.${coupling}.${layer}.bias`).data;
      const last = constants[`target.coupling.${coupling}.${layer + 1}.weight`] === undefined;
      const input = values;
      values = Array.from({ length: outputs }, (_, o) => {
        const sum = input.reduce((total, value, i) => total + value * (data[o * inputs + i] ?? NaN), bias[o] ?? NaN);
        return last ? sum : Math.max(sum, 0);
      });
    }
    state = state.map((value, i) => (i < first ? value : value + (values[i - first] ?? NaN)));
  }
  const { data: scale } = tensor('scale');
  return {
    z: state.map((value, i) => value * Math.exp(scale[i] ?? NaN)),
    volume: Array.from(scale).reduce((a, b) => a + b, 0),
  };
}

describe.each([
  { dim: 2, width: 5, layers: 1, couplings: 3 },
  { dim: 5, width: 16, layers: 2, couplings: 4 },
  { dim: 49 },
])('a flow with random parameters, %o', (fields) => {
  const { dim } = fields;
  const spec = { type: 'nice', seed: 3, ...fields };
  const { normals } = random(4);
  const x = Float64Array.from(normals(6 * dim));
  const row = (i: number): number[] => [...x.subarray(i * dim, (i + 1) * dim)];

  it('has the density of its formula, its gradient and its curvature, in both precisions', async () => {
    const target = await build(spec);
    const log = (at: readonly number[]): number => {
      const { z, volume } = plain(target.constants, at);
      return volume - 0.5 * (z.reduce((sum, value) => sum + value * value, 0) + dim * Math.log(2 * Math.PI));
    };
    const doubles = await evaluate(target, x);
    for (let i = 0; i < 6; i += 1) expect(Math.abs((doubles.value[i] ?? NaN) - log(row(i)))).toBeLessThan(1e-9);
    const step = 1e-5;
    const along = direction(dim);
    const moved = (by: number) =>
      evaluate(
        target,
        x.map((value, at) => value + by * (along[at % dim] ?? NaN)),
      );
    const [up, down] = [await moved(step), await moved(-step)];
    for (let i = 0; i < 6; i += 1) {
      for (let axis = 0; axis < dim; axis += 7) {
        const shift = (by: number): number[] => row(i).map((value, j) => (j === axis ? value + by : value));
        const slope = (log(shift(step)) - log(shift(-step))) / (2 * step);
        expect(Math.abs((doubles.gradient[i * dim + axis] ?? NaN) - slope)).toBeLessThan(
          1e-5 * Math.max(1, Math.abs(slope)),
        );
        const at = i * dim + axis;
        const curvature = ((up.gradient[at] ?? NaN) - (down.gradient[at] ?? NaN)) / (2 * step);
        expect(Math.abs((doubles.curvature[at] ?? NaN) - curvature)).toBeLessThan(
          1e-4 * Math.max(1, Math.abs(curvature)),
        );
      }
    }
    const singles = await evaluate(target, x, { precision: 'float32' });
    const scale = Math.max(1, ...Array.from(doubles.value, Math.abs));
    Array.from(doubles.value).forEach((value, i) =>
      expect(Math.abs((singles.value[i] ?? NaN) - value)).toBeLessThan(1e-5 * scale),
    );
  });

  it('inverts itself, with a volume that differences agree with', async () => {
    const { constants } = await build(spec);
    const flow = nice({
      dim,
      hidden: new Array<number>(fields.layers ?? 4).fill(fields.width ?? 32),
      couplings: fields.couplings ?? 4,
    });
    const parameters = Object.fromEntries(
      Object.keys(flow.shapes).map((name) => [name, constants[`target.${name}`]?.data as Float64Array]),
    );
    const device = await openDevice('cpu');
    const program = await device.compile((tensors) => ({ z: flow.forward(tensors, tensors['x'] as tf.Tensor2D) }), {
      inputs: { x: { shape: [6, dim] } },
      constants: Object.fromEntries(
        Object.entries(flow.shapes).map(([name, shape]) => [name, { shape, data: parameters[name] as Float64Array }]),
      ),
      precision: 'float64',
    });
    const { z } = await program.run({ x });
    await program.dispose();
    expectNear(flow.inverse(parameters, Float64Array.from(z as Float64Array)), [...x], 1e-10);
    if (dim > 5) return;
    const step = 1e-6;
    const start = row(0);
    const jacobian = start.map((_, axis) => {
      const shifted = (by: number): number[] =>
        plain(
          constants,
          start.map((value, j) => (j === axis ? value + by : value)),
        ).z;
      const [up, down] = [shifted(step), shifted(-step)];
      return up.map((value, i) => (value - (down[i] ?? NaN)) / (2 * step));
    });
    expect(Math.abs(Math.log(Math.abs(determinant(jacobian))) - plain(constants, start).volume)).toBeLessThan(1e-7);
  });

  it('is sampled exactly', async () => {
    const target = await build(spec);
    const { sample, constants } = target;
    const samples = sample?.(4000, 9) ?? new Float64Array();
    expect(sample?.(5, 9)).toEqual(samples.slice(0, 5 * dim));
    // The flow takes samples to standard normals: their squares sum to χ², and Stein's identity E x·∇ log p = −d holds.
    // Six numbers over the three flows at 4.5 standard errors: once in 25,000 seeds.
    const rows = Array.from({ length: 400 }, (_, i) => [...samples.subarray(i * dim, (i + 1) * dim)]);
    const squares = rows.map((at) => plain(constants, at).z.reduce((sum, value) => sum + value * value, 0));
    const chi = estimate(squares);
    expect(Math.abs(chi.mean - dim) / chi.se).toBeLessThan(4.5);
    const stein = async (values: Float64Array): Promise<number> => {
      const { gradient } = await evaluate(target, values);
      const terms = Array.from({ length: values.length / dim }, (_, i) => {
        let sum = dim;
        for (let j = 0; j < dim; j += 1) sum += (values[i * dim + j] ?? NaN) * (gradient[i * dim + j] ?? NaN);
        return sum;
      });
      const { mean, se } = estimate(terms);
      return Math.abs(mean) / se;
    };
    expect(await stein(samples)).toBeLessThan(4.5);
    expect(await stein(samples.map((value) => 1.15 * value))).toBeGreaterThan(4.5);
  });
});

function determinant(rows: readonly (readonly number[])[]): number {
  if (rows.length === 1) return rows[0]?.[0] ?? NaN;
  return (rows[0] ?? []).reduce((sum, value, column) => {
    const minor = rows.slice(1).map((row) => row.filter((_, at) => at !== column));
    return sum + (column % 2 === 0 ? 1 : -1) * value * determinant(minor);
  }, 0);
}

it('a flow in the plane integrates to 1', async () => {
  const target = await build({ type: 'nice', dim: 2, width: 4, layers: 1, couplings: 2 });
  const side = 600;
  const width = 40 / side;
  const grid = Float64Array.from({ length: 2 * side * side }, (_, at) => {
    const point = at >> 1;
    return -20 + (0.5 + (at % 2 === 0 ? point % side : Math.floor(point / side))) * width;
  });
  const { value } = await evaluate(target, grid);
  // Kinks of ReLU cost a sum over cells a part in 10⁴.
  expect(Math.abs(Array.from(value).reduce((sum, log) => sum + Math.exp(log) * width * width, 0) - 1)).toBeLessThan(
    5e-4,
  );
});

describe('a checkpoint', () => {
  const flow = nice({ dim: 3, hidden: [4, 6], couplings: 2 });
  const { normals } = random(8);
  const tensors = Object.entries(flow.shapes).map(([name, shape]) => ({
    name,
    shape,
    dtype: 'float32' as const,
    data: Float32Array.from(normals(shape.reduce((a, b) => a * b, 1))),
  }));

  it('is opened with the shapes that it has', async () => {
    const path = file('flow.safetensors', writeSafetensors(tensors, { title: 'three numbers' }));
    const { dim, constants, name, truth, sample } = await build({ type: 'nice', file: path });
    expect([dim, name, truth.logZ]).toEqual([3, 'NICE flow, three numbers', 0]);
    tensors.forEach(({ name: key, data }) =>
      expect(Array.from(constants[`target.${key}`]?.data ?? [])).toEqual(Array.from(data)),
    );
    expect(sample?.(2, 1).every(Number.isFinite)).toBe(true);
  });

  it.each<[string, (all: typeof tensors) => typeof tensors, RegExp]>([
    [
      'no scale',
      (all) => all.filter(({ name }) => name !== 'scale'),
      /has no tensor "scale"\. A NICE flow has "coupling\.L\.I\.weight"/,
    ],
    ['no couplings', (all) => all.filter(({ name }) => name === 'scale'), /has no tensor "coupling\.0\.0\.weight"/],
    [
      'a missing bias',
      (all) => all.filter(({ name }) => name !== 'coupling.1.2.bias'),
      /has no tensor "coupling\.1\.2\.bias"/,
    ],
    [
      'a layer of another shape',
      (all) => all.map((each) => (each.name === 'coupling.1.0.weight' ? { ...each, shape: [2, 4] } : each)),
      /its "coupling\.1\.0\.weight" is 2 × 4, not 4 × 2\. Check how the flow was saved\./,
    ],
    [
      'a value that is no number',
      (all) => all.map((each) => (each.name === 'scale' ? { ...each, data: Float32Array.of(1, NaN, 2) } : each)),
      /its "scale" has values that are not finite/,
    ],
  ])('with %s is refused in one line', async (_, change, message) => {
    const path = file('damaged.safetensors', writeSafetensors(change(tensors), {}));
    await expect(build({ type: 'nice', file: path })).rejects.toThrow(InputError);
    await expect(build({ type: 'nice', file: path })).rejects.toThrow(message);
  });
});
