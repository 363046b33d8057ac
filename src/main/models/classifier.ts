import type * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { InputError } from '../../shared/errors';
import { classifierLayerSchema, type ClassifierLayer, type ClassifierSpec } from '../../shared/runFile/classifier';
import type { Checkpoint } from '../checkpoints';
import { sizeOf, type Constant } from '../tensor/types';
import { buildChain } from './layers/chain';
import { flatten, unflatten } from './layers/reshape';

/** A classifier of images: a pure function of its weights and its input. */
export interface Classifier {
  /** Names, `[C]`. */
  readonly classes: readonly string[];
  /** D */
  readonly inputs: number;
  /** Length of the last hidden layer, which is the features of an image. */
  readonly features: number;
  readonly constants: Readonly<Record<string, Constant>>;
  /** Maps images `[n, D]`, channels first, to logits `[n, C]` and features `[n, F]`. */
  readonly apply: (
    constants: Record<string, tf.Tensor>,
    x: tf.Tensor2D,
  ) => { readonly logits: tf.Tensor2D; readonly features: tf.Tensor2D };
}

/**
 * @param shape of one image, channels first
 * @throws InputError naming the layer: a missing key, shapes that do not chain, no classes at the end
 */
export function buildClassifier(spec: ClassifierSpec, checkpoint: Checkpoint, shape: readonly number[]): Classifier {
  const layers = spec.layers ?? classifierLayersIn(checkpoint);
  const input = `an image [${shape.join(', ')}]`;
  const chain = buildChain(layers, checkpoint, { where: 'classifier.layers', inputShape: shape, input });
  const [count = 1, ...rest] = chain.outputShape;
  if (rest.length > 0 || count < 2) {
    throw new InputError(
      'classifier.layers',
      `end in [${chain.outputShape.join(', ')}]`,
      'End in a linear layer with a number for each class.',
    );
  }
  const names = spec.classes ?? Array.from({ length: count }, (_, index) => String(index));
  if (names.length !== count) {
    throw new InputError(
      'classifier.classes',
      `names ${names.length} of the ${count} classes of ${checkpoint.path}`,
      'Name each in order, or none.',
    );
  }
  const last = layers.findLastIndex((layer) => typeof layer !== 'string' && 'linear' in layer);
  const featureShape = last > 0 ? (chain.layers[last - 1]?.outputShape ?? shape) : shape;
  return {
    classes: names,
    inputs: sizeOf(shape),
    features: sizeOf(featureShape),
    constants: chain.constants,
    apply: (constants, x) => {
      let y = unflatten(x, shape);
      let features: tf.Tensor = y;
      chain.layers.forEach((layer, index) => {
        if (index === last) features = y;
        y = layer.apply(y, constants);
      });
      return { logits: y as tf.Tensor2D, features: flatten(features, featureShape) };
    },
  };
}

const describedSchema = z.array(classifierLayerSchema).min(1).max(200);

/**
 * Layers that the checkpoint itself describes, as JSON under "classifier.layers" in the metadata of a safetensors file.
 * @throws InputError where there are none
 */
function classifierLayersIn({ metadata, path }: Checkpoint): readonly ClassifierLayer[] {
  const text = metadata.get('classifier.layers');
  const described = describedSchema.safeParse(typeof text === 'string' ? parsed(text) : undefined);
  if (described.success) return described.data;
  throw new InputError(
    'classifier.layers',
    `are left out, and ${path} does not say what is between its weights`,
    'Name them in order from the image, with "maxPool", "averagePool" and "resize" where there are any.',
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
