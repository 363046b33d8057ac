import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { criticNetwork, type Critic } from '../../../src/main/models/critic';
import { initialParameters, network, type Parameters } from '../../../src/main/models/network';
import { openDevice } from '../../../src/main/tensor/devices';
import { reference } from '../../../src/main/tensor/devices/reference';
import type { CompileOptions, Device, TensorFunction } from '../../../src/main/tensor/types';
import { random } from '../../support/random';

const [data, latent, outputs] = [3, 2, 4];
const { normals } = random(8);
const x = Float32Array.from(normals(data * outputs));
const z = Float32Array.from(normals(2 * data * latent));

let cpu: Device;
beforeAll(async () => {
  cpu = await openDevice('cpu');
});

function inputsOf(critic: Critic, samples: number): CompileOptions['inputs'] {
  return {
    x: { shape: [data, outputs] },
    z: { shape: [samples * data, latent] },
    ...Object.fromEntries(Object.entries(critic.shapes).map(([name, shape]) => [name, { shape }])),
  };
}

async function run(
  fn: TensorFunction,
  critic: Critic,
  parameters: Parameters,
  options: { samples?: number; device?: Device } = {},
): Promise<Record<string, Float32Array>> {
  const { samples = 2, device = cpu } = options;
  const program = await device.compile(fn, { inputs: inputsOf(critic, samples) });
  const out = await program.run({ x, z: z.slice(0, samples * data * latent), ...parameters });
  await program.dispose();
  return out as Record<string, Float32Array>;
}

const matrix = (tensor: tf.Tensor | undefined): tf.Tensor2D => tensor as tf.Tensor2D;

/** Random everywhere, the last layer too. */
function parametersOf(critic: Critic): Parameters {
  return initialParameters(critic.shapes, 12);
}

/** T by a network on concat(x, z), whose first weight holds the columns of both side by side. */
async function concatenated(hidden: readonly number[], parameters: Parameters, rows: readonly (readonly number[])[]) {
  const whole = network({ inputs: outputs + latent, hidden, outputs: 1, activation: 'tanh' });
  const joined: Record<string, Float32Array> = {};
  const first = hidden[0] ?? 1;
  for (const name of Object.keys(whole.shapes)) joined[name] = parameters[name] ?? new Float32Array();
  joined['0.weight'] = new Float32Array(first * (outputs + latent));
  for (let row = 0; row < first; row += 1) {
    const [ofX, ofZ] = [parameters['0.x.weight'], parameters['0.z.weight']];
    joined['0.weight'].set(ofX?.subarray(row * outputs, (row + 1) * outputs) ?? [], row * (outputs + latent));
    joined['0.weight'].set(ofZ?.subarray(row * latent, (row + 1) * latent) ?? [], row * (outputs + latent) + outputs);
  }
  const program = await cpu.compile((t) => ({ T: whole.apply(t, matrix(t['rows'])) }), {
    inputs: {
      rows: { shape: [rows.length, outputs + latent] },
      ...Object.fromEntries(Object.entries(whole.shapes).map(([name, shape]) => [name, { shape }])),
    },
  });
  const out = await program.run({ rows: Float32Array.from(rows.flat()), ...joined });
  await program.dispose();
  return out['T'] as Float32Array;
}

/** The values of x_i and of row `row` of z, one after the other. */
const beside = (i: number, row: number): number[] => [
  ...x.subarray(i * outputs, (i + 1) * outputs),
  ...z.subarray(row * latent, (row + 1) * latent),
];
const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
const close = (actual: Float32Array | undefined, expected: Float32Array): void => {
  expect(actual).toHaveLength(expected.length);
  actual?.forEach((value, index) => expect(value).toBeCloseTo(expected[index] ?? Number.NaN, 5));
};

describe.each([[[]], [[5]], [[6, 5]]])('a critic with hidden layers %j', (hidden) => {
  const critic = criticNetwork({ latent, outputs, hidden, activation: 'tanh' });
  const parameters = parametersOf(critic);

  it.each([1, 2])('is a network on x beside z, with %i z for each x, chain-major', async (samples) => {
    const apply: TensorFunction = (t) => ({ T: critic.apply(t, matrix(t['x']), matrix(t['z'])) });
    const expected = await concatenated(
      hidden,
      parameters,
      range(samples * data).map((row) => beside(row % data, row)),
    );
    close((await run(apply, critic, parameters, { samples }))['T'], expected);
    close((await run(apply, critic, parameters, { samples, device: reference }))['T'], expected);
  });

  it('takes every x with every z', async () => {
    const { T } = await run((t) => ({ T: critic.pairs(t, matrix(t['x']), matrix(t['z'])) }), critic, parameters);
    const all = range(data).flatMap((i) => range(2 * data).map((row) => beside(i, row)));
    close(T, await concatenated(hidden, parameters, all));
  });

  it('needs no more of x than what the first layer made of it', async () => {
    const out = await run(
      (t) => {
        const encoded = critic.encode(t, matrix(t['x']));
        const others = Object.fromEntries(
          Object.entries(t).filter(([name]) => name !== '0.x.weight' && name !== '0.bias'),
        );
        return {
          whole: critic.apply(t, matrix(t['x']), matrix(t['z'])),
          parts: critic.applyEncoded(others, encoded, matrix(t['z'])),
        };
      },
      critic,
      parameters,
    );
    expect(out['parts']).toEqual(out['whole']);
  });

  it.each([0, 1])('starts as the constant %i', async (constant) => {
    const { T } = await run(
      (t) => ({ T: critic.apply(t, matrix(t['x']), matrix(t['z'])) }),
      critic,
      critic.initial(5, constant),
    );
    expect(T).toEqual(new Float32Array(2 * data).fill(constant));
  });
});

it('makes the same of many rows, which it takes in pieces, and of their gradient', async () => {
  const critic = criticNetwork({ latent, outputs, hidden: [3], activation: 'tanh' });
  const parameters = parametersOf(critic);
  // 70 × 90 pairs are six pieces, 33 × 70 rows two, neither of equal size.
  const [many, others, samples] = [70, 90, 33];
  const source = random(3);
  const feeds = {
    x: Float32Array.from(source.normals(many * outputs)),
    z: Float32Array.from(source.normals(others * latent)),
    rows: Float32Array.from(source.normals(samples * many * latent)),
  };
  const weights = Object.fromEntries(Object.entries(critic.shapes).map(([name, shape]) => [name, { shape }]));
  const inputs = {
    x: { shape: [many, outputs] },
    z: { shape: [others, latent] },
    rows: { shape: [samples * many, latent] },
    ...weights,
  };
  const gradient = (fn: (t: Record<string, tf.Tensor>) => tf.Tensor, t: Record<string, tf.Tensor>): tf.Tensor =>
    tf.grad((w: tf.Tensor) => tf.sum(tf.square(fn({ ...t, '0.x.weight': w }))))(t['0.x.weight'] as tf.Tensor);
  const pairs = (t: Record<string, tf.Tensor>) => critic.pairs(t, matrix(t['x']), matrix(t['z']));
  const apply = (t: Record<string, tf.Tensor>) => critic.apply(t, matrix(t['x']), matrix(t['rows']));
  /** One x at a time, whose rows are far too few for pieces. */
  const pairsOneByOne = (t: Record<string, tf.Tensor>) =>
    tf.concat(tf.split(matrix(t['x']), many).map((x) => critic.pairs(t, matrix(x), matrix(t['z']))));
  const applyOneByOne = (t: Record<string, tf.Tensor>) =>
    tf.concat(tf.split(matrix(t['rows']), samples).map((rows) => critic.apply(t, matrix(t['x']), matrix(rows))));
  const program = await cpu.compile(
    (t) => ({
      pairs: pairs(t),
      apply: apply(t),
      pairsOneByOne: pairsOneByOne(t),
      applyOneByOne: applyOneByOne(t),
      ofPairs: gradient(pairs, t),
      ofApply: gradient(apply, t),
      ofPairsOneByOne: gradient(pairsOneByOne, t),
      ofApplyOneByOne: gradient(applyOneByOne, t),
    }),
    { inputs, precision: 'float64' },
  );
  const out = (await program.run({ ...feeds, ...parameters })) as Record<string, Float64Array>;
  await program.dispose();
  for (const name of ['pairs', 'apply', 'ofPairs', 'ofApply']) {
    const [whole, parts] = [out[name], out[`${name}OneByOne`]];
    expect(whole).toHaveLength(parts?.length ?? 0);
    whole?.forEach((value, index) => expect(value).toBeCloseTo(parts?.[index] ?? Number.NaN, 9));
  }
});

it('starts with columns of x and of z that weigh as much, and others for another seed', () => {
  const critic = criticNetwork({ latent: 4, outputs: 100, hidden: [50], activation: 'relu' });
  const parameters = critic.initial(1);
  const largest = (name: string): number => Math.max(...(parameters[name]?.map(Math.abs) ?? []));
  expect(largest('0.x.weight')).toBeLessThanOrEqual(1 / 10);
  expect(largest('0.x.weight')).toBeGreaterThan(0.099);
  expect(largest('0.z.weight')).toBeLessThanOrEqual(1 / 2);
  expect(largest('0.z.weight')).toBeGreaterThan(0.47);
  expect(critic.initial(1)).toEqual(parameters);
  expect(critic.initial(2)['0.z.weight']).not.toEqual(parameters['0.z.weight']);
});
