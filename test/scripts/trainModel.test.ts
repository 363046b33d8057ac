import * as tf from '@tensorflow/tfjs-core';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commonArguments, oneOf, positive } from '../../scripts/train-model/arguments';
import { modelFile } from '../../scripts/train-model/file';
import { energyDistance, gan } from '../../scripts/train-model/ganModel';
import { trainGan } from '../../scripts/train-model/ganTraining';
import { minibatches, readImages } from '../../scripts/train-model/images';
import type { EpochReport } from '../../scripts/train-model/selection';
import { vae, type VaeSpec } from '../../scripts/train-model/vaeModel';
import { trainVae } from '../../scripts/train-model/vaeTraining';
import { asFloat32, readCheckpoint, readContent } from '../../src/main/checkpoints';
import { buildModel, constantsOf } from '../../src/main/models';
import { guessDecoder } from '../../src/main/models/guess';
import { guessEncoder } from '../../src/main/models/guessEncoder';
import { initialParameters } from '../../src/main/models/network';
import { openDevice } from '../../src/main/tensor/devices';
import { reference } from '../../src/main/tensor/devices/reference';
import type { Device } from '../../src/main/tensor/types';

const folder = mkdtempSync(join(tmpdir(), 'train-model-'));
const file = join(folder, 'bars-idx3-ubyte');
const [side, count] = [6, 240];

let cpu: Device;
beforeAll(async () => {
  cpu = await openDevice('cpu');
  // Each image has one bright column, as bright as its number says.
  const header = Buffer.from([0, 0, 8, 3, 0, 0, 0, count, 0, 0, 0, side, 0, 0, 0, side]);
  const pixels = Buffer.alloc(count * side * side);
  for (let image = 0; image < count; image += 1) {
    for (let row = 0; row < side; row += 1)
      pixels[(image * side + row) * side + (image % side)] = 100 + ((image * 37) % 150);
  }
  writeFileSync(file, Buffer.concat([header, pixels]));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const spec: VaeSpec = {
  pixels: side * side,
  latent: 2,
  hidden: [12, 16],
  activation: 'tanh',
  output: 'sigmoid',
  noise: { type: 'gaussian', sigma: Math.sqrt(0.03), learned: true },
};
const quick = { latent: 2, batch: 24, learningRate: 0.01, seed: 1, epochs: 12, patience: 12 };

describe('images', () => {
  it('are scaled, and a tenth of them is kept back', () => {
    const { training, heldOut, pixels, shape } = readImages(file, 3);
    expect([training.length, heldOut.length]).toEqual([216 * pixels, 24 * pixels]);
    expect(shape).toEqual([1, side, side]);
    expect(Math.max(...training)).toBeLessThanOrEqual(1);
    // Every image is in exactly one of the two: brightness of all columns together is that of the file.
    const sum = (values: Float32Array): number => values.reduce((total, value) => total + value, 0);
    const all = Array.from({ length: count }, (_, image) => (side * (100 + ((image * 37) % 150))) / 255);
    expect(sum(training) + sum(heldOut)).toBeCloseTo(
      all.reduce((total, value) => total + value, 0),
      1,
    );
  });

  it('come once in each epoch, in another order each time', () => {
    const images = readImages(file, 3);
    const { perEpoch, fill } = minibatches(images, 50, 3);
    expect(perEpoch).toBe(4);
    const epoch = (first: number): string[] => {
      const out = new Float32Array(50 * images.pixels);
      return Array.from({ length: perEpoch }, (_, index) => {
        fill(out, first + index);
        return Array.from({ length: 50 }, (_, row) =>
          out.subarray(row * images.pixels, (row + 1) * images.pixels).join(),
        );
      }).flat();
    };
    const once = epoch(0);
    expect(epoch(4)).not.toEqual(once);
    expect(epoch(0)).toEqual(once);
  });

  it('are refused where there are too few', () => {
    expect(() => readImages(file, 0, 10)).toThrow('has 10 images. At least 15 are needed');
    expect(() => minibatches(readImages(file, 0), 500, 0)).toThrow('--batch 500: there are 216 images');
  });
});

describe('the VAE', () => {
  it('learns what the images are like and how far from it they lie, and is kept at its best', async () => {
    const model = vae(spec);
    const epochs: EpochReport[] = [];
    const selected = await trainVae(cpu, model, readImages(file, 0), { ...quick, onEpoch: (e) => epochs.push(e) });
    expect(epochs).toHaveLength(12);
    expect(selected.heldOut).toBe(Math.max(...epochs.map(({ heldOut }) => heldOut)));
    expect(selected.heldOut).toBeGreaterThan((epochs[0]?.heldOut ?? 0) + 5);
    expect(selected.parameters['decoder.logvar']?.[0]).not.toBeCloseTo(Math.log(0.03), 2);
  });

  it('ends once patience does', async () => {
    // Steps of this size throw it back and forth.
    const options = { ...quick, learningRate: 0.5, epochs: 100, patience: 2 };
    const selected = await trainVae(cpu, vae(spec), readImages(file, 0), options);
    expect(selected.epochs).toBeLessThan(100);
    expect(selected.epochs - selected.epoch).toBe(2);
  });

  it.each<[string, VaeSpec]>([
    ['Gaussian', spec],
    ['Bernoulli', { ...spec, output: 'identity', noise: { type: 'bernoulli' } }],
    [
      'linear, with a fixed variance',
      { ...spec, output: 'identity', noise: { type: 'gaussian', sigma: 0.1, learned: false } },
    ],
  ])('%s: is read back by itself, with the same density', async (_, given) => {
    const model = vae(given);
    const parameters = model.initial(4);
    const bytes = modelFile(parameters, model.shapes, {
      title: 'A test',
      latent: 2,
      shape: [1, side, side],
      decoder: model.decoder.layers,
      likelihood: model.likelihood,
      facts: {
        encoder: JSON.stringify(model.encoder.layers),
        encoderMean: 'encoder.mean.0',
        encoderLogVariance: 'encoder.logvar.0',
      },
    });
    const written = join(folder, 'model.safetensors');
    writeFileSync(written, bytes);
    const checkpoint = await readCheckpoint(written);
    const guess = guessDecoder(checkpoint);
    expect(guess).toMatchObject({ declared: true, latent: 2, likelihood: model.likelihood });
    const built = buildModel({ checkpoint: written }, checkpoint);
    const encoder = guessEncoder(checkpoint, { latent: 2, dataShape: [1, side, side], decoder: model.decoder.layers });
    expect(encoder).toMatchObject({ heads: { mean: 'encoder.mean.0', logVariance: 'encoder.logvar.0' } });

    // With a z that does not depend on x, log p(x | z) is the ELBO.
    const heads = Object.keys(parameters).filter((name) => /^encoder\.(mean|logvar)\./.test(name));
    const still = Object.fromEntries(heads.map((name) => [name, new Float32Array(parameters[name]?.length ?? 0)]));
    const program = await cpu.compile(
      (tensors) => {
        const [x, z] = [tensors['x'] as tf.Tensor2D, tensors['z'] as tf.Tensor2D];
        const own = Object.fromEntries(
          Object.keys(model.shapes).map((name) => [name, tensors[`own/${name}`] as tf.Tensor]),
        );
        return {
          elbo: model.elbo(own, x, z),
          logDensity: built.likelihood.logDensity(built.decoder.apply(tensors, z), x),
        };
      },
      {
        inputs: { x: { shape: [1, side * side] }, z: { shape: [1, 2] } },
        constants: {
          ...built.decoder.constants,
          ...constantsOf({ ...parameters, ...still }, model.shapes, 'own/'),
        },
      },
    );
    const x = new Float32Array(side * side).map((_, pixel) => (pixel % 3) / 2);
    const { elbo, logDensity } = await program.run({ x, z: Float32Array.of(0.3, -1.2) });
    await program.dispose();
    expect(elbo?.[0]).toBeCloseTo(logDensity?.[0] ?? Number.NaN, 2);
  });
});

describe('the GAN', () => {
  const model = gan({ ...spec, criticHidden: [16] });

  it('makes images that come nearer to the held-out ones', async () => {
    const epochs: EpochReport[] = [];
    const selected = await trainGan(cpu, model, readImages(file, 0), {
      ...{ ...quick, epochs: 40, patience: 40, criticSteps: 3 },
      onEpoch: (epoch) => epochs.push(epoch),
    });
    expect(selected.heldOut).toBe(Math.max(...epochs.map(({ heldOut }) => heldOut)));
    expect(-selected.heldOut).toBeLessThan(0.7 * -(epochs[0]?.heldOut ?? 0));
    expect(Object.keys(selected.parameters)).toEqual(Object.keys(model.decoder.shapes));
  });

  it('has a penalty of which the device and the reference know the same slope', async () => {
    const parameters = initialParameters(model.critic.shapes, 2);
    const inputs = Object.fromEntries(Object.entries(model.critic.shapes).map(([name, shape]) => [name, { shape }]));
    const values = (seed: number): Float32Array =>
      Float32Array.from({ length: 4 * side * side }, (_, index) => Math.abs(Math.sin(seed + index)));
    const slope = async (device: Device): Promise<Float32Array> => {
      const images = { shape: [4, side * side] };
      const program = await device.compile(
        (tensors) => {
          const [real, made] = [tensors['real'] as tf.Tensor2D, tensors['made'] as tf.Tensor2D];
          const mix = tf.tensor2d([0.1, 0.4, 0.6, 0.9], [4, 1]);
          const penalty = (weight: tf.Tensor): tf.Scalar =>
            model.penalty({ ...tensors, 'critic.0.weight': weight }, real, made, mix);
          return { slope: tf.grad(penalty)(tensors['critic.0.weight'] as tf.Tensor) };
        },
        { inputs: { ...inputs, real: images, made: images } },
      );
      const result = await program.run({ ...parameters, real: values(1), made: values(2) });
      await program.dispose();
      return result['slope'] as Float32Array;
    };
    const [compiled, eager] = [await slope(cpu), await slope(reference)];
    expect(Math.max(...eager.map(Math.abs))).toBeGreaterThan(0.01);
    compiled.forEach((value, index) => expect(value).toBeCloseTo(eager[index] ?? Number.NaN, 4));
  });

  it('is judged by an energy distance that is zero between like samples and not between unlike ones', async () => {
    const shape = [400, 1];
    const program = await cpu.compile(
      ({ x, y }) => ({ distance: energyDistance(x as tf.Tensor2D, y as tf.Tensor2D) }),
      { inputs: { x: { shape }, y: { shape } } },
    );
    const points = (shift: number): Float32Array =>
      Float32Array.from({ length: 400 }, (_, index) => shift + 2 * Math.sin(index * 12.9898 + shift));
    const distance = async (shift: number): Promise<number> =>
      (await program.run({ x: points(0), y: points(shift) }))['distance']?.[0] ?? Number.NaN;
    expect(Math.abs(await distance(0))).toBeLessThan(0.02);
    expect(await distance(3)).toBeGreaterThan(1);
    await program.dispose();
  });
});

describe('arguments', () => {
  const given = {
    ...{
      data: 'x',
      limit: undefined,
      latent: '10',
      hidden: '20,30',
      activation: 'relu',
      output: 'identity',
      batch: '8',
    },
    ...{ epochs: '3', patience: '2', 'learning-rate': '1e-3', seed: '0', device: 'cpu', 'output-file': 'y' },
  };

  it('are read', () => {
    expect(commonArguments(given)).toMatchObject({ latent: 10, hidden: [20, 30], learningRate: 0.001 });
  });

  it('are refused in one line each', () => {
    expect(() => commonArguments({ ...given, data: undefined })).toThrow('--data: is missing');
    expect(() => commonArguments({ ...given, hidden: '20,x' })).toThrow('--hidden x: is no whole number of at least 1');
    expect(() => commonArguments({ ...given, activation: 'sine' })).toThrow('--activation sine: is not known');
    expect(() => positive('variance', '-1')).toThrow('--variance -1: is no number above zero');
    expect(() => oneOf('likelihood', 'poisson', ['gaussian'])).toThrow('Use gaussian.');
  });
});

it('writes a file whose tensors are those that were trained', () => {
  const model = vae(spec);
  const parameters = model.initial(0);
  const { decoder, likelihood } = model;
  const description = {
    title: 't',
    latent: 2,
    shape: [36],
    decoder: decoder.layers,
    likelihood,
    facts: { epoch: '1' },
  };
  const { tensors, metadata } = readContent(modelFile(parameters, model.shapes, description), 'x');
  expect(metadata.get('epoch')).toBe('1');
  for (const [name, tensor] of tensors) expect(asFloat32(tensor)).toEqual(parameters[name]);
});
