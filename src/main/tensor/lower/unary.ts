import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Attribute } from '../onnx/graph';
import type { Tracer } from '../trace/tracer';
import { input, type Lowering } from './types';

/** Applies a one-input ONNX op, keeping a broadcast unexpanded. */
export function unary(
  tracer: Tracer,
  op: string,
  x: TensorInfo,
  attributes: Record<string, Attribute> = {},
  dtype: string = x.dtype,
): TensorInfo {
  return tracer.elementwise(op, [x], x.shape, dtype, attributes);
}

function direct(op: string, attributes?: Record<string, Attribute>): Lowering {
  return (tracer, inputs) => unary(tracer, op, input(inputs, 'x'), attributes);
}

/** ONNX has the op, and a uniform tensor stays a number. */
function foldable(op: string, fold: (x: number) => number): Lowering {
  return (tracer, inputs) => {
    const x = input(inputs, 'x');
    const value = tracer.uniformOf(x);
    return value === undefined ? unary(tracer, op, x) : tracer.uniform(x.shape, x.dtype, fold(value));
  };
}

const selu = { alpha: { f: 1.6732632423543772 }, gamma: { f: 1.0507009873554805 } };

/** Ops of one tensor that ONNX has under its own names. */
export const unaryLowerings: Record<string, Lowering> = {
  Abs: foldable('Abs', Math.abs),
  Neg: foldable('Neg', (x) => -x),
  Exp: direct('Exp'),
  Log: direct('Log'),
  Sqrt: direct('Sqrt'),
  Reciprocal: foldable('Reciprocal', (x) => 1 / x),
  Tanh: direct('Tanh'),
  Sigmoid: direct('Sigmoid'),
  Relu: direct('Relu'),
  Selu: direct('Selu', selu),
  Erf: direct('Erf'),
  Sin: direct('Sin'),
  Cos: direct('Cos'),
  Floor: direct('Floor'),
  Ceil: direct('Ceil'),
  Round: direct('Round'),
  Sign: direct('Sign'),
  Square: (tracer, inputs) => {
    const x = input(inputs, 'x');
    const value = tracer.uniformOf(x);
    if (value !== undefined) return tracer.uniform(x.shape, x.dtype, value * value);
    return tracer.elementwise('Mul', [x, x], x.shape, x.dtype);
  },
  Identity: (tracer, inputs) => {
    const x = input(inputs, 'x');
    return tracer.broadcast(x, x.shape);
  },
};
