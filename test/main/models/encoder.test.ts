import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { readCheckpoint } from '../../../src/main/checkpoints';
import { readDataset } from '../../../src/main/datasets';
import { buildModel, type GenerativeModel } from '../../../src/main/models';
import { buildEncoder, type Encoder } from '../../../src/main/models/encoder';
import { openDevice } from '../../../src/main/tensor/devices';
import type { Device } from '../../../src/main/tensor/types';
import type { Layer } from '../../../src/shared/runFile';
import { encode } from '../../../scripts/train-example/model';
import { checkpointOf, type Tensors } from '../../support/models';
import { mean } from '../../support/moments';
import { random } from '../../support/random';

let device: Device;
beforeAll(async () => {
  device = await openDevice('cpu');
});

function dense(layers: Readonly<Record<string, [outputs: number, inputs: number]>>): Tensors {
  return Object.fromEntries(
    Object.entries(layers).flatMap(([key, [outputs, inputs]]) => [
      [`${key}.weight`, { shape: [outputs, inputs] }],
      [`${key}.bias`, { shape: [outputs] }],
    ]),
  );
}

function modelOf(tensors: Tensors, decoder?: Layer[]): GenerativeModel {
  return buildModel({ checkpoint: 'model.pth', ...(decoder && { decoder }) }, checkpointOf(tensors));
}

async function momentsOf(
  { gaussian, parameters }: Encoder,
  x: Float32Array,
): Promise<Record<'mean' | 'logStd', Float32Array>> {
  const constants = Object.fromEntries(
    Object.entries(gaussian.shapes).map(([name, shape]) => [name, { shape, data: parameters[name] as Float32Array }]),
  );
  const program = await device.compile((t) => ({ ...gaussian.moments(t, t['x'] as tf.Tensor2D) }), {
    inputs: { x: { shape: [x.length / gaussian.outputs, gaussian.outputs] } },
    constants,
  });
  const moments = (await program.run({ x })) as Record<'mean' | 'logStd', Float32Array>;
  await program.dispose();
  return moments;
}

const numbered = dense({ fc1: [40, 78], fc21: [3, 40], fc22: [3, 40], fc3: [40, 3], fc4: [78, 40] });
const paper = {
  ...dense({ 'enc.enc.0': [16, 30], 'enc.enc.2': [12, 16], 'enc.enc.4': [14, 12], 'enc.enc.6': [8, 14] }),
  'dec.x_logvar': { shape: [], data: [-3.5] },
  ...dense({ 'dec.dec.0': [16, 4], 'dec.dec.2': [16, 16], 'dec.dec.4': [16, 16], 'dec.dec.6': [30, 16] }),
};

/** y = W x + b in doubles. */
function affine(tensors: Tensors, key: string, x: readonly number[]): number[] {
  const values = (name: string): number[] => [...(checkpointOf(tensors).tensors.get(name)?.data ?? [])].map(Number);
  const [w, b] = [values(`${key}.weight`), values(`${key}.bias`)];
  return b.map((bias, row) =>
    x.reduce((sum, value, column) => sum + value * (w[row * x.length + column] ?? NaN), bias),
  );
}

function expectClose(actual: Float32Array, expected: readonly number[]): void {
  expect(actual).toHaveLength(expected.length);
  expected.forEach((value, index) => expect(actual[index]).toBeCloseTo(value, 4));
}

describe('the encoder of a checkpoint', () => {
  it('has two heads in a VAE with numbered layers', async () => {
    const encoder = buildEncoder({}, checkpointOf(numbered), modelOf(numbered), 'proposals.q');
    expect(encoder.gaussian.architecture).toEqual({
      type: 'encoder',
      layers: [{ linear: 'fc1' }, 'relu'],
      heads: { mean: 'fc21', logVariance: 'fc22' },
    });
    expect(encoder.notes.join(' ')).toMatch(/guessed.*"fc21" for the mean.*relu was assumed/);
    const x = random(1).normals(78).map(Math.fround);
    const hidden = affine(numbered, 'fc1', x).map((value) => Math.max(0, value));
    const moments = await momentsOf(encoder, Float32Array.from(x));
    expectClose(moments.mean, affine(numbered, 'fc21', hidden));
    expectClose(
      moments.logStd,
      affine(numbered, 'fc22', hidden).map((value) => value / 2),
    );
  });

  it('ends in [mean | log variance] in the VAE of the paper', async () => {
    const encoder = buildEncoder({}, checkpointOf(paper), modelOf(paper), 'proposals.q');
    const keys = ['enc.enc.0', 'enc.enc.2', 'enc.enc.4', 'enc.enc.6'];
    expect(encoder.gaussian.architecture).toEqual({
      type: 'encoder',
      layers: keys.flatMap((linear, index) => (index < 3 ? [{ linear }, 'tanh'] : [{ linear }])),
    });
    const x = random(2).normals(30).map(Math.fround);
    const hidden = keys.slice(0, 3).reduce((y, key) => affine(paper, key, y).map(Math.tanh), x);
    const last = affine(paper, 'enc.enc.6', hidden);
    const moments = await momentsOf(encoder, Float32Array.from(x));
    expectClose(moments.mean, last.slice(0, 4));
    expectClose(
      moments.logStd,
      last.slice(4).map((value) => value / 2),
    );
  });

  it('may lie in a file of its own', () => {
    const alone: Tensors = Object.fromEntries(Object.entries(paper).filter(([key]) => key.startsWith('enc')));
    const renamed = Object.fromEntries(
      Object.entries(alone).map(([key, value]) => [key.replace('enc.enc', 'enc'), value]),
    );
    const { gaussian } = buildEncoder({}, checkpointOf(renamed), modelOf(paper), 'proposals.q');
    expect(gaussian.shapes['enc.6.weight']).toEqual([8, 14]);
  });

  it('knows the heads by their names whatever their order', () => {
    const tensors = {
      ...dense({ 'decoder.a': [9, 2], 'decoder.b': [12, 9] }),
      ...dense({ 'encoder.hidden': [9, 12], 'encoder.logvar': [2, 9], 'encoder.mean': [2, 9] }),
    };
    const { gaussian } = buildEncoder({}, checkpointOf(tensors), modelOf(tensors), 'proposals.q');
    expect(gaussian.architecture).toMatchObject({ heads: { mean: 'encoder.mean', logVariance: 'encoder.logvar' } });
  });

  it('takes the activation of the decoder', () => {
    const decoder: Layer[] = [{ linear: 'fc3' }, 'silu', { linear: 'fc4' }];
    const { gaussian } = buildEncoder({}, checkpointOf(numbered), modelOf(numbered, decoder), 'proposals.q');
    expect(gaussian.architecture).toMatchObject({ layers: [{ linear: 'fc1' }, 'silu'] });
  });

  it('may be convolutional, as for CIFAR', async () => {
    const norm = (key: string, channels: number): Tensors => ({
      [`${key}.weight`]: { shape: [channels] },
      [`${key}.bias`]: { shape: [channels] },
      [`${key}.running_mean`]: { shape: [channels] },
      [`${key}.running_var`]: { shape: [channels], data: new Array<number>(channels).fill(2) },
    });
    const tensors: Tensors = {
      'enc.0.weight': { shape: [4, 3, 4, 4] },
      ...norm('enc.1', 4),
      'enc.3.weight': { shape: [6, 4, 4, 4] },
      ...norm('enc.4', 6),
      'enc.6.weight': { shape: [4, 6, 4, 4] },
      'enc.6.bias': { shape: [4] },
    };
    const generator: Tensors = {
      'main.0.weight': { shape: [2, 5, 4, 4] },
      'main.3.weight': { shape: [5, 4, 4, 4] },
      'main.6.weight': { shape: [4, 3, 4, 4] },
    };
    const encoder = buildEncoder({}, checkpointOf(tensors), modelOf(generator), 'proposals.q');
    expect(encoder.gaussian.architecture).toEqual({
      type: 'encoder',
      layers: [
        { conv: 'enc.0', stride: 2, padding: 1 },
        { batchNorm: 'enc.1', epsilon: 1e-5 },
        'relu',
        { conv: 'enc.3', stride: 2, padding: 1 },
        { batchNorm: 'enc.4', epsilon: 1e-5 },
        'relu',
        { conv: 'enc.6', stride: 1, padding: 0 },
      ],
    });
    const moments = await momentsOf(encoder, Float32Array.from(random(3).normals(2 * 768)));
    expect(moments.mean).toHaveLength(4);
    expect([...moments.mean, ...moments.logStd].every(Number.isFinite)).toBe(true);
  });

  it('is what the run file says', async () => {
    const named = { layers: [{ linear: 'fc1' }, 'tanh'] as Layer[], mean: 'fc22', logVariance: 'fc21' };
    const encoder = buildEncoder(named, checkpointOf(numbered), modelOf(numbered), 'proposals.q');
    expect(encoder.notes).toEqual([]);
    const x = random(1).normals(78).map(Math.fround);
    const hidden = affine(numbered, 'fc1', x).map(Math.tanh);
    expectClose((await momentsOf(encoder, Float32Array.from(x))).mean, affine(numbered, 'fc22', hidden));
  });

  const wrong: [string, Parameters<typeof buildEncoder>[0], RegExp][] = [
    ['one head', { mean: 'fc21' }, /^proposals\.q: names "mean" alone\. Name both or none\.$/],
    ['a key that is not there', { layers: [{ linear: 'fc9' }] }, /^proposals\.q\.layers\[0\]: "fc9\.weight" is not in/],
    [
      'a head that is too long',
      { mean: 'fc1', logVariance: 'fc1', layers: [] },
      /^proposals\.q\.mean: "linear fc1" gives 40/,
    ],
    ['a last layer of another length', { layers: [{ linear: 'fc1' }] }, /last layer gives 40 numbers, .* take 6/],
    [
      'other data',
      { layers: [{ linear: 'fc21' }] },
      /"fc21" takes 40 numbers .*, but x, which has 78 numbers, gives 78/,
    ],
  ];
  it.each(wrong)('refuses %s in one line', (_, spec, message) => {
    expect(() => buildEncoder(spec, checkpointOf(numbered), modelOf(numbered), 'proposals.q')).toThrow(message);
  });

  it('says in one line where there is none', () => {
    const rest: Tensors = Object.fromEntries(Object.entries(numbered).filter(([key]) => key !== 'fc21.weight'));
    expect(() => buildEncoder({}, checkpointOf(rest), modelOf(numbered), 'proposals.q')).toThrow(
      /^proposals\.q: the encoder cannot be guessed: no layers of model\.pth lead from 78 numbers to mean and log variance of 3\. Name "layers"/,
    );
  });

  it('of the shipped example is the one that was trained', async () => {
    const path = fileURLToPath(new URL('../../../resources/examples/glyphs-vae.safetensors', import.meta.url));
    const checkpoint = await readCheckpoint(path);
    const encoder = buildEncoder({}, checkpoint, buildModel({ checkpoint: path }, checkpoint), 'proposals.q');
    expect(encoder.notes).toEqual([]);
    const x = Float32Array.from(random(4).normals(512), (value) => Number(value > 0.7));
    const constants = Object.fromEntries(
      [...checkpoint.tensors].map(([name, { shape, data }]) => [name, { shape, data: data as Float32Array }]),
    );
    const program = await device.compile((t) => encode(t, t['x'] as tf.Tensor2D), {
      inputs: { x: { shape: [2, 256] } },
      constants,
    });
    const expected = (await program.run({ x })) as Record<'mean' | 'logVariance', Float32Array>;
    await program.dispose();
    const moments = await momentsOf(encoder, x);
    expectClose(moments.mean, [...expected.mean]);
    expectClose(
      moments.logStd,
      [...expected.logVariance].map((value) => value / 2),
    );
  });
});

const shared = fileURLToPath(new URL('../../../../shared/data/', import.meta.url));
const vae = `${shared}checkpoints/mnist-vae-20.pth`;
const digits = `${shared}mnist/t10k-images-idx3-ubyte.gz`;

describe.skipIf(!existsSync(vae) || !existsSync(digits))(
  'a published VAE (skipped where ../shared/data is not)',
  () => {
    it('encodes digits: far from the prior, with an average close to it', async () => {
      const checkpoint = await readCheckpoint(vae);
      const encoder = buildEncoder({}, checkpoint, buildModel({ checkpoint: vae }, checkpoint), 'proposals.q');
      expect(encoder.gaussian.architecture).toMatchObject({ heads: { mean: 'fc21', logVariance: 'fc22' } });
      const { values } = readDataset(digits, { offset: 0, limit: 200 });
      const { mean: means, logStd } = await momentsOf(
        encoder,
        Float32Array.from(values, (value) => (value > 1 ? value / 255 : value)),
      );
      // KL(q ‖ p) of about 25 nats is what such a VAE spends on a digit.
      const divergence = Array.from(means, (m, index) => {
        const s = logStd[index] ?? NaN;
        return 0.5 * (m * m + Math.exp(2 * s) - 1) - s;
      });
      const perDatum = (20 * divergence.reduce((sum, value) => sum + value, 0)) / divergence.length;
      expect(perDatum).toBeGreaterThan(10);
      expect(perDatum).toBeLessThan(50);
      // The aggregate of all data is near N(0, 1) in each dimension.
      const second = mean(Array.from(means, (m, index) => m * m + Math.exp(2 * (logStd[index] ?? NaN))));
      expect(second).toBeGreaterThan(0.7);
      expect(second).toBeLessThan(1.5);
    });
  },
);
