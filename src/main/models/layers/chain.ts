import type * as tf from '@tensorflow/tfjs-core';
import { InputError } from '../../../shared/errors';
import type { ClassifierLayer } from '../../../shared/runFile/classifier';
import type { Checkpoint, NamedTensor } from '../../checkpoints';
import { sizeOf, type Constant } from '../../tensor/types';
import { activation, leakyRelu } from './activation';
import { batchNorm } from './batchNorm';
import { convolution, transposedConvolution } from './convolution';
import { linear } from './linear';
import { pool } from './pool';
import { reshape } from './reshape';
import { resize } from './resize';
import type { BuiltLayer, LayerContext } from './types';

/** Layers one after the other, with their weights found. */
export interface LayerChain {
  readonly layers: readonly BuiltLayer[];
  readonly outputShape: readonly number[];
  readonly constants: Readonly<Record<string, Constant>>;
  readonly apply: (constants: Record<string, tf.Tensor>, x: tf.Tensor) => tf.Tensor;
}

/**
 * @param start `where` the layers stand in the run file ("model.decoder"), and what goes into the first with a phrase for it
 * @throws InputError naming the layer: a missing key, shapes that do not chain, weights that are not finite
 */
export function buildChain(
  layers: readonly ClassifierLayer[],
  checkpoint: Checkpoint,
  start: { readonly where: string; readonly inputShape: readonly number[]; readonly input: string },
): LayerChain {
  const built: BuiltLayer[] = [];
  let shape = start.inputShape;
  let previous = start.input;
  layers.forEach((layer, index) => {
    const where = `${start.where}[${index}]`;
    const next = buildLayer(layer, {
      where,
      previous,
      inputShape: shape,
      tensor: (key) => tensorOf(checkpoint, key, where),
      optionalTensor: (key) => checkpoint.tensors.get(key),
    });
    for (const [key, constant] of Object.entries(next.constants)) checkFinite(key, constant, checkpoint.path);
    built.push(next);
    shape = next.outputShape;
    previous = `"${next.name}" before it`;
  });
  return {
    layers: built,
    outputShape: shape,
    constants: Object.assign({}, ...built.map((layer) => layer.constants)) as Record<string, Constant>,
    apply: (constants, x) => built.reduce<tf.Tensor>((y, layer) => layer.apply(y, constants), x),
  };
}

function buildLayer(layer: ClassifierLayer, context: LayerContext): BuiltLayer {
  if (typeof layer === 'string') return activation(layer, context);
  if ('linear' in layer) return linear(layer.linear, context);
  if ('conv' in layer) return convolution(layer.conv, layer, context);
  if ('convTranspose' in layer) return transposedConvolution(layer.convTranspose, layer, context);
  if ('batchNorm' in layer) return batchNorm(layer.batchNorm, layer.epsilon, context);
  if ('leakyRelu' in layer) return leakyRelu(layer.leakyRelu, context);
  if ('maxPool' in layer) return pool('maximum', { ...layer, size: layer.maxPool, stride: layer.stride }, context);
  if ('averagePool' in layer)
    return pool('average', { ...layer, size: layer.averagePool, stride: layer.stride }, context);
  if ('resize' in layer) return resize(layer.resize, context);
  return reshape(layer.reshape, context);
}

/** @throws InputError that names near keys */
export function tensorOf(checkpoint: Checkpoint, key: string, where: string): NamedTensor {
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
