import { util, type TensorInfo } from '@tensorflow/tfjs-core';
import type { Tracer } from '../trace/tracer';
import { input, type Lowering } from './types';
import { castTo, commonUniform } from './values';

/** The shape of the ONNX value behind a tensor, with the leading ones that broadcasting lets it omit. */
function paddedShape(compact: readonly number[], rank: number): number[] {
  return [...new Array<number>(rank - compact.length).fill(1), ...compact];
}

/**
 * The extents of the unexpanded value under a new shape that only gains or loses axes of length 1; undefined for any other
 * reshape, which needs the value in full.
 */
function compactReshape(
  from: readonly number[],
  compact: readonly number[],
  to: readonly number[],
): number[] | undefined {
  const kept = compact.filter((_, axis) => from[axis] !== 1);
  const long = from.filter((extent) => extent !== 1);
  if (
    !util.arraysEqual(
      long,
      to.filter((extent) => extent !== 1),
    )
  ) {
    return undefined;
  }
  return to.map((extent) => (extent === 1 ? 1 : (kept.shift() ?? 1)));
}

export function reshaped(tracer: Tracer, x: TensorInfo, shape: readonly number[]): TensorInfo {
  const uniform = tracer.uniformOf(x);
  if (uniform !== undefined) return tracer.uniform(shape, x.dtype, uniform);
  if (util.arraysEqual(x.shape, [...shape])) return tracer.broadcast(x, shape);
  const { tensor, scale } = tracer.unscaled(x);
  if (scale !== 1) return tracer.scaled(reshaped(tracer, tensor, shape), scale);
  const value = tracer.compact(x);
  if (!util.arraysEqual([...value.shape], x.shape)) {
    const compact = compactReshape(x.shape, paddedShape(value.shape, x.shape.length), shape);
    if (compact !== undefined) {
      return tracer.tensor(shape, x.dtype, {
        shape: compact,
        name: tracer.node('Reshape', [value.name, tracer.ints(compact)]),
      });
    }
  }
  return tracer.emit('Reshape', [tracer.full(x), tracer.ints(shape)], {}, shape, x.dtype);
}

export function transposed(tracer: Tracer, x: TensorInfo, perm: readonly number[]): TensorInfo {
  const shape = perm.map((axis) => x.shape[axis] ?? 1);
  if (tracer.uniformOf(x) !== undefined) return tracer.broadcast(x, shape);
  if (perm.every((axis, index) => axis === index)) return tracer.broadcast(x, shape);
  // Moving only axes of length 1 moves no numbers.
  const moving = perm.filter((axis) => x.shape[axis] !== 1);
  if (moving.every((axis, index) => index === 0 || axis > (moving[index - 1] ?? 0))) return reshaped(tracer, x, shape);
  const { tensor, scale } = tracer.unscaled(x);
  return tracer.scaled(
    tracer.emit('Transpose', [tracer.full(tensor)], { perm: { ints: perm } }, shape, x.dtype),
    scale,
  );
}

const expandDims: Lowering = (tracer, inputs, attrs) => {
  const x = input(inputs, 'input');
  const { dim } = attrs as { dim: number };
  const shape = [...x.shape];
  shape.splice(dim < 0 ? x.shape.length + dim + 1 : dim, 0, 1);
  return reshaped(tracer, x, shape);
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
  if (tracer.uniformOf(x) !== undefined) return tracer.uniform(shape, x.dtype, tracer.uniformOf(x) ?? 0);
  // Repeating along axes of length 1 is a broadcast, which stays unexpanded.
  if (x.shape.every((extent, axis) => extent === 1 || reps[axis] === 1)) return tracer.broadcast(x, shape);
  return tracer.emit('Tile', [tracer.full(x), tracer.ints(reps)], {}, shape, x.dtype);
};

/** tf.where. The condition has the full shape of the result. */
const select: Lowering = (tracer, inputs) => {
  const [t, e] = [input(inputs, 't'), input(inputs, 'e')];
  const dtype = t.dtype === 'bool' ? e.dtype : e.dtype === 'float32' ? e.dtype : t.dtype;
  const [then, otherwise] = [castTo(tracer, t, dtype), castTo(tracer, e, dtype)];
  let condition = castTo(tracer, input(inputs, 'condition'), 'bool');
  // tfjs lets a vector choose whole rows.
  while (condition.shape.length < then.shape.length) {
    condition = reshaped(tracer, condition, [...condition.shape, 1]);
  }
  const [chosen, same] = [tracer.uniformOf(condition), commonUniform(tracer, [then, otherwise])];
  if (same !== undefined) return tracer.uniform(then.shape, dtype, same);
  if (chosen !== undefined) return tracer.broadcast(chosen === 0 ? otherwise : then, then.shape);
  if (dtype !== 'bool') return tracer.elementwise('Where', [condition, then, otherwise], then.shape, dtype);
  // ONNX Runtime's Where has no booleans.
  const sides = [then, otherwise].map((side) => castTo(tracer, side, 'int32'));
  return castTo(tracer, tracer.elementwise('Where', [condition, ...sides], then.shape, 'int32'), 'bool');
};

export const shapeLowerings: Record<string, Lowering> = {
  Reshape: (tracer, inputs, attrs) => {
    const x = input(inputs, 'x');
    const { shape } = attrs as { shape: number[] };
    return reshaped(tracer, x, util.inferFromImplicitShape(shape, util.sizeFromShape(x.shape)));
  },
  Transpose: (tracer, inputs, attrs) => transposed(tracer, input(inputs, 'x'), (attrs as { perm: number[] }).perm),
  Cast: (tracer, inputs, attrs) => castTo(tracer, input(inputs, 'x'), (attrs as { dtype: string }).dtype),
  BroadcastTo: (tracer, inputs, attrs) => tracer.broadcast(input(inputs, 'x'), (attrs as { shape: number[] }).shape),
  ExpandDims: expandDims,
  Fill: fill,
  ZerosLike: filledLike(0),
  OnesLike: filledLike(1),
  Tile: tile,
  Select: select,
};
