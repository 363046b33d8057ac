import { backend_util, util, type TensorInfo } from '@tensorflow/tfjs-core';
import type { Tracer } from '../trace/tracer';
import { input, type Lowering } from './types';
import { unary } from './unary';
import { castTo } from './values';

interface Reduced {
  readonly axes: readonly number[];
  readonly keepDims: boolean;
  /** Shape of the result. */
  readonly shape: readonly number[];
}

/** tf.max names its axes `reductionIndices`, the others `axis`. */
function reduced(x: TensorInfo, attrs: Record<string, unknown>): Reduced {
  const {
    axis,
    reductionIndices,
    keepDims = false,
  } = attrs as {
    axis?: number | number[];
    reductionIndices?: number | number[];
    keepDims?: boolean;
  };
  const axes = util.parseAxisParam((axis ?? reductionIndices) as number | number[], x.shape);
  const shape = backend_util.computeOutAndReduceShapes(x.shape, axes)[0];
  return { axes, keepDims, shape: keepDims ? backend_util.expandShapeToKeepDim(shape, axes) : shape };
}

/**
 * Reduces the unexpanded value. Along axes that only a broadcast lengthened there is nothing to add up; `repeats` says how
 * often each number would have been met there.
 */
function reduceCompact(
  tracer: Tracer,
  op: string,
  x: TensorInfo,
  { axes, keepDims, shape }: Reduced,
): { result: TensorInfo; repeats: number } {
  const value = tracer.compact(x);
  const missing = x.shape.length - value.shape.length;
  const repeats = axes.reduce(
    (count, axis) => count * (value.shape[axis - missing] === x.shape[axis] ? 1 : (x.shape[axis] ?? 1)),
    1,
  );
  const present = axes.map((axis) => axis - missing).filter((axis) => axis >= 0);
  if (present.length === 0) return { result: tracer.tensor(shape, x.dtype, value), repeats };
  const compact = keepDims
    ? value.shape.map((extent, axis) => (present.includes(axis) ? 1 : extent))
    : value.shape.filter((_, axis) => !present.includes(axis));
  const name = tracer.node(op, [value.name, tracer.ints(present)], { keepdims: { i: Number(keepDims) } });
  return { result: tracer.tensor(shape, x.dtype, { shape: compact, name }), repeats };
}

const sum: Lowering = (tracer, inputs, attrs) => {
  const x = input(inputs, 'x');
  const numbers = x.dtype === 'bool' ? castTo(tracer, x, 'int32') : x;
  const how = reduced(x, attrs);
  if (how.axes.length === 0) return tracer.broadcast(numbers, x.shape);
  const uniform = tracer.uniformOf(numbers);
  const terms = util.sizeFromShape(how.axes.map((axis) => x.shape[axis] ?? 1));
  if (uniform !== undefined) return tracer.uniform(how.shape, numbers.dtype, terms * uniform);
  const { tensor, scale } = tracer.unscaled(numbers);
  const { result, repeats } = reduceCompact(tracer, 'ReduceSum', tensor, how);
  return tracer.scaled(result, scale * repeats);
};

const mean: Lowering = (tracer, inputs, attrs) => {
  const x = castTo(tracer, input(inputs, 'x'), 'float32');
  const how = reduced(x, attrs);
  const uniform = tracer.uniformOf(x);
  if (uniform !== undefined) return tracer.uniform(how.shape, x.dtype, uniform);
  if (how.axes.length === 0) return x;
  const { tensor, scale } = tracer.unscaled(x);
  return tracer.scaled(reduceCompact(tracer, 'ReduceMean', tensor, how).result, scale);
};

/**
 * ONNX Runtime's maximum overlooks NaN unless it comes first, so floats are asked for it apart: a NaN that vanishes here
 * would hide that a chain diverged.
 */
const extreme =
  (op: string): Lowering =>
  (tracer, inputs, attrs) => {
    const x = input(inputs, 'x');
    const how = reduced(x, attrs);
    const uniform = tracer.uniformOf(x);
    if (uniform !== undefined) return tracer.uniform(how.shape, x.dtype, uniform);
    if (how.axes.length === 0) return tracer.broadcast(x, x.shape);
    const numbers = x.dtype === 'bool' ? castTo(tracer, x, 'int32') : x;
    const { result } = reduceCompact(tracer, op, numbers, how);
    if (x.dtype !== 'float32') return castTo(tracer, result, x.dtype);
    const flags = castTo(tracer, unary(tracer, 'IsNaN', x, {}, 'bool'), 'int32');
    const broken = castTo(tracer, reduceCompact(tracer, 'ReduceMax', flags, how).result, 'bool');
    return tracer.elementwise('Where', [broken, tracer.uniform([], 'float32', NaN), result], how.shape, 'float32');
  };

const prod: Lowering = (tracer, inputs, attrs) => {
  const x = input(inputs, 'x');
  const numbers = x.dtype === 'bool' ? castTo(tracer, x, 'int32') : x;
  const { axes, keepDims, shape } = reduced(x, attrs);
  if (axes.length === 0) return tracer.broadcast(numbers, x.shape);
  const attributes = { keepdims: { i: Number(keepDims) } };
  return tracer.emit('ReduceProd', [tracer.full(numbers), tracer.ints(axes)], attributes, shape, numbers.dtype);
};

const logical =
  (op: string): Lowering =>
  (tracer, inputs, attrs) => {
    const x = input(inputs, 'x');
    const how = reduced(x, attrs);
    if (how.axes.length === 0) return tracer.broadcast(x, x.shape);
    return castTo(tracer, reduceCompact(tracer, op, castTo(tracer, x, 'int32'), how).result, 'bool');
  };

const argument =
  (op: string): Lowering =>
  (tracer, inputs, attrs) => {
    const x = input(inputs, 'x');
    const axis = util.parseAxisParam((attrs as { axis: number }).axis, x.shape)[0] ?? 0;
    const shape = x.shape.toSpliced(axis, 1);
    const numbers = x.dtype === 'bool' ? castTo(tracer, x, 'int32') : x;
    const found = tracer.node(op, [tracer.full(numbers)], { axis: { i: axis }, keepdims: { i: 0 } });
    return tracer.emit('Cast', [found], { to: { i: 6 } }, shape, 'int32');
  };

export const reduceLowerings: Record<string, Lowering> = {
  Sum: sum,
  Mean: mean,
  Max: extreme('ReduceMax'),
  Min: extreme('ReduceMin'),
  Prod: prod,
  All: logical('ReduceMin'),
  Any: logical('ReduceMax'),
  ArgMax: argument('ArgMax'),
  ArgMin: argument('ArgMin'),
};
