import { util, type TensorInfo } from '@tensorflow/tfjs-core';
import type { Attribute } from '../onnx/graph';
import type { Tracer } from '../trace/tracer';
import { binary, product } from './binary';
import {
  channelsFirst,
  channelsLast,
  pooling,
  reversedWindows,
  windows,
  type Axes,
  type Axis,
  type WindowAttributes,
} from './geometry';
import { reshaped } from './shape';
import { input, type Lowering } from './types';
import { castTo, known, range } from './values';

/** Pools in ONNX are not dilated here, and AveragePool of this operator set must not be told so. */
function poolWindows(axes: Axes): Record<string, Attribute> {
  const { kernel_shape, strides, pads } = windows(axes);
  return { kernel_shape, strides, pads } as Record<string, Attribute>;
}

function firstShape([batch = 1, height = 1, width = 1, channels = 1]: readonly number[]): number[] {
  return [batch, channels, height, width];
}

const pool =
  (op: string): Lowering =>
  (tracer, inputs, attrs) => {
    const x = input(inputs, 'x');
    const { axes, outShape } = pooling(x.shape, attrs as unknown as WindowAttributes);
    const images = tracer.full(channelsFirst(tracer, castTo(tracer, x, 'float32')));
    const result = tracer.emit(op, [images], poolWindows(axes), firstShape(outShape), 'float32');
    return castTo(tracer, channelsLast(tracer, result), x.dtype);
  };

/** Where in the flattened images [batch, channels, height, width] each window finds its largest entry: int64, flat. */
function largest(tracer: Tracer, x: TensorInfo, axes: Axes): string {
  const [, positions] = tracer.nodes('MaxPool', [tracer.full(channelsFirst(tracer, x))], poolWindows(axes), 2);
  return tracer.node('Reshape', [positions as string, tracer.ints([-1])]);
}

/** Each gradient goes to the entry that its window chose; ONNX Runtime takes the first of equals, as tfjs does. */
const maxPoolGrad: Lowering = (tracer, inputs, attrs) => {
  const [dy, x] = [input(inputs, 'dy'), input(inputs, 'input')];
  const { axes } = pooling(x.shape, attrs as unknown as WindowAttributes);
  const size = util.sizeFromShape(x.shape);
  const gradients = reshaped(tracer, channelsFirst(tracer, dy), [util.sizeFromShape(dy.shape)]);
  const zeros = tracer.full(tracer.uniform([size], 'float32', 0));
  const operands = [zeros, largest(tracer, x, axes), tracer.full(gradients)];
  const attributes = { axis: { i: 0 }, reduction: { s: 'add' } };
  const flat = tracer.emit('ScatterElements', operands, attributes, [size], 'float32');
  return channelsLast(tracer, reshaped(tracer, flat, firstShape(x.shape)));
};

/** How many entries of an axis each window covers; fewer at a padded border. */
function covered({ input: extent, output, kernel, stride, before }: Axis): number[] {
  return range(output).map((index) => {
    const start = index * stride - before;
    return Math.min(start + kernel, extent) - Math.max(start, 0);
  });
}

/**
 * Each gradient is shared among the entries that its window averaged, which at a padded border are fewer than the window
 * holds. tfjs's own backend divides by the whole window there, against its forward pass.
 */
const avgPoolGrad: Lowering = (tracer, inputs, attrs) => {
  const [dy, x] = [input(inputs, 'dy'), input(inputs, 'input')];
  const { axes } = pooling(x.shape, attrs as unknown as WindowAttributes);
  const [rows, columns] = axes.map(covered) as [number[], number[]];
  const shares = rows.flatMap((row) => columns.map((column) => 1 / (row * column)));
  const share = known(tracer, shares, [rows.length, columns.length, 1], 'float32');
  const shared = channelsFirst(tracer, binary(tracer, 'Mul', dy, share, product));
  const [batch = 1, channels = 1, height = 1, width = 1] = firstShape(x.shape);
  // Channels do not mix: each image of each channel is one of a larger batch.
  const images = tracer.full(reshaped(tracer, shared, [batch * channels, 1, rows.length, columns.length]));
  const kernel = [1, 1, axes[0].kernel, axes[1].kernel];
  const ones = tracer.constant(new Float32Array(util.sizeFromShape(kernel)).fill(1), kernel, 'float32');
  const shape = [batch * channels, 1, height, width];
  const spread = tracer.emit('ConvTranspose', [images, ones], reversedWindows(axes), shape, 'float32');
  return channelsLast(tracer, reshaped(tracer, spread, [batch, channels, height, width]));
};

/** tf.maxPoolWithArgmax, which the second-order gradient of tf.maxPool needs. Positions count in NHWC. */
const maxPoolWithArgmax: Lowering = (tracer, inputs, attrs) => {
  const x = input(inputs, 'x');
  const { includeBatchInIndex, ...rest } = attrs as unknown as WindowAttributes & { includeBatchInIndex: boolean };
  const { axes, outShape } = pooling(x.shape, rest);
  const shape = firstShape(outShape);
  const images = tracer.full(channelsFirst(tracer, x));
  const [values, positions] = tracer.nodes('MaxPool', [images], poolWindows(axes), 2) as [string, string];
  // From (n, c, h, w) to (n, h, w, c), or (h, w, c): look the position up in a table of the other order.
  const [batch = 1, channels = 1, height = 1, width = 1] = firstShape(x.shape);
  const table = range(batch * channels).flatMap((plane) => {
    const [image, channel] = [Math.floor(plane / channels), plane % channels];
    const base = includeBatchInIndex ? image * height * width : 0;
    return range(height * width).map((pixel) => (base + pixel) * channels + channel);
  });
  const lookup = tracer.full(known(tracer, table, [table.length], 'int32'));
  return [
    channelsLast(tracer, tracer.tensor(shape, x.dtype, { shape, name: values })),
    channelsLast(tracer, tracer.emit('Gather', [lookup, positions], {}, shape, 'int32')),
  ];
};

export const poolLowerings: Record<string, Lowering> = {
  MaxPool: pool('MaxPool'),
  MaxPoolGrad: maxPoolGrad,
  MaxPoolWithArgmax: maxPoolWithArgmax,
  AvgPool: pool('AveragePool'),
  AvgPoolGrad: avgPoolGrad,
};
