import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Attribute } from '../onnx/graph';
import type { Tracer } from '../trace/tracer';
import {
  channelsFirst,
  channelsLast,
  convolution,
  reversedWindows,
  windows,
  type Axes,
  type WindowAttributes,
} from './geometry';
import { transposed } from './shape';
import { run } from './slicing';
import { input, type Lowering } from './types';

/** Runs `op` between channels-first tensors and returns the result in the kernel's own layout. */
function between(
  tracer: Tracer,
  op: 'Conv' | 'ConvTranspose',
  [x, weights]: readonly [TensorInfo, TensorInfo],
  attributes: Record<string, Attribute>,
  shape: readonly number[],
  last: boolean,
): TensorInfo {
  if (tracer.uniformOf(x) === 0 || tracer.uniformOf(weights) === 0) return tracer.uniform(shape, 'float32', 0);
  const first = last ? channelsFirst(tracer, x) : x;
  const firstShape = last ? [shape[0], shape[3], shape[1], shape[2]].map((extent) => extent ?? 1) : shape;
  const operands = [tracer.full(first), tracer.full(weights)];
  const result = tracer.emit(op, operands, attributes, firstShape, 'float32');
  return last ? channelsLast(tracer, result) : result;
}

/** tfjs stores filters as [height, width, in, out], ONNX as [out, in, height, width]. */
function weightsOf(tracer: Tracer, filter: TensorInfo): TensorInfo {
  return transposed(tracer, filter, [3, 2, 0, 1]);
}

const conv2D: Lowering = (tracer, inputs, attrs) => {
  const [x, filter] = [input(inputs, 'x'), input(inputs, 'filter')];
  const attributes = attrs as unknown as WindowAttributes;
  const { axes, outShape, channelsLast: last } = convolution(x.shape, filter.shape, attributes);
  return between(tracer, 'Conv', [x, weightsOf(tracer, filter)], windows(axes), outShape, last);
};

/** The gradient for the input, which is also tf.conv2dTranspose. */
const conv2DBackpropInput: Lowering = (tracer, inputs, attrs) => {
  const [dy, filter] = [input(inputs, 'dy'), input(inputs, 'filter')];
  const attributes = attrs as unknown as WindowAttributes & { inputShape: number[] };
  const { axes, channelsLast: last } = convolution(attributes.inputShape, filter.shape, attributes);
  const operands = [dy, weightsOf(tracer, filter)] as const;
  return between(tracer, 'ConvTranspose', operands, reversedWindows(axes), attributes.inputShape, last);
};

/**
 * The gradient for the filter is a convolution too: with channels as the batch and the batch as channels, `dy` slides over
 * `x`, its entries as far apart as the strides were. Returns [in, out, height, width].
 */
export function filterGradient(tracer: Tracer, x: TensorInfo, dy: TensorInfo, axes: Axes, groups = 1): TensorInfo {
  // What the windows never reach must not make the result larger than the filter.
  const seen = axes.reduce(
    (part, { input: extent, after }, index) => (after < 0 ? run(tracer, part, index + 2, 0, extent + after) : part),
    x,
  );
  const swapped = axes.map((axis) => ({
    ...axis,
    kernel: axis.output,
    stride: axis.dilation,
    dilation: axis.stride,
  })) as unknown as Axes;
  const shape = [x.shape[0], dy.shape[0], axes[0].kernel, axes[1].kernel].map((extent) => extent ?? 1);
  const attributes = { ...windows(swapped), group: { i: groups } };
  return tracer.emit('Conv', [tracer.full(seen), tracer.full(dy)], attributes, shape, 'float32');
}

const conv2DBackpropFilter: Lowering = (tracer, inputs, attrs) => {
  const [x, dy] = [input(inputs, 'x'), input(inputs, 'dy')];
  const attributes = attrs as unknown as WindowAttributes & { filterShape: number[] };
  const { axes, channelsLast: last } = convolution(x.shape, attributes.filterShape, attributes);
  if (tracer.uniformOf(dy) === 0) return tracer.uniform(attributes.filterShape, 'float32', 0);
  const exchange = last ? [3, 0, 1, 2] : [1, 0, 2, 3];
  const gradient = filterGradient(tracer, transposed(tracer, x, exchange), transposed(tracer, dy, exchange), axes);
  return transposed(tracer, gradient, [2, 3, 0, 1]);
};

export const convLowerings: Record<string, Lowering> = {
  Conv2D: conv2D,
  Conv2DBackpropInput: conv2DBackpropInput,
  Conv2DBackpropFilter: conv2DBackpropFilter,
};
