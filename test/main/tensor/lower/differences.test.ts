import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { openDevice } from '../../../../src/main/tensor/devices';
import type { Precision, TensorSpec } from '../../../../src/main/tensor/types';
import { dataOf, floats, given, within, type Case } from './parity';

/**
 * Gradients against differences of the function itself. Two backends that share tfjs's gradients agree on its mistakes; this
 * suite is independent of them. Loss and second-order loss are those of the parity suite, in one direction for each input.
 */
async function check({ inputs, fn }: Case, precision: Precision, step: number): Promise<number> {
  const names = inputs.map((_, index) => `x${index}`);
  const free = inputs.flatMap(({ dtype = 'float32' }, index) => (dtype === 'float32' ? [index] : []));
  const device = await openDevice('cpu');
  const program = await device.compile(
    (tensors) => {
      const start = names.map((name) => tensors[name] as tf.Tensor);
      const outputs: Record<string, tf.Tensor> = {};
      for (const index of free) {
        const at = (x: tf.Tensor): tf.Tensor[] => start.map((tensor, other) => (other === index ? x : tensor));
        const weigh = (y: tf.Tensor): tf.Tensor => {
          const weights = tf.reshape(tf.linspace(0.5, 1.5, y.size), y.shape);
          return tf.sum(tf.mul(weights, tf.add(y, tf.mul(tf.square(y), 0.5))));
        };
        const loss = (x: tf.Tensor): tf.Tensor => {
          const result = fn(...at(x));
          return Array.isArray(result) ? tf.addN(result.map(weigh)) : weigh(result);
        };
        const norm = (x: tf.Tensor): tf.Tensor => tf.mul(tf.sum(tf.square(tf.grad(loss)(x))), 0.5);
        const x = start[index] as tf.Tensor;
        const direction = tf.reshape(tf.cos(tf.linspace(0, x.size, x.size)), x.shape);
        [loss, norm].forEach((f, order) => {
          const [up, down] = [tf.add(x, tf.mul(direction, step)), tf.sub(x, tf.mul(direction, step))];
          outputs[`${index}/${order}/difference`] = tf.div(tf.sub(f(up), f(down)), 2 * step);
          outputs[`${index}/${order}/gradient`] = tf.sum(tf.mul(tf.grad(f)(x), direction));
          outputs[`${index}/${order}/size`] = tf.norm(tf.grad(f)(x));
        });
      }
      return outputs;
    },
    {
      inputs: Object.fromEntries(
        inputs.map(({ shape, dtype = 'float32' }, index): [string, TensorSpec] => [`x${index}`, { shape, dtype }]),
      ),
      precision,
    },
  );
  const result = await program.run(
    Object.fromEntries(inputs.map((input, index) => [`x${index}`, dataOf(input, index)])),
  );
  await program.dispose();
  const entry = (key: string): number => result[key]?.[0] as number;
  const errors = free.flatMap((index) =>
    [0, 1].map((order) => {
      const key = `${index}/${order}`;
      const [gradient, difference, size] = ['gradient', 'difference', 'size'].map((what) =>
        entry(`${key}/${what}`),
      ) as [number, number, number];
      return Math.abs(gradient - difference) / Math.max(size, 1e-9);
    }),
  );
  return Math.max(...errors);
}

const unary = (name: string, fn: (x: tf.Tensor) => tf.Tensor, low = -2, high = 2): Case => ({
  name,
  inputs: [within(low, high, 3, 4)],
  fn,
});

const smooth: readonly Case[] = [
  // Ops whose gradient uses their own result: see repairTape.
  unary('exp', tf.exp),
  unary('sigmoid', tf.sigmoid),
  unary('tanh', tf.tanh),
  unary('elu', tf.elu),
  unary('softmax', (x) => tf.softmax(x)),
  unary('logSoftmax', (x) => tf.logSoftmax(x)),
  unary('a power as a function of its exponent', (x) => tf.pow(1.7, x)),
  unary('logSumExp', (x) => tf.logSumExp(x, 1)),
  unary('a network', (x) =>
    tf.tanh(tf.matMul(tf.sigmoid(tf.matMul(x as tf.Tensor2D, tf.ones([4, 5]))), tf.ones([5, 2]))),
  ),
  unary('sigmoid of exp', (x) => tf.sigmoid(tf.exp(x))),
  unary('softplus', tf.softplus),
  unary('logSigmoid', tf.logSigmoid),
  unary('selu', tf.selu),
  unary('expm1', tf.expm1),
  unary('log1p', tf.log1p, -0.5, 2),
  unary('rsqrt', tf.rsqrt, 0.5, 2),
  unary('tan', tf.tan, -1, 1),
  unary('asinh', tf.asinh),
  unary('atanh', tf.atanh, -0.7, 0.7),
  unary('cosh', tf.cosh),
  unary('prod', (x) => tf.prod(x, -1)),
  unary('prod of two axes', (x) => tf.prod(x, [0, 1]), 0.5, 1.5),
  unary('cumsum', (x) => tf.cumsum(x, 0)),
  unary('mirror pad', (x) =>
    tf.mirrorPad(
      x,
      [
        [2, 1],
        [0, 3],
      ],
      'reflect',
    ),
  ),
  unary('norm', (x) => tf.norm(x, 'euclidean', 1)),
  { name: 'divide', inputs: [floats(3, 4), within(0.5, 2, 4)], fn: (a, b) => tf.div(a, b) },
  { name: 'pow', inputs: [within(0.5, 2, 3, 4), floats(4)], fn: (a, b) => tf.pow(a, b) },
  { name: 'squaredDifference', inputs: [floats(3, 4), floats(3, 1)], fn: (a, b) => tf.squaredDifference(a, b) },
  { name: 'maximum', inputs: [floats(3, 4), floats(4)], fn: (a, b) => tf.maximum(tf.exp(a), tf.exp(b)) },
  { name: 'einsum', inputs: [floats(2, 3, 4), floats(2, 4)], fn: (a, b) => tf.einsum('bij,bj->bi', a, b) },
  {
    name: 'gather',
    inputs: [floats(4, 3), given([3, 0, 3], 'int32')],
    fn: (x, i) => tf.exp(tf.gather(x, i as tf.Tensor1D)),
  },
  {
    name: 'batch gather',
    inputs: [floats(2, 3, 4), given([3, 0, 2, 1], 'int32', [2, 2])],
    fn: (x, i) => tf.gather(x, i, 2, 1),
  },
  {
    name: 'gatherND',
    inputs: [floats(3, 4), given([2, 0, 2, 0], 'int32', [2, 2])],
    fn: (x, i) => tf.exp(tf.gatherND(x, i)),
  },
  {
    name: 'scatterND',
    inputs: [given([1, 3, 1], 'int32', [3, 1]), floats(3)],
    fn: (i, x) => tf.exp(tf.scatterND(i, x, [5])),
  },
  {
    name: 'batch norm',
    inputs: [floats(5, 3), floats(3), within(0.5, 2, 3), floats(3), floats(3)],
    fn: (x, ...[m, v, o, s]) =>
      tf.batchNorm2d(x as tf.Tensor2D, m as tf.Tensor1D, v as tf.Tensor1D, o as tf.Tensor1D, s as tf.Tensor1D),
  },
];

describe('smooth functions in doubles', () => {
  it.each(smooth.map((item) => [item.name, item] as const))('%s', async (_, item) => {
    expect(await check(item, 'float64', 1e-4)).toBeLessThan(1e-6);
  });
});

const image = floats(2, 6, 5, 2);
const filter = floats(3, 3, 2, 2);

/** Along one input the loss of these is a parabola, so central differences are exact and the step can be large. */
const linear: readonly Case[] = [
  {
    name: 'conv2d',
    inputs: [image, filter],
    fn: (x, w) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 2, 'same'),
  },
  {
    name: 'conv2d, rounded up',
    inputs: [image, filter],
    fn: (x, w) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 2, 0, 'NHWC', 1, 'ceil'),
  },
  {
    name: 'conv2dTranspose',
    inputs: [floats(2, 3, 3, 2), filter],
    fn: (x, w) => tf.conv2dTranspose(x as tf.Tensor4D, w as tf.Tensor4D, [2, 6, 5, 2], 2, 'same'),
  },
  {
    name: 'depthwise',
    inputs: [image, filter],
    fn: (x, w) => tf.depthwiseConv2d(x as tf.Tensor4D, w as tf.Tensor4D, 2, 'same'),
  },
  { name: 'avgPool', inputs: [image], fn: (x) => tf.avgPool(x as tf.Tensor4D, 3, 2, 'same') },
  { name: 'avgPool, rounded up', inputs: [image], fn: (x) => tf.avgPool(x as tf.Tensor4D, 3, 2, 0, 'ceil') },
  {
    name: 'maxPool',
    inputs: [{ ...image, low: -9, high: 9 }],
    fn: (x) => tf.maxPool(x as tf.Tensor4D, 3, 2, 'same'),
  },
  { name: 'bilinear', inputs: [image], fn: (x) => tf.image.resizeBilinear(x as tf.Tensor4D, [9, 4], false, true) },
  {
    name: 'nearest',
    inputs: [image],
    fn: (x) => tf.image.resizeNearestNeighbor(x as tf.Tensor4D, [9, 4], false, true),
  },
];

describe('linear and piecewise linear ops in single precision', () => {
  it.each(linear.map((item) => [item.name, item] as const))('%s', async (_, item) => {
    expect(await check(item, 'float32', 0.02)).toBeLessThan(2e-3);
  });
});
