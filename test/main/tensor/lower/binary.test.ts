import * as tf from '@tensorflow/tfjs-core';
import { booleans, floats, given, integers, parity, within, type Case, type CaseInput } from './parity';

type Op = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;

function item(name: string, fn: Op, a: CaseInput, b: CaseInput, more: Partial<Case> = {}): Case {
  return { name, inputs: [a, b], fn, ...more };
}

const shapes: readonly [string, number[], number[]][] = [
  ['equal shapes', [2, 3], [2, 3]],
  ['a row', [2, 3], [3]],
  ['a column', [2, 3], [2, 1]],
  ['both ways', [2, 1, 3], [4, 1]],
  ['a scalar', [], [2, 3]],
  ['two scalars', [], []],
  ['four axes', [2, 1, 3, 2], [5, 1, 2]],
];

const ops: Record<string, Op> = {
  add: tf.add,
  sub: tf.sub,
  mul: tf.mul,
  maximum: tf.maximum,
  minimum: tf.minimum,
  squaredDifference: tf.squaredDifference,
};

parity(
  'arithmetic',
  Object.entries(ops).flatMap(([name, fn]) =>
    shapes.map(([how, a, b]) => item(`${name}, ${how}`, fn, floats(...a), floats(...b))),
  ),
);

parity(
  'division and powers',
  shapes.flatMap(([how, a, b]) => [
    item(`div, ${how}`, tf.div, floats(...a), within(0.5, 2, ...b)),
    item(`pow, ${how}`, tf.pow, within(0.5, 2, ...a), within(-1, 2, ...b)),
    item(`atan2, ${how}`, tf.atan2, floats(...a), within(0.5, 2, ...b)),
    item(`mod, ${how}`, tf.mod, within(-7, 7, ...a), within(2, 3, ...b)),
    // tfjs has no gradient where the slope lengthens x.
    item(`prelu, ${how}`, tf.prelu, floats(...a), within(0.1, 0.5, ...b), {
      order: how === 'equal shapes' || how === 'a row' ? 2 : 0,
    }),
  ]),
);

parity('quadrants and signs', [
  item('atan2', tf.atan2, given([1, 1, -1, -1, 0, 0, 1, -1, 0]), given([1, -1, 1, -1, 1, -1, 0, 0, 0]), { order: 0 }),
  item('mod', tf.mod, given([5, 5, -5, -5, 6, 0]), given([3, -3, 3, -3, 3, 2]), { order: 0 }),
  item('mod of small remainders', tf.mod, given([1e-9, 3 + 2 ** -20]), given([1, 1]), { order: 0 }),
  item('floorDiv', tf.floorDiv, given([5, 5, -5, -5], 'int32'), given([3, -3, 3, -3], 'int32'), { order: 0 }),
  item('div of integers', tf.div, given([7, -7, 6], 'int32'), given([2, 2, 3], 'int32'), { order: 0 }),
  item('mod of integers', tf.mod, given([5, 5, -5, -5], 'int32'), given([3, -3, 3, -3], 'int32'), { order: 0 }),
  item('divNoNan', tf.divNoNan, given([1, 2, 3]), given([0, 2, 4]), { order: 0 }),
]);

parity(
  'powers with an op of their own',
  [-1, -0.5, 0, 0.5, 1, 1.5, 2, 3].map((exponent) => ({
    name: `x^${exponent}`,
    inputs: [within(0.5, 2, 2, 3)],
    fn: (x: tf.Tensor) => tf.pow(x, exponent),
  })),
);

const comparisons = {
  equal: tf.equal,
  notEqual: tf.notEqual,
  greater: tf.greater,
  greaterEqual: tf.greaterEqual,
  less: tf.less,
  lessEqual: tf.lessEqual,
};
parity(
  'comparisons',
  Object.entries(comparisons).flatMap(([name, fn]) => [
    item(name, fn, integers(0, 3, 4, 3), integers(0, 3, 3), { order: 0 }),
    item(`${name} of floats`, fn, given([1, 2, NaN, 4]), given([1, 3, NaN, 2]), { order: 0 }),
    item(`${name} of booleans`, fn, booleans(5), booleans(5), { order: 0 }),
  ]),
);

parity('logic and integers', [
  item('logicalAnd', tf.logicalAnd, booleans(5, 3), booleans(3), { order: 0 }),
  item('logicalOr', tf.logicalOr, booleans(5), booleans(5), { order: 0 }),
  item('logicalXor', tf.logicalXor, booleans(6), booleans(6), { order: 0 }),
  ...Object.entries(ops).map(([name, fn]) =>
    item(`${name} of integers`, fn, integers(-5, 5, 2, 3), integers(-5, 5, 3), { order: 0 }),
  ),
  item('pow of integers', tf.pow, integers(-3, 4, 6), integers(0, 4, 6), { order: 0 }),
  item('maximum of booleans', tf.maximum, booleans(5), booleans(5), { order: 0 }),
  item('mixed types', tf.mul, integers(-5, 5, 4), floats(4), { order: 0 }),
  item('bool times float', tf.mul, booleans(4), floats(4), { order: 0 }),
  item('addN', (a, b) => tf.addN([a, b, a]), floats(2, 3), floats(2, 3)),
]);

parity('where', [
  {
    name: 'by comparison',
    inputs: [floats(3, 4), floats(3, 4)],
    fn: (a: tf.Tensor, b: tf.Tensor) => tf.where(tf.greater(a, b), tf.mul(a, b), tf.square(b)),
  },
  {
    name: 'condition broadcast over rows, scalar else',
    inputs: [booleans(3, 1), floats(3, 4)],
    fn: (c: tf.Tensor, a: tf.Tensor) => tf.where(c, a, tf.scalar(0)),
  },
  {
    name: 'of booleans',
    inputs: [booleans(4), booleans(4), booleans(4)],
    fn: (c, a, b) => tf.where(c, a as never, b as never),
    order: 0,
  },
  {
    name: 'of integers',
    inputs: [booleans(4), integers(-3, 3, 4), integers(4, 9, 4)],
    fn: (c, a, b) => tf.where(c, a as never, b as never),
    order: 0,
  },
]);
