import { backend_util, type TensorInfo } from '@tensorflow/tfjs-core';
import type { Attribute } from '../onnx/graph';
import type { Tracer } from '../trace/tracer';
import { transposed } from './shape';

export type Pad = 'valid' | 'same' | number | backend_util.ExplicitPadding;

/** What the convolution and pooling kernels of tfjs carry. */
export interface WindowAttributes {
  readonly strides: number | [number, number];
  readonly pad: Pad;
  readonly dataFormat?: 'NHWC' | 'NCHW';
  readonly dilations?: number | [number, number];
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
  readonly filterSize?: number | [number, number];
}

/** How windows lie along one of the two spatial axes. */
export interface Axis {
  readonly input: number;
  readonly output: number;
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  /** Padding before the first entry. */
  readonly before: number;
  /**
   * Padding after the last entry that the last window really reaches. Negative when the windows stop short: entries that a
   * stride leaves over. tfjs rounds in three ways; this number says all that matters about them.
   */
  readonly after: number;
}

export type Axes = readonly [Axis, Axis];

function axesOf(info: backend_util.Conv2DInfo): Axes {
  const axis = (name: 'Height' | 'Width', before: number): Axis => {
    const [input, output, kernel] = [info[`in${name}`], info[`out${name}`], info[`filter${name}`]];
    const [stride, dilation] = [info[`stride${name}`], info[`dilation${name}`]];
    const reach = (output - 1) * stride + (kernel - 1) * dilation + 1;
    return { input, output, kernel, stride, dilation, before, after: reach - input - before };
  };
  return [axis('Height', info.padInfo.top), axis('Width', info.padInfo.left)];
}

/** Windows of a convolution. `inputShape` is that of the larger side, whichever way the kernel runs. */
export function convolution(
  inputShape: readonly number[],
  filterShape: readonly number[],
  attributes: WindowAttributes,
  depthwise = false,
): { axes: Axes; outShape: readonly number[]; channelsLast: boolean } {
  const { strides, pad, dilations = 1, dimRoundingMode, dataFormat = 'NHWC' } = attributes;
  const info = backend_util.computeConv2DInfo(
    inputShape as [number, number, number, number],
    filterShape as [number, number, number, number],
    strides,
    dilations,
    pad,
    dimRoundingMode,
    depthwise,
    backend_util.convertConv2DDataFormat(dataFormat),
  );
  return { axes: axesOf(info), outShape: info.outShape, channelsLast: dataFormat === 'NHWC' };
}

/** Windows of a pooling, always NHWC. */
export function pooling(
  inputShape: readonly number[],
  attributes: WindowAttributes,
): { axes: Axes; outShape: readonly number[] } {
  const { filterSize = 1, strides, pad, dimRoundingMode } = attributes;
  const shape = inputShape as [number, number, number, number];
  const info = backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
  return { axes: axesOf(info), outShape: info.outShape };
}

/** ONNX attributes of windows. */
export function windows([rows, columns]: Axes): Record<string, Attribute> {
  return {
    kernel_shape: { ints: [rows.kernel, columns.kernel] },
    strides: { ints: [rows.stride, columns.stride] },
    dilations: { ints: [rows.dilation, columns.dilation] },
    pads: { ints: [rows.before, columns.before, Math.max(rows.after, 0), Math.max(columns.after, 0)] },
  };
}

/** The same windows run backwards: what ConvTranspose needs to arrive at exactly the input's size. */
export function reversedWindows(axes: Axes): Record<string, Attribute> {
  return { ...windows(axes), output_padding: { ints: axes.map(({ after }) => Math.max(-after, 0)) } };
}

/** tfjs puts channels last, ONNX first. Opposite transposes of neighbouring layers are cancelled by ONNX Runtime. */
export function channelsFirst(tracer: Tracer, x: TensorInfo): TensorInfo {
  return transposed(tracer, x, [0, 3, 1, 2]);
}

export function channelsLast(tracer: Tracer, x: TensorInfo): TensorInfo {
  return transposed(tracer, x, [0, 2, 3, 1]);
}
