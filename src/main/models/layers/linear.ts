import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '../../../shared/errors';
import { asFloat32 } from '../../checkpoints';
import { sizeOf } from '../../tensor/types';
import { flatten } from './reshape';
import type { BuiltLayer, LayerContext } from './types';

/** y = x Wᵀ + b with W `[out, in]`. An image is flattened channels first before it. */
export function linear(key: string, context: LayerContext): BuiltLayer {
  const weight = context.tensor(`${key}.weight`);
  const bias = context.optionalTensor(`${key}.bias`);
  if (weight.shape.length !== 2) {
    throw new InputError(
      context.where,
      `"${key}.weight" has shape [${weight.shape.join(', ')}], which is no matrix`,
      'Use "conv" or "convTranspose" for a 4-D weight, "batchNorm" for a 1-D one.',
    );
  }
  const [outputs = 0, inputs = 0] = weight.shape;
  const features = sizeOf(context.inputShape);
  if (inputs !== features) {
    throw new InputError(
      context.where,
      `"${key}" takes ${inputs} numbers ([${weight.shape.join(', ')}]), but ${context.previous} gives ${features} ([${context.inputShape.join(', ')}])`,
      'Mend the order of the layers or the keys they name.',
    );
  }
  if (bias !== undefined && sizeOf(bias.shape) !== outputs) {
    throw new InputError(
      context.where,
      `"${key}.bias" has ${sizeOf(bias.shape)} numbers and "${key}.weight" ${outputs} rows`,
      'The checkpoint does not fit itself; export it again.',
    );
  }
  const [w, b] = [`${key}.weight`, `${key}.bias`];
  return {
    name: `linear ${key}`,
    outputShape: [outputs],
    constants: {
      [w]: { shape: [outputs, inputs], data: asFloat32(weight) },
      ...(bias === undefined ? {} : { [b]: { shape: [outputs], data: asFloat32(bias) } }),
    },
    apply: (x, constants) => {
      const product = tf.matMul(flatten(x, context.inputShape), constants[w] as tf.Tensor2D, false, true);
      return bias === undefined ? product : tf.add(product, constants[b] as tf.Tensor);
    },
  };
}
