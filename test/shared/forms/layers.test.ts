import { describe, expect, it } from 'vitest';
import {
  candidatesFor,
  chainOf,
  kindOf,
  layerKinds,
  layerOf,
  moved,
  nextLayer,
  type TensorShapes,
} from '../../../src/shared/forms/layers';
import { layerSchema, type Layer } from '../../../src/shared/runFile';

const dense: TensorShapes = new Map([
  ['fc1.weight', [128, 8]],
  ['fc1.bias', [128]],
  ['fc2.weight', [784, 128]],
  ['enc.weight', [8, 784]],
]);
const dcgan: TensorShapes = new Map([
  ['main.0.weight', [100, 64, 4, 4]],
  ['main.1.weight', [64]],
  ['main.1.running_mean', [64]],
  ['main.3.weight', [64, 3, 4, 4]],
]);
const convTranspose = (key: string, stride: number, padding: number): Layer => ({
  convTranspose: key,
  stride,
  padding,
  outputPadding: 0,
});

describe('the chain of layers', () => {
  it('follows matrices', () => {
    const chain = chainOf([{ linear: 'fc1' }, 'relu', { linear: 'fc2' }, { reshape: [1, 28, 28] }], dense);
    expect(chain).toEqual({ latent: 8, shapes: [[128], [128], [784], [1, 28, 28]], problem: null });
  });

  it('follows transposed convolutions and batch normalisation', () => {
    const chain = chainOf(
      [convTranspose('main.0', 1, 0), { batchNorm: 'main.1', epsilon: 1e-5 }, 'relu', convTranspose('main.3', 2, 1)],
      dcgan,
    );
    expect(chain.shapes).toEqual([
      [64, 4, 4],
      [64, 4, 4],
      [64, 4, 4],
      [3, 8, 8],
    ]);
  });

  it('stops where something does not fit, and says what comes in', () => {
    const chain = chainOf([{ linear: 'fc1' }, { linear: 'enc' }, 'relu'], dense);
    expect(chain.shapes).toEqual([[128], null, null]);
    expect(chain.problem).toEqual({
      index: 1,
      message: 'These weights take 784 numbers, and 128 come in. Choose others, or move the layer.',
    });
  });

  it.each<[readonly Layer[], RegExp]>([
    [['relu'], /No layer has weights/],
    [[{ linear: '' }], /Choose the weights/],
    [[{ linear: 'nope' }], /no weights called “nope”/],
    [[{ linear: 'fc1' }, { reshape: [3, 3] }], /holds 9 numbers, and 128 come in/],
    [[{ linear: 'fc1' }, { conv: 'fc2', stride: 1, padding: 0 }], /no kernel/],
  ])('%j', (layers, message) => expect(chainOf(layers, dense).problem?.message).toMatch(message));
});

it('offers the weights that fit first', () => {
  expect(candidatesFor('linear', [128], dense).map(({ key, fits }) => [key, fits])).toEqual([
    ['fc2', true],
    ['fc1', false],
    ['enc', false],
  ]);
  expect(candidatesFor('batchNorm', [64, 4, 4], dcgan)).toEqual([{ key: 'main.1', shape: [64], fits: true }]);
  expect(candidatesFor('convTranspose', [64, 4, 4], dcgan)[0]?.key).toBe('main.3');
});

it('makes a layer of each kind that the schema accepts', () => {
  for (const kind of layerKinds) {
    const layer = layerOf(kind, 'fc1', [8]);
    expect(layerSchema.safeParse(layer).success).toBe(true);
    expect(kindOf(layer)).toBe(kind);
  }
});

it('suggests what comes next', () => {
  expect(nextLayer([], 0, dense)).toEqual({ linear: 'fc1' });
  expect(nextLayer([{ linear: 'fc1' }], 1, dense)).toBe('relu');
  expect(nextLayer([{ linear: 'fc1' }, 'relu'], 2, dense)).toEqual({ linear: 'fc2' });
  const used: Layer[] = [{ linear: 'fc1' }, 'relu', { linear: 'fc2' }, 'relu', { linear: 'enc' }, 'tanh'];
  expect(nextLayer(used, 6, dense)).toBe('relu');
});

it('moves entries', () => {
  expect(moved(['a', 'b', 'c'], 0, 2)).toEqual(['b', 'c', 'a']);
  expect(moved(['a', 'b', 'c'], 2, 1)).toEqual(['a', 'c', 'b']);
  const list = ['a'];
  expect(moved(list, 0, 1)).toBe(list);
});
