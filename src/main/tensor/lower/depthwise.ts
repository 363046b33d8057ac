import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Tracer } from '../trace/tracer';
import { filterGradient } from './conv';
import { channelsFirst, channelsLast, convolution, reversedWindows, windows, type WindowAttributes } from './geometry';
import { reshaped, transposed } from './shape';
import { input, type Lowering } from './types';

/** [height, width, in, multiplier] → [in · multiplier, 1, height, width]: one group for each input channel. */
function weightsOf(tracer: Tracer, filter: TensorInfo): TensorInfo {
  const [height = 1, width = 1, channels = 1, multiplier = 1] = filter.shape;
  return reshaped(tracer, transposed(tracer, filter, [2, 3, 0, 1]), [channels * multiplier, 1, height, width]);
}

const groups = (filterShape: readonly number[]): { i: number } => ({ i: filterShape[2] ?? 1 });

const depthwiseConv: Lowering = (tracer, inputs, attrs) => {
  const [x, filter] = [input(inputs, 'x'), input(inputs, 'filter')];
  const { axes, outShape } = convolution(x.shape, filter.shape, attrs as unknown as WindowAttributes, true);
  const operands = [tracer.full(channelsFirst(tracer, x)), tracer.full(weightsOf(tracer, filter))];
  const [batch = 1, height = 1, width = 1, channels = 1] = outShape;
  const attributes = { ...windows(axes), group: groups(filter.shape) };
  return channelsLast(tracer, tracer.emit('Conv', operands, attributes, [batch, channels, height, width], 'float32'));
};

const backpropInput: Lowering = (tracer, inputs, attrs) => {
  const [dy, filter] = [input(inputs, 'dy'), input(inputs, 'filter')];
  const attributes = attrs as unknown as WindowAttributes & { inputShape: number[] };
  const { axes } = convolution(attributes.inputShape, filter.shape, attributes, true);
  const operands = [tracer.full(channelsFirst(tracer, dy)), tracer.full(weightsOf(tracer, filter))];
  const [batch = 1, height = 1, width = 1, channels = 1] = attributes.inputShape;
  const backwards = { ...reversedWindows(axes), group: groups(filter.shape) };
  const shape = [batch, channels, height, width];
  return channelsLast(tracer, tracer.emit('ConvTranspose', operands, backwards, shape, 'float32'));
};

/** As for a full convolution, with the images of each channel side by side in one grouped convolution. */
const backpropFilter: Lowering = (tracer, inputs, attrs) => {
  const [x, dy] = [input(inputs, 'x'), input(inputs, 'dy')];
  const attributes = attrs as unknown as WindowAttributes & { filterShape: number[] };
  const [height = 1, width = 1, channels = 1, multiplier = 1] = attributes.filterShape;
  const { axes } = convolution(x.shape, attributes.filterShape, attributes, true);
  const [batch = 1, rows = 1, columns = 1] = x.shape;
  const images = reshaped(tracer, transposed(tracer, x, [3, 0, 1, 2]), [1, channels * batch, rows, columns]);
  const gradient = filterGradient(tracer, images, transposed(tracer, dy, [3, 0, 1, 2]), axes, channels);
  return transposed(tracer, reshaped(tracer, gradient, [channels, multiplier, height, width]), [2, 3, 0, 1]);
};

export const depthwiseLowerings: Record<string, Lowering> = {
  DepthwiseConv2dNative: depthwiseConv,
  DepthwiseConv2dNativeBackpropInput: backpropInput,
  DepthwiseConv2dNativeBackpropFilter: backpropFilter,
};
