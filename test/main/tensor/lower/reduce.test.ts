import * as tf from '@tensorflow/tfjs-core';
import { booleans, floats, integers, parity, within, type Case } from './parity';

type Reduction = (x: tf.Tensor, axis?: number | number[], keepDims?: boolean) => tf.Tensor;

const axes: readonly [number[], number | number[] | undefined][] = [
  [[], undefined],
  [[5], undefined],
  [[5], -1],
  [[3, 4], 0],
  [[3, 4], -1],
  [
    [3, 4],
    [0, 1],
  ],
  [[2, 3, 4], 1],
  [
    [2, 3, 4],
    [0, 2],
  ],
  [
    [2, 1, 3, 2],
    [1, -1],
  ],
];

const named = (name: string, shape: number[], axis: unknown, keep: boolean): string =>
  `${name} of [${shape.join()}] over ${JSON.stringify(axis) ?? 'everything'}${keep ? ', kept' : ''}`;

function over(name: string, fn: Reduction, input = floats, more: Partial<Case> = {}): Case[] {
  // Which axes there are is no matter of types: three kinds are enough where only the type is new.
  return (more.order === 0 ? axes.slice(2, 7).filter((_, index) => index % 2 === 0) : axes).flatMap(([shape, axis]) =>
    [false, true].map((keep) => ({
      name: named(name, shape, axis, keep),
      inputs: [input(...shape)],
      fn: (x: tf.Tensor) => fn(x, axis, keep),
      ...more,
    })),
  );
}

parity('sums', [...over('sum', tf.sum), ...over('mean', tf.mean), ...over('logSumExp', tf.logSumExp)]);
parity('extremes', [...over('max', tf.max), ...over('min', tf.min)]);
parity(
  'products',
  over('prod', tf.prod, (...shape) => within(0.5, 2, ...shape)),
);

parity('unexpanded broadcasts', [
  {
    name: 'sum over the repeated axis',
    inputs: [floats(3, 1)],
    fn: (x) => tf.sum(tf.broadcastTo(x, [3, 4]), 1),
  },
  {
    name: 'sum over the other axis',
    inputs: [floats(3, 1)],
    fn: (x) => tf.sum(tf.broadcastTo(x, [3, 4]), 0),
  },
  {
    name: 'sum over a new axis',
    inputs: [floats(4)],
    fn: (x) => tf.sum(tf.broadcastTo(x, [2, 3, 4]), [0, 1]),
  },
  { name: 'mean over both', inputs: [floats(3, 1)], fn: (x) => tf.mean(tf.broadcastTo(x, [2, 3, 4])) },
  { name: 'max', inputs: [floats(3, 1)], fn: (x) => tf.max(tf.broadcastTo(x, [3, 4]), 0, true), order: 1 },
  { name: 'prod', inputs: [within(0.5, 2, 3, 1)], fn: (x) => tf.prod(tf.broadcastTo(x, [3, 4]), 1) },
  {
    name: 'a reshape between',
    inputs: [floats(3, 1)],
    fn: (x) => tf.sum(tf.reshape(tf.broadcastTo(x, [3, 4]), [3, 1, 4, 1]), 0),
  },
  {
    name: 'a reshape that mixes',
    inputs: [floats(3, 1)],
    fn: (x) => tf.sum(tf.reshape(tf.broadcastTo(x, [3, 4]), [6, 2]), 0),
  },
  {
    name: 'a transpose between',
    inputs: [floats(3, 1)],
    fn: (x) => tf.sum(tf.transpose(tf.broadcastTo(x, [3, 4])), 0),
  },
  { name: 'sum of ones', inputs: [floats(3)], fn: (x) => tf.mul(x, tf.sum(tf.ones([4, 3]), 0)) },
]);

parity('integers and booleans', [
  ...over('sum of integers', tf.sum, (...shape) => integers(-5, 5, ...shape), { order: 0 }),
  ...over('mean of integers', tf.mean, (...shape) => integers(-5, 5, ...shape), { order: 0 }),
  ...over('max of integers', tf.max, (...shape) => integers(-5, 5, ...shape), { order: 0 }),
  ...over('sum of booleans', tf.sum, (...shape) => booleans(...shape), { order: 0 }),
  ...over('all', tf.all, (...shape) => booleans(...shape), { order: 0 }),
  ...over('any', tf.any, (...shape) => booleans(...shape), { order: 0 }),
]);

parity('positions and scans', [
  // The reference fails at a cumulative sum over axis −1.
  ...[0, 1].flatMap((axis): Case[] => [
    { name: `argMax ${axis}`, inputs: [floats(4, 5)], fn: (x) => tf.argMax(x, axis), order: 0 },
    { name: `argMin ${axis}`, inputs: [integers(0, 3, 4, 5)], fn: (x) => tf.argMin(x, axis), order: 0 },
    ...[false, true].flatMap((exclusive) =>
      [false, true].map((reverse) => ({
        name: `cumsum ${axis} ${exclusive ? 'exclusive' : ''} ${reverse ? 'reverse' : ''}`,
        inputs: [floats(3, 4)],
        fn: (x: tf.Tensor) => tf.cumsum(x, axis, exclusive, reverse),
      })),
    ),
  ]),
  { name: 'cumprod', inputs: [floats(3, 4)], fn: (x) => tf.cumprod(x, 1), order: 0 },
  {
    name: 'cumprod exclusive reverse',
    inputs: [floats(3, 4)],
    fn: (x) => tf.cumprod(x, 1, true, true),
    order: 0,
  },
  { name: 'cumsum of integers', inputs: [integers(-4, 4, 6)], fn: (x) => tf.cumsum(x), order: 0 },
  { name: 'topk', inputs: [floats(3, 5)], fn: (x) => Object.values(tf.topk(x, 2)), order: 0 },
]);

parity('softmax', [
  { name: 'softmax', inputs: [within(-5, 5, 3, 4)], fn: (x) => tf.softmax(x) },
  { name: 'softmax of a vector', inputs: [floats(4)], fn: (x) => tf.softmax(x) },
  { name: 'softmax of three axes', inputs: [floats(2, 3, 4)], fn: (x) => tf.softmax(x) },
  { name: 'logSoftmax', inputs: [within(-5, 5, 3, 4)], fn: (x) => tf.logSoftmax(x) },
  { name: 'moments', inputs: [floats(5, 3)], fn: (x) => Object.values(tf.moments(x, 0)) },
  { name: 'euclidean norm', inputs: [floats(5, 3)], fn: (x) => tf.norm(x, 'euclidean', 1) },
  {
    name: 'softmax cross entropy',
    inputs: [floats(4, 3)],
    fn: (x) => tf.losses.softmaxCrossEntropy(tf.oneHot(tf.tensor1d([0, 2, 1, 1], 'int32'), 3), x),
  },
  {
    name: 'sigmoid cross entropy',
    inputs: [floats(4, 3), within(0, 1, 4, 3)],
    fn: (x, y) => tf.losses.sigmoidCrossEntropy(y, x),
    order: 0,
  },
]);
