import * as tf from '@tensorflow/tfjs-core';
import { booleans, floats, given, integers, parity, within, type Case, type CaseInput } from './parity';

type Op = (x: tf.Tensor) => tf.Tensor;

function item(name: string, fn: Op, input: CaseInput, more: Partial<Case> = {}): Case {
  return { name, inputs: [input], fn, ...more };
}

parity('smooth functions', [
  item('exp', tf.exp, floats(3, 4)),
  item('expm1', tf.expm1, floats(3, 4)),
  item('log', tf.log, within(0.2, 3, 7)),
  item('log1p', tf.log1p, within(-0.7, 3, 7)),
  item('sqrt', tf.sqrt, within(0.2, 3, 7)),
  item('rsqrt', tf.rsqrt, within(0.3, 3, 2, 3)),
  item('square', tf.square, floats(2, 3, 2)),
  item('reciprocal', tf.reciprocal, within(0.5, 2, 5)),
  item('sin', tf.sin, floats(5)),
  item('cos', tf.cos, floats(5)),
  item('tan', tf.tan, within(-1, 1, 5)),
  item('asin', tf.asin, within(-0.8, 0.8, 5)),
  item('acos', tf.acos, within(-0.8, 0.8, 5)),
  item('atan', tf.atan, floats(5)),
  item('sinh', tf.sinh, floats(5)),
  item('cosh', tf.cosh, floats(5)),
  item('asinh', tf.asinh, floats(5)),
  item('acosh', tf.acosh, within(1.2, 4, 5)),
  item('atanh', tf.atanh, within(-0.8, 0.8, 5)),
  item('tanh', tf.tanh, floats(4, 3)),
  item('sigmoid', tf.sigmoid, within(-8, 8, 4, 3)),
  item('logSigmoid', tf.logSigmoid, within(-8, 8, 4, 3)),
  item('softplus', tf.softplus, within(-20, 20, 4, 3)),
  // The reference approximates erf by a polynomial good to 1.5e-7.
  item('erf', tf.erf, floats(9)),
]);

parity('piecewise functions', [
  item('relu', tf.relu, floats(4, 3)),
  item('relu6', tf.relu6, within(-4, 9, 13)),
  item('elu', tf.elu, floats(4, 3)),
  item('selu', tf.selu, floats(4, 3)),
  item('leakyRelu', (x) => tf.leakyRelu(x, 0.1), floats(4, 3)),
  item('leakyRelu of integers', (x) => tf.leakyRelu(x, 0.1), integers(-4, 4, 6), { order: 0 }),
  item('step', (x) => tf.step(x), floats(6)),
  item('step with a slope', (x) => tf.step(x, 0.3), floats(6)),
  item('abs', tf.abs, floats(6)),
  item('neg', tf.neg, floats(6)),
  item('sign', tf.sign, given([-2, -0, 0, 3])),
  item('floor', tf.floor, floats(6)),
  item('ceil', tf.ceil, floats(6)),
  item('round to even', tf.round, given([-2.5, -1.5, -0.5, 0.5, 1.5, 2.4, 2.6])),
  item('clipByValue', (x) => tf.clipByValue(x, -0.5, 1), floats(9)),
  item('clipByValue of integers', (x) => tf.clipByValue(x, -1, 2), integers(-5, 5, 9), { order: 0 }),
  item('clone', tf.clone, floats(3)),
]);

parity('questions', [
  item('isNaN', tf.isNaN, given([1, NaN, Infinity, -Infinity]), { order: 0 }),
  item('isInf', tf.isInf, given([1, NaN, Infinity, -Infinity]), { order: 0 }),
  item('isFinite', tf.isFinite, given([1, NaN, Infinity, -Infinity]), { order: 0 }),
  item('isFinite of integers', tf.isFinite, integers(-3, 3, 4), { order: 0 }),
  item('logicalNot', tf.logicalNot, booleans(5), { order: 0 }),
]);

parity('integers and booleans', [
  item('abs', tf.abs, integers(-4, 4, 6), { order: 0 }),
  item('neg', tf.neg, integers(-4, 4, 6), { order: 0 }),
  item('square', tf.square, integers(-4, 4, 6), { order: 0 }),
  item('reciprocal cuts back', tf.reciprocal, integers(1, 3, 6), { order: 0 }),
  item('exp becomes float', tf.exp, integers(-2, 3, 6), { order: 0 }),
  item('relu', tf.relu, integers(-4, 4, 6), { order: 0 }),
  item('float to int', (x) => tf.cast(x, 'int32'), given([-1.7, -0.2, 0.9, 2.5]), { order: 0 }),
  item('float to bool', (x) => tf.cast(x, 'bool'), given([-1.7, 0, 0.9, 2.5]), { order: 0 }),
  item('bool to float', (x) => tf.cast(x, 'float32'), booleans(5), { order: 0 }),
  item('bool to int', (x) => tf.cast(x, 'int32'), booleans(5), { order: 0 }),
]);

const odd = [NaN, Infinity, -Infinity, 0, 1];
parity('values that are not finite', [
  ...Object.entries({
    relu: tf.relu,
    relu6: tf.relu6,
    sigmoid: tf.sigmoid,
    tanh: tf.tanh,
    softplus: tf.softplus,
    elu: tf.elu,
  }).map(([name, fn]) => item(name, fn as Op, given(odd), { order: 0 })),
  item('exp', tf.exp, given(odd), { order: 0 }),
  item('log', tf.log, given(odd), { order: 0 }),
  item('expm1', tf.expm1, given([...odd, -1, 88, -100]), { order: 0 }),
  item('log1p', tf.log1p, given([...odd, -1]), { order: 0 }),
  item('clipByValue', (x) => tf.clipByValue(x, -1, 1), given(odd), { order: 0 }),
  item('max', (x) => tf.max(x), given([1, NaN, 3]), { order: 0 }),
  item('min over rows', (x) => tf.min(x, 1), given([1, 2, 3, 1, 2, NaN], 'float32', [2, 3]), { order: 0 }),
  item('logSumExp of -Infinity', (x) => tf.logSumExp(x, 1), given([-Infinity, 2, NaN, 1], 'float32', [2, 2]), {
    order: 0,
  }),
]);
