import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Attribute } from '../onnx/graph';
import type { Tracer } from '../trace/tracer';
import { binary } from './binary';
import { input, type Lowering } from './types';
import { castTo, stored } from './values';

/** Ops that ONNX defines for int32 too. The others see integers as floats, and their results are cut back to integers. */
const integerOps = new Set(['Abs', 'Neg', 'Sign', 'Relu']);

/** Applies a one-input ONNX op, keeping a broadcast unexpanded. */
export function unary(
  tracer: Tracer,
  op: string,
  x: TensorInfo,
  attributes: Record<string, Attribute> = {},
  dtype: string = x.dtype,
): TensorInfo {
  if (x.dtype === 'float32' || (x.dtype === 'int32' && integerOps.has(op))) {
    return tracer.elementwise(op, [x], x.shape, dtype, attributes);
  }
  const floats = castTo(tracer, x, 'float32');
  const result = tracer.elementwise(op, [floats], x.shape, dtype === 'bool' ? dtype : 'float32', attributes);
  return x.dtype === dtype ? castTo(tracer, result, dtype) : result;
}

function direct(op: string, dtype?: string): Lowering {
  return (tracer, inputs) => unary(tracer, op, input(inputs, 'x'), {}, dtype);
}

/** ONNX has the op, and a uniform tensor stays a number. */
function foldable(op: string, fold: (x: number) => number): Lowering {
  return (tracer, inputs) => {
    const x = input(inputs, 'x');
    const value = tracer.uniformOf(x);
    return value === undefined ? unary(tracer, op, x) : tracer.uniform(x.shape, x.dtype, stored(fold(value), x.dtype));
  };
}

/** Ops of one tensor that ONNX has under its own names. */
export const unaryLowerings: Record<string, Lowering> = {
  Abs: foldable('Abs', Math.abs),
  Neg: (tracer, inputs) => {
    const x = input(inputs, 'x');
    return x.dtype === 'float32' ? tracer.scaled(x, -1) : foldable('Neg', (value) => -value)(tracer, inputs, {});
  },
  Exp: direct('Exp', 'float32'),
  Log: direct('Log'),
  Sqrt: foldable('Sqrt', Math.sqrt),
  Reciprocal: foldable('Reciprocal', (x) => 1 / x),
  Erf: direct('Erf'),
  Sin: direct('Sin'),
  Cos: direct('Cos'),
  Asin: direct('Asin'),
  Acos: direct('Acos'),
  Atan: direct('Atan'),
  Floor: foldable('Floor', Math.floor),
  Ceil: foldable('Ceil', Math.ceil),
  Round: direct('Round'),
  Sign: foldable('Sign', Math.sign),
  IsNan: direct('IsNaN', 'bool'),
  IsInf: direct('IsInf', 'bool'),
  IsFinite: (tracer, inputs) => {
    // One comparison answers for NaN and both infinities.
    const size = unary(tracer, 'Abs', castTo(tracer, input(inputs, 'x'), 'float32'));
    return tracer.elementwise('Less', [size, tracer.uniform([], 'float32', Infinity)], size.shape, 'bool');
  },
  LogicalNot: (tracer, inputs) => {
    const x = castTo(tracer, input(inputs, 'x'), 'bool');
    const value = tracer.uniformOf(x);
    if (value !== undefined) return tracer.uniform(x.shape, 'bool', 1 - value);
    return tracer.elementwise('Not', [x], x.shape, 'bool');
  },
  Square: (tracer, inputs) => {
    const x = input(inputs, 'x');
    const value = tracer.uniformOf(x);
    if (value !== undefined) return tracer.uniform(x.shape, x.dtype, value * value);
    if (x.dtype === 'bool') return tracer.broadcast(x, x.shape);
    return binary(tracer, 'Mul', x, x);
  },
  Identity: (tracer, inputs) => {
    const x = input(inputs, 'x');
    return tracer.broadcast(x, x.shape);
  },
};
