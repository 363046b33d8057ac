import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '../../../shared/errors';
import { asFloat32, type NamedTensor } from '../../checkpoints';
import { sizeOf } from '../../tensor/types';
import { unflatten } from './reshape';
import { pairOf, type BuiltLayer, type LayerContext } from './types';

interface ConvolutionOptions {
  readonly stride: number | readonly [number, number];
  readonly padding: number | readonly [number, number];
}

interface TransposedOptions extends ConvolutionOptions {
  readonly outputPadding: number | readonly [number, number];
}

/** PyTorch's Conv2d: weight `[out, in, kh, kw]`, zero padding on both sides. */
export function convolution(key: string, options: ConvolutionOptions, context: LayerContext): BuiltLayer {
  const kernel = kernelOf(key, context, 1);
  const [stride, padding] = [pairOf(options.stride), pairOf(options.padding)];
  const [height, width] = kernel.image.map(
    (extent, axis) =>
      Math.floor((extent + 2 * (padding[axis] ?? 0) - (kernel.size[axis] ?? 1)) / (stride[axis] ?? 1)) + 1,
  ) as [number, number];
  if (height < 1 || width < 1) throw tooSmall(key, context);
  const channels = kernel.weight.shape[0] ?? 1;
  return finish(key, context, [channels, height, width], permuted(kernel.weight, [2, 3, 1, 0]), (x, filter) =>
    tf.conv2d(x, filter, [...stride], explicit(padding), 'NHWC', 1, 'floor'),
  );
}

/** PyTorch's ConvTranspose2d: weight `[in, out, kh, kw]`, output (in − 1)·stride − 2·padding + k + outputPadding. */
export function transposedConvolution(key: string, options: TransposedOptions, context: LayerContext): BuiltLayer {
  const kernel = kernelOf(key, context, 0);
  const [stride, padding] = [pairOf(options.stride), pairOf(options.padding)];
  const extra = pairOf(options.outputPadding);
  const [height, width] = kernel.image.map(
    (extent, axis) =>
      (extent - 1) * (stride[axis] ?? 1) - 2 * (padding[axis] ?? 0) + (kernel.size[axis] ?? 1) + (extra[axis] ?? 0),
  ) as [number, number];
  if (height < 1 || width < 1) throw tooSmall(key, context);
  if (extra.some((value, axis) => value >= (stride[axis] ?? 1))) {
    throw new InputError(context.where, 'outputPadding must be smaller than stride', 'Mend one of them.');
  }
  const channels = kernel.weight.shape[1] ?? 1;
  return finish(key, context, [channels, height, width], permuted(kernel.weight, [2, 3, 1, 0]), (x, filter) =>
    tf.conv2dTranspose(x, filter, [x.shape[0], height, width, channels], [...stride], explicit(padding), 'floor'),
  );
}

type Apply = (x: tf.Tensor4D, filter: tf.Tensor4D) => tf.Tensor4D;

function finish(
  key: string,
  context: LayerContext,
  outputShape: [number, number, number],
  filter: { shape: number[]; data: Float32Array },
  convolve: Apply,
): BuiltLayer {
  const bias = context.optionalTensor(`${key}.bias`);
  if (bias !== undefined && sizeOf(bias.shape) !== outputShape[0]) {
    throw new InputError(
      context.where,
      `"${key}.bias" has ${sizeOf(bias.shape)} numbers and "${key}.weight" gives ${outputShape[0]} channels`,
      'The checkpoint does not fit itself; export it again.',
    );
  }
  const [w, b] = [`${key}.weight`, `${key}.bias`];
  return {
    name: `convolution ${key}`,
    outputShape,
    constants: {
      [w]: filter,
      ...(bias === undefined ? {} : { [b]: { shape: [outputShape[0]], data: asFloat32(bias) } }),
    },
    apply: (x, constants) => {
      // A vector of features enters as an image of one pixel.
      const image = x.rank === 2 ? unflatten(x, imageShape(context.inputShape)) : x;
      const y = convolve(image as tf.Tensor4D, constants[w] as tf.Tensor4D);
      return bias === undefined ? y : tf.add(y, constants[b] as tf.Tensor);
    },
  };
}

function imageShape(shape: readonly number[]): readonly number[] {
  return shape.length === 1 ? [shape[0] ?? 1, 1, 1] : shape;
}

function kernelOf(
  key: string,
  context: LayerContext,
  inputAxis: 0 | 1,
): { weight: NamedTensor; size: number[]; image: number[] } {
  const weight = context.tensor(`${key}.weight`);
  const [channels = 1, height = 1, width = 1] = imageShape(context.inputShape);
  if (weight.shape.length !== 4) {
    throw new InputError(
      context.where,
      `"${key}.weight" has shape [${weight.shape.join(', ')}], which is no 4-D kernel`,
      'Use "linear" for a matrix.',
    );
  }
  if (context.inputShape.length !== 1 && context.inputShape.length !== 3) {
    throw new InputError(
      context.where,
      `"${key}" needs an image`,
      'Put {"reshape": [channels, height, width]} before it.',
    );
  }
  if (weight.shape[inputAxis] !== channels) {
    throw new InputError(
      context.where,
      `"${key}" takes ${weight.shape[inputAxis]} channels ([${weight.shape.join(', ')}]), but ${context.previous} gives ${channels} ([${context.inputShape.join(', ')}])`,
      'Mend the order of the layers, or put a {"reshape": [channels, height, width]} between them.',
    );
  }
  return { weight, size: weight.shape.slice(2), image: [height, width] };
}

function tooSmall(key: string, context: LayerContext): InputError {
  return new InputError(
    context.where,
    `"${key}" leaves no pixel of the image [${context.inputShape.join(', ')}] that ${context.previous} gives`,
    'Mend its stride and padding.',
  );
}

function explicit([vertical, horizontal]: readonly [number, number]): tf.backend_util.ExplicitPadding {
  return [
    [0, 0],
    [vertical, vertical],
    [horizontal, horizontal],
    [0, 0],
  ];
}

/** A 4-D tensor with its axes in another order, once at load time. */
function permuted(
  tensor: NamedTensor,
  axes: readonly [number, number, number, number],
): { shape: number[]; data: Float32Array } {
  const source = asFloat32(tensor);
  const shape = axes.map((axis) => tensor.shape[axis] ?? 1) as [number, number, number, number];
  const strides = tensor.shape.map((_, axis) => tensor.shape.slice(axis + 1).reduce((a, b) => a * b, 1));
  const [s0, s1, s2, s3] = axes.map((axis) => strides[axis] ?? 1) as [number, number, number, number];
  const data = new Float32Array(source.length);
  let position = 0;
  for (let a = 0; a < shape[0]; a += 1)
    for (let b = 0; b < shape[1]; b += 1)
      for (let c = 0; c < shape[2]; c += 1)
        for (let d = 0; d < shape[3]; d += 1) {
          data[position] = source[a * s0 + b * s1 + c * s2 + d * s3] ?? 0;
          position += 1;
        }
  return { shape, data };
}
