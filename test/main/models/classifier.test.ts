import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { readCheckpoint } from '../../../src/main/checkpoints';
import { readDataset } from '../../../src/main/datasets';
import { buildClassifier, type Classifier } from '../../../src/main/models/classifier';
import { openDevice } from '../../../src/main/tensor/devices';
import { classifierSchema, type ClassifierLayer } from '../../../src/shared/runFile/classifier';
import { checkpointOf, type Tensors } from '../../support/models';

const shared = fileURLToPath(new URL('../../../../shared/data/', import.meta.url));
const lenet = `${shared}checkpoints/mnist-lenet.pth`;

async function classified(classifier: Classifier, x: Float32Array, device: 'cpu' | 'reference' = 'cpu') {
  const rows = x.length / classifier.inputs;
  const program = await (
    await openDevice(device)
  ).compile((t) => ({ ...classifier.apply(t, t['x'] as tf.Tensor2D) }), {
    inputs: { x: { shape: [rows, classifier.inputs] } },
    constants: classifier.constants,
  });
  const { logits, features } = await program.run({ x });
  await program.dispose();
  return { logits: Array.from(logits ?? []), features: Array.from(features ?? []) };
}

const spec = (layers: unknown, more: object = {}) => classifierSchema.parse({ checkpoint: 'a.pt', layers, ...more });
const tiny: Tensors = { 'out.weight': { shape: [2, 4] }, 'out.bias': { shape: [2] } };
const image = Float32Array.from({ length: 16 }, (_, index) => ((index * 7) % 16) - 5);

describe('a classifier of images', () => {
  it.each([
    ['maxPool', (values: number[]) => Math.max(...values)],
    ['averagePool', (values: number[]) => values.reduce((sum, value) => sum + value / 4, 0)],
  ])('%s takes windows of the image', async (kind, of) => {
    const layers = [{ [kind]: 2 }, { linear: 'out' }];
    const classifier = buildClassifier(spec(layers), checkpointOf(tiny), [1, 4, 4]);
    const { features, logits } = await classified(classifier, image);
    const windows = [0, 2, 8, 10].map((at) => of([0, 1, 4, 5].map((step) => image[at + step] ?? NaN)));
    expect(features).toEqual(windows);
    const weights = [...(checkpointOf(tiny).tensors.get('out.weight')?.data ?? [])].map(Number);
    const bias = [...(checkpointOf(tiny).tensors.get('out.bias')?.data ?? [])].map(Number);
    logits.forEach((logit, row) => {
      const sum = windows.reduce((total, value, i) => total + value * (weights[4 * row + i] ?? NaN), bias[row] ?? NaN);
      expect(logit).toBeCloseTo(sum, 4);
    });
  });

  it('pads maxima with nothing that could win, and leaves out windows that stand out', async () => {
    const one: Tensors = { 'out.weight': { shape: [2, 4] } };
    const layers = [{ maxPool: 3, stride: 2, padding: 1 }, { linear: 'out' }];
    const classifier = buildClassifier(spec(layers), checkpointOf(one), [1, 4, 4]);
    const negative = image.map((value) => -Math.abs(value) - 1);
    const { features } = await classified(classifier, negative);
    const rows = [
      [0, 1],
      [1, 2, 3],
    ];
    const expected = rows.flatMap((ys) =>
      rows.map((xs) => Math.max(...ys.flatMap((y) => xs.map((x) => negative[4 * y + x] ?? NaN)))),
    );
    expect(features).toEqual(expected);
  });

  it('resizes with the centres of pixels in the middle, alike on both devices', async () => {
    const wide: Tensors = { 'out.weight': { shape: [2, 64] } };
    const classifier = buildClassifier(spec([{ resize: [8, 8] }, { linear: 'out' }]), checkpointOf(wide), [1, 4, 4]);
    const { features } = await classified(classifier, image);
    // Pixel (0, 1) of 8 lies at 0.25 of 4.
    expect(features[1]).toBeCloseTo(0.75 * (image[0] ?? NaN) + 0.25 * (image[1] ?? NaN), 5);
    expect(features[0]).toBe(image[0]);
    const reference = await classified(classifier, image, 'reference');
    features.forEach((value, index) => expect(value).toBeCloseTo(reference.features[index] ?? NaN, 5));
  });

  it.each([
    [[{ linear: 'out' }], { classes: ['a', 'b', 'c'] }, [4], 'names 3 of the 2 classes'],
    [[{ maxPool: 2 }], {}, [1, 4, 4], 'end in [1, 2, 2]'],
    [[{ maxPool: 5 }], {}, [1, 4, 4], 'leaves no pixel'],
    [[{ maxPool: 2, padding: 2 }], {}, [1, 4, 4], 'more than half its window'],
    [[{ averagePool: 2 }], {}, [4], 'no image'],
    [[{ resize: [2, 2] }], {}, [4], 'no image'],
    [undefined, {}, [4], 'does not say what is between its weights'],
  ])('refuses %j with %j', (layers, more, shape, message) => {
    expect(() => buildClassifier(spec(layers, more), checkpointOf(tiny), shape)).toThrow(message);
  });

  it.skipIf(!existsSync(lenet))('reads the digits of MNIST with a LeNet', async () => {
    const layers: ClassifierLayer[] = [
      { resize: [32, 32] },
      { conv: 'convnet.c1', stride: 1, padding: 0 },
      'relu',
      { maxPool: 2, padding: 0 },
      { conv: 'convnet.c3', stride: 1, padding: 0 },
      'relu',
      { maxPool: 2, padding: 0 },
      { conv: 'convnet.c5', stride: 1, padding: 0 },
      'relu',
      { linear: 'fc.f6' },
      'relu',
      { linear: 'fc.f7' },
    ];
    const classifier = buildClassifier({ checkpoint: lenet, layers }, await readCheckpoint(lenet), [1, 28, 28]);
    expect(classifier).toMatchObject({ features: 84, classes: { length: 10 } });
    const count = 10_000;
    const images = readDataset(`${shared}mnist/t10k-images-idx3-ubyte.gz`, { limit: count, scale: 'unit' });
    const labels = readDataset(`${shared}mnist/t10k-labels-idx1-ubyte.gz`, { limit: count });
    const { logits } = await classified(classifier, images.values);
    const right = Array.from({ length: count }, (_, row) => {
      const own = logits.slice(10 * row, 10 * row + 10);
      return Number(own.indexOf(Math.max(...own)) === labels.values[row]);
    });
    const accuracy = right.reduce((sum, one) => sum + one, 0) / count;
    expect(accuracy).toBeGreaterThan(0.99);
    expect(accuracy).toBeLessThan(0.992);
  });
});
