import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { openDevice } from '../../../../src/main/tensor/devices';
import { devices, difference, evaluate, floats, given, parity, type Case } from './parity';

type Pool = typeof tf.maxPool;

interface Windows {
  readonly size: readonly [number, number];
  readonly kernel: [number, number];
  readonly stride: number | [number, number];
  readonly pad: 'valid' | 'same' | number;
}

const unpadded: Record<string, Windows> = {
  plain: { size: [4, 6], kernel: [2, 2], stride: 2, pad: 'valid' },
  overlapping: { size: [5, 6], kernel: [3, 2], stride: 1, pad: 'valid' },
  'entries left over': { size: [7, 8], kernel: [2, 3], stride: [3, 2], pad: 'valid' },
  global: { size: [3, 4], kernel: [3, 4], stride: 1, pad: 'valid' },
};
const padded: Record<string, Windows> = {
  'same, stride 2': { size: [5, 7], kernel: [3, 3], stride: 2, pad: 'same' },
  'same, stride 1': { size: [4, 3], kernel: [2, 3], stride: 1, pad: 'same' },
  'by number': { size: [6, 5], kernel: [3, 3], stride: 2, pad: 1 },
};

function pooling(name: string, pool: Pool, { size, kernel, stride, pad }: Windows, more: Partial<Case> = {}): Case {
  return { name, inputs: [floats(2, ...size, 3)], fn: (x) => pool(x as tf.Tensor4D, kernel, stride, pad), ...more };
}

parity('max pool', [
  ...Object.entries({ ...unpadded, ...padded }).map(([name, value]) => pooling(name, tf.maxPool, value)),
  {
    name: 'the first of equals',
    inputs: [given([1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 3, 3], 'float32', [1, 3, 4, 1])],
    fn: (x) => tf.maxPool(x as tf.Tensor4D, 2, 1, 'valid'),
  },
]);
parity('average pool', [
  ...Object.entries(unpadded).map(([name, value]) => pooling(name, tf.avgPool, value)),
  ...Object.entries(padded).map(([name, value]) => pooling(`forward, ${name}`, tf.avgPool, value, { order: 0 })),
]);

const sizes: [number, number][] = [
  [8, 6],
  [5, 7],
  [2, 3],
  [4, 4],
];
parity('resize', [
  ...sizes.flatMap(([height, width]): Case[] => [
    {
      name: `bilinear to ${height}×${width}`,
      inputs: [floats(2, 4, 3, 2)],
      fn: (x) => tf.image.resizeBilinear(x as tf.Tensor4D, [height, width]),
      order: 0,
    },
    {
      name: `bilinear to ${height}×${width}, half-pixel centres`,
      inputs: [floats(2, 4, 3, 2)],
      fn: (x) => tf.image.resizeBilinear(x as tf.Tensor4D, [height, width], false, true),
      order: 0,
    },
    {
      name: `bilinear to ${height}×${width}, corners aligned`,
      inputs: [floats(2, 3, 3, 2)],
      fn: (x) => tf.image.resizeBilinear(x as tf.Tensor4D, [height, width], true),
    },
    {
      // The reference's gradient is wrong for more than one image.
      name: `nearest to ${height}×${width}`,
      inputs: [floats(1, 4, 3, 2)],
      fn: (x) => tf.image.resizeNearestNeighbor(x as tf.Tensor4D, [height, width]),
    },
  ]),
]);

/**
 * Gradients that tfjs's own backend gets wrong: it divides by the whole window at a padded border, and in a resize leaves
 * half-pixel centres out and swaps height and width. These ops are linear, so a matrix of their values at unit vectors,
 * transposed, is the gradient to compare with.
 */
describe.each(devices)('gradients of linear ops on %s', (name) => {
  const resize = (size: [number, number], half: boolean) => (x: tf.Tensor) =>
    tf.image.resizeBilinear(x as tf.Tensor4D, size, false, half);
  const linear: [string, number[], (x: tf.Tensor) => tf.Tensor][] = [
    ...Object.entries(padded).map(
      ([title, { size, kernel, stride, pad }]): [string, number[], (x: tf.Tensor) => tf.Tensor] => [
        `average pool, ${title}`,
        [1, ...size, 1],
        (x) => tf.avgPool(x as tf.Tensor4D, kernel, stride, pad),
      ],
    ),
    ['bilinear, height and width differ', [1, 4, 3, 1], resize([5, 7], false)],
    ['bilinear, half-pixel centres', [1, 4, 3, 1], resize([8, 6], true)],
    ['bilinear, smaller', [1, 4, 5, 1], resize([2, 3], true)],
    [
      'mirror pad',
      [1, 4, 3, 1],
      (x) =>
        tf.mirrorPad(
          x,
          [
            [0, 0],
            [2, 3],
            [1, 1],
            [0, 0],
          ],
          'reflect',
        ),
    ],
  ];
  it.each(linear)('%s', async (_, shape, fn) => {
    const device = await openDevice(name);
    const count = tf.util.sizeFromShape(shape);
    // Each unit vector is one run of the forward pass; Σ w fn(e_i) is entry i of the gradient of Σ w fn(x).
    const weigh = (y: tf.Tensor): tf.Tensor => tf.sum(tf.mul(y, tf.reshape(tf.linspace(-1, 1, y.size), y.shape)));
    const units = Array.from({ length: count }, (__, index) => index);
    const forward: Case = {
      name: 'units',
      inputs: units.map((unit) =>
        given(
          Array.from({ length: count }, (__, index) => Number(index === unit)),
          'float32',
          shape,
        ),
      ),
      fn: (...basis) => tf.stack(basis.map((unit) => weigh(fn(unit)))),
      order: 0,
    };
    const backward: Case = {
      name: 'gradient',
      inputs: [floats(...shape)],
      fn: (x) => tf.grad((v: tf.Tensor) => weigh(fn(v)))(x),
      order: 0,
    };
    const [expected, actual] = [await evaluate(device, forward), await evaluate(device, backward)];
    expect(difference(actual['y0'] as Float32Array, expected['y0'] as Float32Array)).toBeLessThan(2e-6);
  });
});
