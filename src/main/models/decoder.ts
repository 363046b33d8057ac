import type * as tf from '@tensorflow/tfjs-core';
import { InputError } from '../../shared/errors';
import type { Layer } from '../../shared/runFile';
import type { Checkpoint, NamedTensor } from '../checkpoints';
import { sizeOf, type Constant } from '../tensor/types';
import { activation, leakyRelu } from './layers/activation';
import { batchNorm } from './layers/batchNorm';
import { convolution, transposedConvolution } from './layers/convolution';
import { linear } from './layers/linear';
import { flatten, reshape } from './layers/reshape';
import type { BuiltLayer, LayerContext } from './layers/types';

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
  const built: BuiltLayer[] = [];
  let shape: readonly number[] = [latent];
  let previous = `z, which has ${latent} dimensions,`;
  layers.forEach((layer, index) => {
    const next = buildLayer(layer, {
      where: `model.decoder[${index}]`,
      previous,
      inputShape: shape,
      tensor: (key) => tensorOf(checkpoint, key, `model.decoder[${index}]`),
      optionalTensor: (key) => checkpoint.tensors.get(key),
    });
    for (const [key, constant] of Object.entries(next.constants)) checkFinite(key, constant, checkpoint.path);
    built.push(next);
    shape = next.outputShape;
    previous = `"${next.name}" before it`;
  });
  const outputShape = shape;
  return {
    latent,
    outputShape,
    outputs: sizeOf(outputShape),
    layers: built,
    constants: Object.assign({}, ...built.map((layer) => layer.constants)) as Record<string, Constant>,
    apply: (constants, z) =>
      flatten(
        built.reduce<tf.Tensor>((x, layer) => layer.apply(x, constants), z),
        outputShape,
      ),
  };
}

function buildLayer(layer: Layer, context: LayerContext): BuiltLayer {
  if (typeof layer === 'string') return activation(layer, context);
  if ('linear' in layer) return linear(layer.linear, context);
  if ('conv' in layer) return convolution(layer.conv, layer, context);
  if ('convTranspose' in layer) return transposedConvolution(layer.convTranspose, layer, context);
  if ('batchNorm' in layer) return batchNorm(layer.batchNorm, layer.epsilon, context);
  if ('leakyRelu' in layer) return leakyRelu(layer.leakyRelu, context);
  return reshape(layer.reshape, context);
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

function tensorOf(checkpoint: Checkpoint, key: string, where: string): NamedTensor {
  const tensor = checkpoint.tensors.get(key);
  if (tensor !== undefined) {
    if (sizeOf(tensor.shape) > 0) return tensor;
    throw new InputError(
      where,
      `"${key}" is empty ([${tensor.shape.join(', ')}])`,
      'Use a checkpoint with trained weights.',
    );
  }
  const keys = [...checkpoint.tensors.keys()].filter((name) => name.endsWith('.weight'));
  const shown = keys.slice(0, 12).map((name) => `"${name.slice(0, -'.weight'.length)}"`);
  throw new InputError(
    where,
    `"${key}" is not in ${checkpoint.path}`,
    `Its layers are ${shown.join(', ')}${keys.length > shown.length ? `, and ${keys.length - shown.length} more` : ''}.`,
  );
}

function checkFinite(key: string, constant: Constant, path: string): void {
  const bad = constant.data.findIndex((value: number) => !Number.isFinite(value));
  if (bad < 0) return;
  throw new InputError(
    path,
    `"${key}" holds ${constant.data[bad]} at position ${bad}`,
    'A model with such weights has no density; use a checkpoint from before training diverged.',
  );
}
