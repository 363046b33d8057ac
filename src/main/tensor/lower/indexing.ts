import { backend_util, util, type TensorInfo } from '@tensorflow/tfjs-core';
import type { Tracer } from '../trace/tracer';
import { binary, product, sum } from './binary';
import { reshaped, transposed } from './shape';
import { run } from './slicing';
import { input, type Lowering } from './types';
import { castTo, known, range } from './values';

/** Rows of `x`, chosen by int32 indices of any shape. An index out of range stops the run with an error. */
function gathered(tracer: Tracer, x: TensorInfo, indices: TensorInfo, axis: number): TensorInfo {
  const shape = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)];
  const uniform = tracer.uniformOf(x);
  if (uniform !== undefined) return tracer.uniform(shape, x.dtype, uniform);
  return tracer.emit('Gather', [tracer.full(x), tracer.full(indices)], { axis: { i: axis } }, shape, x.dtype);
}

/** tf.gather. With batch dimensions each batch has indices of its own: they are shifted into one long table. */
const gather: Lowering = (tracer, inputs, attrs) => {
  const [x, indices] = [input(inputs, 'x'), input(inputs, 'indices')];
  const { axis, batchDims = 0 } = attrs as { axis: number; batchDims?: number };
  const at = util.parseAxisParam(axis, x.shape)[0] ?? 0;
  if (batchDims === 0) return gathered(tracer, x, indices, at);
  const info = backend_util.segment_util.collectGatherOpShapeInfo(x, indices, at, batchDims);
  const { batchSize, outerSize, dimSize, sliceSize } = info;
  const count = util.sizeFromShape(indices.shape) / batchSize;
  const blocks = reshaped(tracer, x, [batchSize, outerSize, dimSize, sliceSize]);
  const table = reshaped(tracer, transposed(tracer, blocks, [0, 2, 1, 3]), [batchSize * dimSize, outerSize, sliceSize]);
  const offsets = known(
    tracer,
    range(batchSize).map((batch) => batch * dimSize),
    [batchSize, 1],
    'int32',
  );
  const rows = binary(tracer, 'Add', reshaped(tracer, indices, [batchSize, count]), offsets, sum);
  const picked = transposed(tracer, gathered(tracer, table, rows, 0), [0, 2, 1, 3]);
  return reshaped(tracer, picked, info.outputShape);
};

/**
 * Adds up rows that share a number: `updates [n, width]`, `ids [n]` → `[rows, width]`. ScatterElements adds one after the
 * other; ScatterND would run in parallel and lose sums where an id occurs twice.
 */
function segmentSum(tracer: Tracer, updates: TensorInfo, ids: TensorInfo, rows: number): TensorInfo {
  const [count = 0, width = 0] = updates.shape;
  const table = tracer.full(tracer.uniform([rows, width], updates.dtype, 0));
  const everywhere = tracer.full(tracer.broadcast(reshaped(tracer, ids, [count, 1]), [count, width]));
  const attributes = { axis: { i: 0 }, reduction: { s: 'add' } };
  const operands = [table, everywhere, tracer.full(updates)];
  return tracer.emit('ScatterElements', operands, attributes, [rows, width], updates.dtype);
}

/** The gradient of tf.gather. Rows with an id outside the segments are left out: they go to a row that is cut off. */
const unsortedSegmentSum: Lowering = (tracer, inputs, attrs) => {
  const [x, ids] = [input(inputs, 'x'), input(inputs, 'segmentIds')];
  const { numSegments } = attrs as { numSegments: number };
  const tail = x.shape.slice(ids.shape.length);
  const shape = [numSegments, ...tail];
  if (tracer.uniformOf(x) === 0) return tracer.uniform(shape, x.dtype, 0);
  const count = util.sizeFromShape(ids.shape);
  const spare = tracer.uniform([], 'int32', numSegments);
  const outside = binary(tracer, 'Less', ids, tracer.uniform([], 'int32', 0), { dtype: 'bool' });
  const moved = tracer.elementwise('Where', [outside, spare, ids], ids.shape, 'int32');
  const bounded = tracer.elementwise('Min', [moved, spare], ids.shape, 'int32');
  const updates = reshaped(tracer, x, [count, util.sizeFromShape(tail)]);
  const table = segmentSum(tracer, updates, reshaped(tracer, bounded, [count]), numSegments + 1);
  return reshaped(tracer, run(tracer, table, 0, 0, numSegments), shape);
};

/** Positions in a flattened tensor: `indices [..., k]` over its first k axes → `[...]`. */
function flatPositions(tracer: Tracer, indices: TensorInfo, shape: readonly number[]): TensorInfo {
  const depth = indices.shape.at(-1) ?? 1;
  const strides = range(depth).map((axis) => util.sizeFromShape(shape.slice(axis + 1, depth)));
  const scaled = binary(tracer, 'Mul', indices, known(tracer, strides, [depth], 'int32'), product);
  const outer = indices.shape.slice(0, -1);
  const last = tracer.ints([indices.shape.length - 1]);
  return tracer.emit('ReduceSum', [tracer.full(scaled), last], { keepdims: { i: 0 } }, outer, 'int32');
}

const gatherNd: Lowering = (tracer, inputs) => {
  const [x, indices] = [input(inputs, 'params'), input(inputs, 'indices')];
  const depth = indices.shape.at(-1) ?? 1;
  const tail = x.shape.slice(depth);
  const table = reshaped(tracer, x, [util.sizeFromShape(x.shape.slice(0, depth)), ...tail]);
  return gathered(tracer, table, flatPositions(tracer, indices, x.shape), 0);
};

const scatterNd: Lowering = (tracer, inputs, attrs) => {
  const [indices, updates] = [input(inputs, 'indices'), input(inputs, 'updates')];
  const { shape } = attrs as { shape: number[] };
  const depth = indices.shape.at(-1) ?? 1;
  const rows = util.sizeFromShape(shape.slice(0, depth));
  const width = util.sizeFromShape(shape.slice(depth));
  const positions = flatPositions(tracer, indices, shape);
  const count = util.sizeFromShape(positions.shape);
  const flat = reshaped(tracer, updates, [count, width]);
  return reshaped(tracer, segmentSum(tracer, flat, reshaped(tracer, positions, [count]), rows), shape);
};

/** A comparison with 0 … depth − 1: ONNX Runtime's OneHot knows few types and wraps negative indices around. */
const oneHot: Lowering = (tracer, inputs, attrs) => {
  const indices = input(inputs, 'indices');
  const {
    depth,
    onValue,
    offValue,
    dtype = 'int32',
  } = attrs as Record<'depth' | 'onValue' | 'offValue', number> & {
    dtype?: string;
  };
  const shape = [...indices.shape, depth];
  const column = reshaped(tracer, indices, [...indices.shape, 1]);
  const hit = binary(tracer, 'Equal', column, known(tracer, range(depth), [depth], 'int32'), { dtype: 'bool' });
  if (onValue === 1 && offValue === 0) return castTo(tracer, tracer.broadcast(hit, shape), dtype);
  const sides = [onValue, offValue].map((side) => tracer.uniform([], 'float32', side));
  return castTo(tracer, tracer.elementwise('Where', [hit, ...sides], shape, 'float32'), dtype);
};

export const indexingLowerings: Record<string, Lowering> = {
  GatherV2: gather,
  GatherNd: gatherNd,
  ScatterNd: scatterNd,
  UnsortedSegmentSum: unsortedSegmentSum,
  OneHot: oneHot,
};
