import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '../../../shared/errors';
import { asFloat32 } from '../../checkpoints';
import { sizeOf } from '../../tensor/types';
import type { BuiltLayer, LayerContext } from './types';

/**
 * Batch normalisation at evaluation: y = γ (x − running_mean) / √(running_var + ε) + β, one scale and one shift a channel. With
 * statistics of the batch instead, p(x | z) would depend on the other rows and be no density.
 */
export function batchNorm(key: string, epsilon: number, context: LayerContext): BuiltLayer {
  const channels = context.inputShape[0] ?? 1;
  if (context.inputShape.length !== 1 && context.inputShape.length !== 3) {
    throw new InputError(
      context.where,
      `"${key}" takes features or an image, but ${context.previous} gives [${context.inputShape.join(', ')}]`,
      'Put {"reshape": [channels, height, width]} before it.',
    );
  }
  const read = (name: string): Float32Array => {
    const tensor = context.tensor(`${key}.${name}`);
    if (sizeOf(tensor.shape) !== channels) {
      throw new InputError(
        context.where,
        `"${key}.${name}" has ${sizeOf(tensor.shape)} numbers, but ${context.previous} gives ${channels} channels`,
        'Mend the order of the layers.',
      );
    }
    const values = asFloat32(tensor);
    const bad = values.findIndex(
      (value) => !Number.isFinite(value) || (name === 'running_var' && value + epsilon <= 0),
    );
    if (bad >= 0) {
      throw new InputError(
        context.where,
        `"${key}.${name}" holds ${values[bad]} at position ${bad}`,
        'A model with such weights has no density; use a checkpoint from before training diverged.',
      );
    }
    return values;
  };
  const [mean, variance] = [read('running_mean'), read('running_var')];
  const affine = context.optionalTensor(`${key}.weight`) !== undefined;
  const gamma = affine ? read('weight') : undefined;
  const beta = affine ? read('bias') : undefined;
  const scale = new Float32Array(channels);
  const shift = new Float32Array(channels);
  for (let channel = 0; channel < channels; channel += 1) {
    const factor = (gamma?.[channel] ?? 1) / Math.sqrt((variance[channel] ?? 0) + epsilon);
    scale[channel] = factor;
    shift[channel] = (beta?.[channel] ?? 0) - (mean[channel] ?? 0) * factor;
  }
  const [s, b] = [`${key}.scale`, `${key}.shift`];
  return {
    name: `batchNorm ${key}`,
    outputShape: context.inputShape,
    constants: { [s]: { shape: [channels], data: scale }, [b]: { shape: [channels], data: shift } },
    apply: (x, constants) => tf.add(tf.mul(x, constants[s] as tf.Tensor), constants[b] as tf.Tensor),
  };
}
