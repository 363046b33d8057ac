import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '../../../shared/errors';
import type { BuiltLayer, LayerContext } from './types';

/**
 * Bilinear, with the centres of pixels where image libraries have them (PyTorch's `align_corners=False`, without smoothing).
 * @throws InputError when no image comes in
 */
export function resize(size: readonly [number, number], context: LayerContext): BuiltLayer {
  if (context.inputShape.length !== 3) {
    throw new InputError(
      context.where,
      'resizes something that is no image',
      'Put {"reshape": [channels, height, width]} before it.',
    );
  }
  return {
    name: `resize ${size.join('×')}`,
    outputShape: [context.inputShape[0] ?? 1, ...size],
    constants: {},
    apply: (x) => tf.image.resizeBilinear(x as tf.Tensor4D, [...size], false, true),
  };
}
