import * as tf from '@tensorflow/tfjs-core';
import { booleans, floats, given, integers, parity, type Case, type CaseInput } from './parity';

function item(
  name: string,
  input: CaseInput,
  fn: (x: tf.Tensor) => tf.Tensor | tf.Tensor[],
  more: Partial<Case> = {},
): Case {
  return { name, inputs: [input], fn, ...more };
}

parity('shapes', [
  item('reshape', floats(2, 3, 4), (x) => tf.reshape(x, [6, -1])),
  item('reshape to a scalar', floats(1, 1), (x) => tf.reshape(x, [])),
  item('expandDims', floats(2, 3), (x) => tf.expandDims(x, 1)),
  item('expandDims at the end', floats(2, 3), (x) => tf.expandDims(x, -1)),
  item('squeeze', floats(2, 1, 3), (x) => tf.squeeze(x)),
  item('transpose', floats(2, 3), (x) => tf.transpose(x)),
  item('transpose four axes', floats(2, 3, 4, 5), (x) => tf.transpose(x, [3, 0, 2, 1])),
  item('transpose an axis of length 1', floats(1, 3, 4), (x) => tf.transpose(x, [1, 0, 2])),
  item('tile', floats(2, 3), (x) => tf.tile(x, [2, 3])),
  item('tile one axis of length 1', floats(1, 3), (x) => tf.tile(x, [4, 1])),
  item('tile two axes, one of length 1', floats(1, 3), (x) => tf.tile(x, [4, 2])),
  item('broadcastTo', floats(3, 1), (x) => tf.broadcastTo(x, [2, 3, 4])),
  item('broadcast scalar', floats(), (x) => tf.broadcastTo(x, [2, 2])),
  item('a broadcast as an output', floats(1, 3), (x) => tf.mul(tf.broadcastTo(x, [2, 3]), 2)),
  item('booleans', booleans(2, 3), (x) => tf.transpose(tf.reshape(x, [3, 2])), { order: 0 }),
  item('tile booleans', booleans(2, 3), (x) => tf.tile(x, [2, 2]), { order: 0 }),
  item('zeros and ones', floats(2, 3), (x) => [tf.zerosLike(x), tf.onesLike(x), tf.fill([2, 2], 7)], { order: 0 }),
]);

parity('parts', [
  item('slice a vector', floats(6), (x) => tf.slice(x, 2, 3)),
  item('slice to the end', floats(4, 5), (x) => tf.slice(x, [1, 2])),
  item('slice rows', floats(4, 5), (x) => tf.slice(x, 1, 2)),
  item('slice four axes', floats(2, 3, 4, 5), (x) => tf.slice(x, [0, 1, 1, 2], [2, 2, -1, 1])),
  item('slice booleans', booleans(6), (x) => tf.slice(x, 2, 3), { order: 0 }),
  item('slice of a broadcast', floats(4, 1), (x) => tf.slice(tf.broadcastTo(x, [4, 5]), [1, 1], [2, 3])),
  item('stridedSlice', floats(7, 6), (x) => tf.stridedSlice(x, [1, 0], [6, 6], [2, 3]), { order: 0 }),
  item('stridedSlice backwards', floats(7), (x) => tf.stridedSlice(x, [5], [0], [-2]), { order: 0 }),
  item('stridedSlice past the start', floats(4, 3), (x) => tf.stridedSlice(x, [3, 0], [0, 2], [-1, 1], 0, 1), {
    order: 0,
  }),
  item('stridedSlice drops an axis', floats(4, 3), (x) => tf.stridedSlice(x, [2, 0], [3, 3], [1, 1], 0, 0, 0, 0, 1), {
    order: 0,
  }),
  item('stridedSlice adds an axis', floats(4, 3), (x) => tf.stridedSlice(x, [0, 1], [0, 3], [1, 1], 0, 0, 0, 1), {
    order: 0,
  }),
  item('reverse', floats(3, 4), (x) => tf.reverse(x, 1)),
  item('reverse all', floats(3, 4), (x) => tf.reverse(x)),
  item('reverse integers', integers(0, 9, 5), (x) => tf.reverse(x), { order: 0 }),
  item('split', floats(4, 6), (x) => tf.split(x, 3, 1)),
  item('split unevenly', floats(4, 6), (x) => tf.split(x, [1, 2, 3], -1)),
  item('split, one part used', floats(4, 6), (x) => tf.split(x, 3, 1)[1] as tf.Tensor),
  item('unstack', floats(3, 2), (x) => tf.unstack(x, 0)),
  item('unstack the last', floats(3, 2), (x) => tf.unstack(x, -1)),
]);

parity('joins', [
  { name: 'concat', inputs: [floats(2, 3), floats(4, 3)], fn: (a: tf.Tensor, b: tf.Tensor) => tf.concat([a, b], 0) },
  {
    name: 'concat the last axis',
    inputs: [floats(2, 3), floats(2, 1)],
    fn: (a: tf.Tensor, b: tf.Tensor) => tf.concat([a, b], -1),
  },
  { name: 'concat with zeros', inputs: [floats(2, 3)], fn: (a: tf.Tensor) => tf.concat([a, tf.zeros([2, 2])], 1) },
  {
    name: 'concat zeros only',
    inputs: [floats(4, 3)],
    fn: (a: tf.Tensor) => tf.add(a, tf.concat([tf.zeros([2, 3]), tf.zeros([2, 3])], 0)),
  },
  {
    name: 'concat integers',
    inputs: [integers(0, 9, 2), integers(0, 9, 3)],
    fn: (a: tf.Tensor, b: tf.Tensor) => tf.concat([a, b]),
    order: 0,
  },
  { name: 'stack', inputs: [floats(2, 3), floats(2, 3)], fn: (a: tf.Tensor, b: tf.Tensor) => tf.stack([a, b]) },
  {
    name: 'stack inside',
    inputs: [floats(2, 3), floats(2, 3)],
    fn: (a: tf.Tensor, b: tf.Tensor) => tf.stack([a, b], 1),
  },
  { name: 'stack scalars', inputs: [floats(), floats()], fn: (a: tf.Tensor, b: tf.Tensor) => tf.stack([a, b]) },
  {
    name: 'stack broadcasts',
    inputs: [floats(3, 1), floats(3, 4)],
    fn: (a: tf.Tensor, b: tf.Tensor) => tf.stack([tf.broadcastTo(a, [3, 4]), b]),
  },
]);

parity('borders', [
  item('pad', floats(2, 3), (x) =>
    tf.pad(x, [
      [1, 0],
      [2, 1],
    ]),
  ),
  item('pad with a number', floats(4), (x) => tf.pad(x, [[1, 2]], -7)),
  item('pad nothing', floats(4), (x) => tf.pad(x, [[0, 0]])),
  item('pad zeros with zeros', floats(4), (x) => tf.add(x, tf.pad(tf.zeros([2]), [[1, 1]]))),
  item('pad booleans', booleans(4), (x) => tf.pad(x, [[1, 2]]), { order: 0 }),
  item('reflect', floats(4, 3), (x) =>
    tf.mirrorPad(
      x,
      [
        [2, 3],
        [0, 2],
      ],
      'reflect',
    ),
  ),
  item('symmetric', floats(4, 3), (x) =>
    tf.mirrorPad(
      x,
      [
        [2, 4],
        [1, 0],
      ],
      'symmetric',
    ),
  ),
]);

parity('constants', [
  item('range', floats(4), (x) => tf.mul(x, tf.range(0, 4))),
  item('range down', floats(1), () => tf.range(5, 1), { order: 0 }),
  item('range in steps', floats(1), () => tf.range(1, 8, 3, 'int32'), { order: 0 }),
  item('linspace', floats(5), (x) => tf.mul(x, tf.linspace(-1, 1, 5))),
  item('eye', floats(3, 3), (x) => tf.mul(x, tf.eye(3))),
  item('a constant that is not uniform', floats(2), (x) => tf.add(x, tf.tensor([NaN, 1]))),
  item('uniform NaN', floats(2), (x) => tf.mul(x, tf.scalar(NaN)), { order: 0 }),
  item('one-hot', given([0, 2, -1, 5], 'int32'), (x) => tf.oneHot(x, 3), { order: 0 }),
  item('one-hot of other values', given([0, 2, 1, 1], 'int32', [2, 2]), (x) => tf.oneHot(x, 3, 5, -1), { order: 0 }),
]);
