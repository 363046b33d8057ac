import { backend_util, slice_util, util, type TensorInfo } from '@tensorflow/tfjs-core';
import type { Tracer } from '../trace/tracer';
import { reshaped } from './shape';
import { input, inputList, type Lowering } from './types';
import { commonUniform, range } from './values';

/** An end that lies before every element, for slices that run backwards past the first. */
const beforeAll = -(2 ** 40);

/** The part of a tensor between two corners, in steps; a negative step runs from `begin` down to, but not with, `end`. */
export function sliced(
  tracer: Tracer,
  x: TensorInfo,
  begin: readonly number[],
  end: readonly number[],
  steps: readonly number[],
): TensorInfo {
  const shape = begin.map((first, axis) => Math.max(0, Math.ceil(((end[axis] ?? 0) - first) / (steps[axis] ?? 1))));
  const uniform = tracer.uniformOf(x);
  if (uniform !== undefined) return tracer.uniform(shape, x.dtype, uniform);
  if (util.arraysEqual(shape, x.shape) && steps.every((step) => step === 1)) return tracer.broadcast(x, shape);
  const axes = range(shape.length).filter(
    (axis) => begin[axis] !== 0 || end[axis] !== x.shape[axis] || steps[axis] !== 1,
  );
  const pick = (values: readonly number[]): string => tracer.ints(axes.map((axis) => values[axis] ?? 0));
  // A last index of −1 would mean the end of the axis to ONNX.
  const ends = end.map((last) => (last < 0 ? beforeAll : last));
  const operands = [tracer.full(x), pick(begin), pick(ends), tracer.ints(axes), pick(steps)];
  return tracer.emit('Slice', operands, {}, shape, x.dtype);
}

/** A run of one axis: `size` entries from `begin`. */
export function run(tracer: Tracer, x: TensorInfo, axis: number, begin: number, size: number): TensorInfo {
  const starts = x.shape.map((_, index) => (index === axis ? begin : 0));
  const ends = x.shape.map((extent, index) => (index === axis ? begin + size : extent));
  return sliced(
    tracer,
    x,
    starts,
    ends,
    x.shape.map(() => 1),
  );
}

const slice: Lowering = (tracer, inputs, attrs) => {
  const x = input(inputs, 'x');
  const { begin, size } = attrs as { begin: number | number[]; size: number | number[] };
  const [starts = [], sizes = []] = slice_util.parseSliceParams(x, begin, size);
  slice_util.assertParamsValid(x, starts, sizes);
  const ends = starts.map((start, axis) => start + (sizes[axis] ?? 0));
  return sliced(
    tracer,
    x,
    starts,
    ends,
    starts.map(() => 1),
  );
};

const stridedSlice: Lowering = (tracer, inputs, attrs) => {
  const x = input(inputs, 'x');
  const a = attrs as Record<'begin' | 'end' | 'strides', number[]> &
    Record<'beginMask' | 'endMask' | 'ellipsisMask' | 'newAxisMask' | 'shrinkAxisMask', number>;
  const info = slice_util.sliceInfo(
    x.shape,
    a.begin,
    a.end,
    a.strides,
    a.beginMask,
    a.endMask,
    a.ellipsisMask,
    a.newAxisMask,
    a.shrinkAxisMask,
  );
  return reshaped(tracer, sliced(tracer, x, info.begin, info.end, info.strides), info.finalShape);
};

const reverse: Lowering = (tracer, inputs, attrs) => {
  const x = input(inputs, 'x');
  const axes = util.parseAxisParam((attrs as { dims: number | number[] }).dims, x.shape);
  const flip = x.shape.map((_, axis) => axes.includes(axis));
  return sliced(
    tracer,
    x,
    x.shape.map((extent, axis) => (flip[axis] ? extent - 1 : 0)),
    x.shape.map((extent, axis) => (flip[axis] ? -1 : extent)),
    flip.map((back) => (back ? -1 : 1)),
  );
};

/** Joins tensors along an axis. */
export function concatenated(tracer: Tracer, tensors: readonly TensorInfo[], axis: number): TensorInfo {
  const [first] = tensors;
  if (first === undefined) throw new Error('Nothing to concatenate.');
  const total = tensors.reduce((sum, tensor) => sum + (tensor.shape[axis] ?? 0), 0);
  const shape = first.shape.map((extent, index) => (index === axis ? total : extent));
  const uniform = commonUniform(tracer, tensors);
  if (uniform !== undefined) return tracer.uniform(shape, first.dtype, uniform);
  if (tensors.length === 1) return tracer.broadcast(first, shape);
  const names = tensors.map((tensor) => tracer.full(tensor));
  return tracer.emit('Concat', names, { axis: { i: axis } }, shape, first.dtype);
}

const concat: Lowering = (tracer, inputs, attrs) => {
  const tensors = inputList(inputs);
  const axis = util.parseAxisParam((attrs as { axis: number }).axis, tensors[0]?.shape ?? [])[0] ?? 0;
  return concatenated(tracer, tensors, axis);
};

const pack: Lowering = (tracer, inputs, attrs) => {
  const tensors = inputList(inputs);
  const { axis } = attrs as { axis: number };
  const rank = (tensors[0]?.shape.length ?? 0) + 1;
  const at = axis < 0 ? axis + rank : axis;
  const raised = tensors.map((tensor) => reshaped(tracer, tensor, tensor.shape.toSpliced(at, 0, 1)));
  return concatenated(tracer, raised, at);
};

/** One node with many outputs, so that a gradient that needs only some of them costs no more. */
function split(tracer: Tracer, x: TensorInfo, sizes: readonly number[], axis: number): TensorInfo[] {
  const shapes = sizes.map((size) => x.shape.with(axis, size));
  const uniform = tracer.uniformOf(x);
  if (uniform !== undefined) return shapes.map((shape) => tracer.uniform(shape, x.dtype, uniform));
  if (sizes.length === 1) return [tracer.broadcast(x, x.shape)];
  const names = tracer.nodes('Split', [tracer.full(x), tracer.ints(sizes)], { axis: { i: axis } }, sizes.length);
  return shapes.map((shape, index) => tracer.tensor(shape, x.dtype, { shape, name: names[index] as string }));
}

const splitV: Lowering = (tracer, inputs, attrs) => {
  const x = input(inputs, 'x');
  const { numOrSizeSplits, axis } = attrs as { numOrSizeSplits: number | number[]; axis: number };
  const at = util.parseAxisParam(axis, x.shape)[0] ?? 0;
  return split(tracer, x, backend_util.prepareSplitSize(x, numOrSizeSplits, at), at);
};

const unpack: Lowering = (tracer, inputs, attrs) => {
  const x = input(inputs, 'value');
  const at = util.parseAxisParam((attrs as { axis: number }).axis, x.shape)[0] ?? 0;
  const ones = new Array<number>(x.shape[at] ?? 0).fill(1);
  return split(tracer, x, ones, at).map((part) => reshaped(tracer, part, part.shape.toSpliced(at, 1)));
};

export const slicingLowerings: Record<string, Lowering> = {
  Slice: slice,
  StridedSlice: stridedSlice,
  Reverse: reverse,
  Concat: concat,
  Pack: pack,
  SplitV: splitV,
  Unpack: unpack,
};
