import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '../../../shared/errors';
import { sizeOf } from '../../tensor/types';
import type { BuiltLayer, LayerContext } from './types';

/** Rows of flat data, channels first, whatever the tensor's own layout: `[n, h, w, c]` or `[n, features]` to `[n, c·h·w]`. */
export function flatten(x: tf.Tensor, shape: readonly number[]): tf.Tensor2D {
  const channelsFirst = shape.length === 3 ? tf.transpose(x, [0, 3, 1, 2]) : x;
  return tf.reshape(channelsFirst, [x.shape[0] ?? 1, sizeOf(shape)]);
}

/** The reverse: rows of flat data seen as images `[n, h, w, c]`, or with other shapes left as they are. */
export function unflatten(x: tf.Tensor, shape: readonly number[]): tf.Tensor {
  const rows = x.shape[0] ?? 1;
  if (shape.length !== 3) return tf.reshape(x, [rows, ...shape]);
  return tf.transpose(tf.reshape(x, [rows, ...shape]), [0, 2, 3, 1]);
}

export function reshape(shape: readonly number[], context: LayerContext): BuiltLayer {
  if (sizeOf(shape) !== sizeOf(context.inputShape)) {
    throw new InputError(
      context.where,
      `[${shape.join(', ')}] holds ${sizeOf(shape)} numbers, but ${context.previous} gives ${sizeOf(context.inputShape)}`,
      'Mend the shape; the row axis is left out.',
    );
  }
  return {
    name: `reshape ${shape.join('×')}`,
    outputShape: [...shape],
    constants: {},
    apply: (x) => unflatten(flatten(x, context.inputShape), shape),
  };
}
