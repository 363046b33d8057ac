import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '../../../shared/errors';
import { pairOf, type BuiltLayer, type LayerContext } from './types';

interface PoolOptions {
  readonly size: number | readonly [number, number];
  readonly stride: number | readonly [number, number] | undefined;
  readonly padding: number;
}

/**
 * PyTorch's MaxPool2d and AvgPool2d: windows that stand out are left away, and padding counts as zeros in means and never wins a maximum.
 * @throws InputError when no image comes in, nothing is left of it, or the padding is more than half a window
 */
export function pool(kind: 'maximum' | 'average', options: PoolOptions, context: LayerContext): BuiltLayer {
  const [size, padding] = [pairOf(options.size), options.padding];
  const stride = pairOf(options.stride ?? options.size);
  if (context.inputShape.length !== 3) {
    throw new InputError(
      context.where,
      'pools something that is no image',
      'Put {"reshape": [channels, height, width]} before it.',
    );
  }
  if (size.some((extent) => padding > extent / 2)) {
    throw new InputError(context.where, `pads by ${padding}, more than half its window`, 'Use less "padding".');
  }
  const [channels = 1, ...image] = context.inputShape;
  const [height, width] = image.map(
    (extent, axis) => Math.floor((extent + 2 * padding - (size[axis] ?? 1)) / (stride[axis] ?? 1)) + 1,
  ) as [number, number];
  if (height < 1 || width < 1) {
    throw new InputError(
      context.where,
      `leaves no pixel of the image [${context.inputShape.join(', ')}] that ${context.previous} gives`,
      'Use a smaller window.',
    );
  }
  // Windows that would stand out at the end are cut away beforehand, so that sizes need no rounding.
  const used = [height, width].map((count, axis) => (count - 1) * (stride[axis] ?? 1) + (size[axis] ?? 1));
  const fill = kind === 'maximum' ? -3e38 : 0;
  return {
    name: `${kind} pool ${size.join('×')}`,
    outputShape: [channels, height, width],
    constants: {},
    apply: (x) => {
      const edge: [number, number] = [padding, padding];
      const padded =
        padding === 0 ? (x as tf.Tensor4D) : tf.pad4d(x as tf.Tensor4D, [[0, 0], edge, edge, [0, 0]], fill);
      const cut = tf.slice(padded, [0, 0, 0, 0], [x.shape[0] ?? 1, used[0] ?? 1, used[1] ?? 1, channels]);
      const windows = [[...size], [...stride], 'valid'] as [[number, number], [number, number], 'valid'];
      return kind === 'maximum' ? tf.maxPool(cut, ...windows) : tf.avgPool(cut, ...windows);
    },
  };
}
