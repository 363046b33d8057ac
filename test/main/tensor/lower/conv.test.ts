import * as tf from '@tensorflow/tfjs-core';
import { floats, parity, type Case } from './parity';

type Pad = 'valid' | 'same' | number | [[0, 0], [number, number], [number, number], [0, 0]];

interface Windows {
  readonly size: readonly [number, number];
  readonly kernel: readonly [number, number];
  readonly stride: number | [number, number];
  readonly pad: Pad;
  readonly dilation?: number | [number, number];
  readonly rounding?: 'floor' | 'ceil' | 'round';
}

/** Odd sizes, strides that leave entries over, padding on one side more than on the other. */
const windows: Record<string, Windows> = {
  plain: { size: [5, 4], kernel: [3, 2], stride: 1, pad: 'valid' },
  'same, odd kernel': { size: [5, 4], kernel: [3, 3], stride: 1, pad: 'same' },
  'same, even kernel': { size: [5, 4], kernel: [2, 4], stride: 1, pad: 'same' },
  'same, stride 2, odd size': { size: [7, 5], kernel: [3, 3], stride: 2, pad: 'same' },
  'same, stride 2, even size': { size: [6, 8], kernel: [4, 4], stride: 2, pad: 'same' },
  'valid, rows left over': { size: [8, 7], kernel: [3, 2], stride: [3, 2], pad: 'valid' },
  'stride larger than kernel': { size: [7, 8], kernel: [1, 2], stride: 3, pad: 'valid' },
  'same, stride larger than kernel': { size: [7, 8], kernel: [1, 1], stride: 3, pad: 'same' },
  'padding by number': { size: [8, 8], kernel: [4, 4], stride: 2, pad: 1 },
  'explicit padding': {
    size: [5, 6],
    kernel: [3, 3],
    stride: 2,
    pad: [
      [0, 0],
      [0, 2],
      [1, 0],
      [0, 0],
    ],
    rounding: 'floor',
  },
  'rounded up': { size: [6, 6], kernel: [3, 3], stride: 2, pad: 0, rounding: 'ceil' },
};

const dilated: Record<string, Windows> = {
  'dilation 2': { size: [7, 6], kernel: [3, 2], stride: 1, pad: 'valid', dilation: 2 },
  'dilation, same': { size: [7, 6], kernel: [3, 2], stride: 1, pad: 'same', dilation: [2, 3] },
};

function convolution(
  name: string,
  { size, kernel, stride, pad, dilation = 1, rounding }: Windows,
  more: Partial<Case>,
): Case {
  return {
    name,
    inputs: [floats(2, ...size, 3), floats(...kernel, 3, 2)],
    fn: (x, w) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, stride, pad, 'NHWC', dilation, rounding),
    ...more,
  };
}

function depthwise(
  name: string,
  { size, kernel, stride, pad, dilation = 1, rounding }: Windows,
  more: Partial<Case>,
): Case {
  return {
    name,
    inputs: [floats(2, ...size, 3), floats(...kernel, 3, 2)],
    fn: (x, w) => tf.depthwiseConv2d(x as tf.Tensor4D, w as tf.Tensor4D, stride, pad, 'NHWC', dilation, rounding),
    ...more,
  };
}

function transposedConvolution(name: string, { size, kernel, stride, pad, rounding }: Windows): Case {
  const filter: [number, number, number, number] = [kernel[0], kernel[1], 3, 2];
  const outShape: [number, number, number, number] = [2, size[0], size[1], 3];
  // The forward convolution says what the transposed one starts from.
  const info = tf.backend_util.computeConv2DInfo(outShape, filter, stride, 1, pad, rounding);
  return {
    name,
    inputs: [floats(...info.outShape), floats(...filter)],
    fn: (x, w) => tf.conv2dTranspose(x as tf.Tensor4D, w as tf.Tensor4D, outShape, stride, pad, rounding),
  };
}

/** tfjs has no gradient of a dilated convolution. */
const forwardOnly = { order: 0 } as const;
const map = <T>(
  table: Record<string, Windows>,
  make: (name: string, value: Windows, more: Partial<Case>) => T,
  more = {},
): T[] => Object.entries(table).map(([name, value]) => make(name, value, more));

parity('convolution', [...map(windows, convolution), ...map(dilated, convolution, forwardOnly)]);
parity('transposed convolution', map(windows, transposedConvolution));
// tfjs's depthwise gradients know no rounding.
parity('depthwise convolution', [
  ...map(windows, depthwise).filter(({ name }) => name !== 'rounded up'),
  ...map(dilated, depthwise, forwardOnly),
]);

parity('other layouts', [
  {
    name: 'channels first',
    inputs: [floats(2, 3, 6, 5), floats(3, 3, 3, 2)],
    fn: (x, w) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 2, 'same', 'NCHW'),
  },
  {
    name: 'one image',
    inputs: [floats(5, 5, 2), floats(3, 3, 2, 4)],
    fn: (x, w) => tf.conv2d(x as tf.Tensor3D, w as tf.Tensor4D, 1, 'same'),
  },
  {
    name: 'one dimension',
    inputs: [floats(2, 7, 3), floats(3, 3, 2)],
    fn: (x, w) => tf.conv1d(x as tf.Tensor3D, w as tf.Tensor3D, 2, 'same'),
  },
  {
    name: 'separable',
    inputs: [floats(1, 5, 5, 2), floats(3, 3, 2, 2), floats(1, 1, 4, 3)],
    fn: (x, d, p) => tf.separableConv2d(x as tf.Tensor4D, d as tf.Tensor4D, p as tf.Tensor4D, 1, 'same'),
  },
]);

parity('batch norm', [
  {
    name: 'of rows',
    inputs: [floats(5, 3), floats(3), { shape: [3], low: 0.5, high: 2 }, floats(3), floats(3)],
    fn: (x, m, v, o, s) =>
      tf.batchNorm2d(x as tf.Tensor2D, m as tf.Tensor1D, v as tf.Tensor1D, o as tf.Tensor1D, s as tf.Tensor1D, 1e-3),
  },
  {
    name: 'of images',
    inputs: [floats(2, 3, 2, 4), floats(4), { shape: [4], low: 0.5, high: 2 }, floats(4), floats(4)],
    fn: (x, m, v, o, s) =>
      tf.batchNorm4d(x as tf.Tensor4D, m as tf.Tensor1D, v as tf.Tensor1D, o as tf.Tensor1D, s as tf.Tensor1D, 1e-3),
  },
  {
    // tfjs fails to differentiate one without scale or offset.
    name: 'without scale and offset',
    inputs: [floats(2, 3, 2, 4), floats(4), { shape: [4], low: 0.5, high: 2 }],
    fn: (x, m, v) => tf.batchNorm4d(x as tf.Tensor4D, m as tf.Tensor1D, v as tf.Tensor1D),
    order: 0,
  },
  {
    name: 'with the batch’s own moments',
    inputs: [floats(6, 3)],
    fn: (x) => {
      const { mean, variance } = tf.moments(x, 0);
      return tf.batchNorm(
        x as tf.Tensor2D,
        mean as tf.Tensor1D,
        variance as tf.Tensor1D,
        tf.zeros([3]),
        tf.ones([3]),
        1e-3,
      );
    },
    // Differences of nearly equal numbers: the gradient is orthogonal to what it is projected from.
    tolerance: 1e-4,
  },
]);
