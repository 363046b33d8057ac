import type * as tf from '@tensorflow/tfjs-core';
import { InputError } from '../../shared/errors';
import type { Layer } from '../../shared/runFile';
import type { Checkpoint } from '../checkpoints';
import { sizeOf, type Constant } from '../tensor/types';
import { buildChain, tensorOf } from './layers/chain';
import { flatten } from './layers/reshape';

/** A decoder z → parameters of p(x | z): a pure function of its weights and its input. */
export interface Decoder {
  /** d, the length of z. */
  readonly latent: number;
  /** Shape of one datum, channels first. */
  readonly outputShape: readonly number[];
  /** D, the length of x. */
  readonly outputs: number;
  readonly layers: readonly { readonly name: string; readonly outputShape: readonly number[] }[];
  readonly constants: Readonly<Record<string, Constant>>;
  /** Maps z `[n, d]` to `[n, D]`, with the constants as tensors. */
  readonly apply: (constants: Record<string, tf.Tensor>, z: tf.Tensor2D) => tf.Tensor2D;
}

/**
 * Builds a decoder from its layers in order.
 * @throws InputError naming the layer: a missing key, shapes that do not chain, weights that are not finite
 */
export function buildDecoder(layers: readonly Layer[], checkpoint: Checkpoint): Decoder {
  const latent = latentOf(layers, checkpoint);
  const input = `z, which has ${latent} dimensions,`;
  const chain = buildChain(layers, checkpoint, { where: 'model.decoder', inputShape: [latent], input });
  const { outputShape, constants } = chain;
  return {
    latent,
    outputShape,
    outputs: sizeOf(outputShape),
    layers: chain.layers,
    constants,
    apply: (tensors, z) => flatten(chain.apply(tensors, z), outputShape),
  };
}

/** The first layer with weights says how long z is. */
function latentOf(layers: readonly Layer[], checkpoint: Checkpoint): number {
  for (const [index, layer] of layers.entries()) {
    if (typeof layer === 'string' || 'leakyRelu' in layer) continue;
    const where = `model.decoder[${index}]`;
    if ('reshape' in layer) return sizeOf(layer.reshape);
    if ('linear' in layer) return tensorOf(checkpoint, `${layer.linear}.weight`, where).shape[1] ?? 1;
    if ('conv' in layer) return tensorOf(checkpoint, `${layer.conv}.weight`, where).shape[1] ?? 1;
    if ('convTranspose' in layer) return tensorOf(checkpoint, `${layer.convTranspose}.weight`, where).shape[0] ?? 1;
    return tensorOf(checkpoint, `${layer.batchNorm}.running_mean`, where).shape[0] ?? 1;
  }
  throw new InputError('model.decoder', 'has no layer with weights', 'Name at least one {"linear": key}.');
}
