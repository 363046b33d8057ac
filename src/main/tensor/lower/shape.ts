import { util, type TensorInfo } from '@tensorflow/tfjs-core';
import type { Tracer } from '../trace/tracer';
import { onnxTypes } from '../onnx/graph';
import { input, type Lowering } from './types';

export function reshaped(tracer: Tracer, x: TensorInfo, shape: readonly number[]): TensorInfo {
  const uniform = tracer.uniformOf(x);
  if (uniform !== undefined) return tracer.uniform(shape, x.dtype, uniform);
  if (util.arraysEqual(x.shape, [...shape])) return tracer.broadcast(x, shape);
  return tracer.emit('Reshape', [tracer.full(x), tracer.ints(shape)], {}, shape, x.dtype);
}

const reshape: Lowering = (tracer, inputs, attrs) => {
  const x = input(inputs, 'x');
  const { shape } = attrs as { shape: number[] };
  return reshaped(tracer, x, util.inferFromImplicitShape(shape, util.sizeFromShape(x.shape)));
};

const expandDims: Lowering = (tracer, inputs, attrs) => {
  const x = input(inputs, 'input');
  const { dim } = attrs as { dim: number };
  const shape = [...x.shape];
  shape.splice(dim < 0 ? x.shape.length + dim + 1 : dim, 0, 1);
  return reshaped(tracer, x, shape);
};

const transpose: Lowering = (tracer, inputs, attrs) => {
  const x = input(inputs, 'x');
  const { perm } = attrs as { perm: number[] };
  const shape = perm.map((axis) => x.shape[axis] ?? 1);
  return tracer.emit('Transpose', [tracer.full(x)], { perm: { ints: perm } }, shape, x.dtype);
};

const cast: Lowering = (tracer, inputs, attrs) => {
  const x = input(inputs, 'x');
  const { dtype } = attrs as { dtype: string };
  const uniform = tracer.uniformOf(x);
  if (uniform !== undefined) {
    const value = dtype === 'bool' ? Number(uniform !== 0) : dtype === 'int32' ? Math.trunc(uniform) : uniform;
    return tracer.uniform(x.shape, dtype, value);
  }
  if (dtype === x.dtype) return tracer.broadcast(x, x.shape);
  return tracer.elementwise('Cast', [x], x.shape, dtype, { to: { i: onnxTypes[tracer.typeOf(dtype)] } });
};

const fill: Lowering = (tracer, _inputs, attrs) => {
  const { shape, value, dtype } = attrs as { shape: number[]; value: number; dtype?: string };
  return tracer.uniform(shape, dtype ?? 'float32', value);
};

const filledLike =
  (value: number): Lowering =>
  (tracer, inputs) => {
    const x = input(inputs, 'x');
    return tracer.uniform(x.shape, x.dtype, value);
  };

const tile: Lowering = (tracer, inputs, attrs) => {
  const x = input(inputs, 'x');
  const { reps } = attrs as { reps: number[] };
  const shape = x.shape.map((extent, axis) => extent * (reps[axis] ?? 1));
  // Repeating along axes of length 1 is a broadcast, which stays unexpanded.
  if (x.shape.every((extent, axis) => extent === 1 || reps[axis] === 1)) return tracer.broadcast(x, shape);
  if (tracer.uniformOf(x) !== undefined) return tracer.broadcast(x, shape);
  return tracer.emit('Tile', [tracer.full(x), tracer.ints(reps)], {}, shape, x.dtype);
};

/** tf.where. The condition has the full shape of the result. */
const select: Lowering = (tracer, inputs) => {
  const then = input(inputs, 't');
  let condition = input(inputs, 'condition');
  // tfjs lets a vector choose whole rows.
  while (condition.shape.length < then.shape.length) {
    condition = reshaped(tracer, condition, [...condition.shape, 1]);
  }
  return tracer.elementwise('Where', [condition, then, input(inputs, 'e')], then.shape, then.dtype);
};

export const shapeLowerings: Record<string, Lowering> = {
  Reshape: reshape,
  ExpandDims: expandDims,
  Transpose: transpose,
  Cast: cast,
  Fill: fill,
  ZerosLike: filledLike(0),
  OnesLike: filledLike(1),
  Tile: tile,
  Select: select,
};
