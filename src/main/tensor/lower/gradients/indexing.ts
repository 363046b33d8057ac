import * as tf from '@tensorflow/tfjs-core';
import { mirrored } from '../padding';
import { range } from '../values';
import { gradient, nothing } from './kernel';

/** The transpose of a gather along one axis: sums of what each entry was shown as. */
function returned(dy: tf.Tensor, entries: readonly number[], axis: number, extent: number): tf.Tensor {
  const order = [axis, ...range(dy.rank).filter((other) => other !== axis)];
  const back = range(dy.rank).map((other) => order.indexOf(other));
  const rows = tf.tensor1d([...entries], 'int32');
  return tf.transpose(tf.unsortedSegmentSum(tf.transpose(dy, order), rows, extent), back);
}

/** The transpose of tf.gather: every batch adds up into its own part of one long table. */
function ungathered(dy: tf.Tensor, x: tf.Tensor, indices: tf.Tensor, axis: number, batchDims: number): tf.Tensor {
  const at = tf.util.parseAxisParam(axis, x.shape)[0] ?? 0;
  const info = tf.backend_util.segment_util.collectGatherOpShapeInfo(x, indices, at, batchDims);
  const { batchSize, outerSize, dimSize, sliceSize } = info;
  const count = indices.size / batchSize;
  const blocks = tf.transpose(tf.reshape(dy, [batchSize, outerSize, count, sliceSize]), [0, 2, 1, 3]);
  const starts = range(batchSize).map((batch) => batch * dimSize);
  const rows = tf.add(tf.reshape(indices, [batchSize, count]), tf.tensor2d(starts, [batchSize, 1], 'int32'));
  const table = tf.unsortedSegmentSum(
    tf.reshape(blocks, [batchSize * count, outerSize * sliceSize]),
    tf.reshape<tf.Rank.R1>(rows, [-1]),
    batchSize * dimSize,
  );
  const ordered = tf.transpose(tf.reshape(table, [batchSize, dimSize, outerSize, sliceSize]), [0, 2, 1, 3]);
  return tf.reshape(ordered, x.shape);
}

export const indexingGradients: readonly tf.GradConfig[] = [
  // tfjs only cuts the border off, as if nothing in it came from inside.
  gradient('MirrorPad', ['x'], (dy, saved, attrs) => {
    const x = saved['x'] as tf.Tensor;
    const { paddings, mode } = attrs as unknown as { paddings: [number, number][]; mode: string };
    return {
      x: () =>
        paddings.reduce((inner, [before, after], axis) => {
          if (before === 0 && after === 0) return inner;
          const extent = x.shape[axis] ?? 1;
          const entries = range(before + extent + after).map((index) => mirrored(index - before, extent, mode));
          return returned(inner, entries, axis, extent);
        }, dy),
    };
  }),
  // tfjs transposes the result when the axis is not the last.
  gradient('Cumsum', ['x'], (dy, _saved, attrs) => {
    const { axis, exclusive, reverse } = attrs as { axis: number; exclusive: boolean; reverse: boolean };
    return { x: () => tf.cumsum(dy, axis, exclusive, !reverse) };
  }),
  // tfjs's own needs methods of tensors that its core does not have.
  gradient('GatherV2', ['x', 'indices'], (dy, saved, attrs) => {
    const { x, indices } = saved as { x: tf.Tensor; indices: tf.Tensor };
    const { axis, batchDims = 0 } = attrs as { axis: number; batchDims?: number };
    return { x: () => ungathered(dy, x, indices, axis, batchDims), indices: nothing(indices) };
  }),
  gradient('GatherNd', ['params', 'indices'], (dy, saved) => {
    const { params, indices } = saved as { params: tf.Tensor; indices: tf.Tensor };
    return { params: () => tf.scatterND(indices, dy, params.shape), indices: nothing(indices) };
  }),
  gradient('ScatterNd', ['indices', 'updates'], (dy, saved) => {
    const { indices } = saved as { indices: tf.Tensor };
    return { updates: () => tf.gatherND(dy, indices), indices: nothing(indices) };
  }),
];
