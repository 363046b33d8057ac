import * as tf from '@tensorflow/tfjs-core';
import type { Activation } from '../../../shared/runFile';
import type { BuiltLayer, LayerContext } from './types';

/** What each name computes, elementwise. */
export const activationFunctions: Readonly<Record<Activation, (x: tf.Tensor) => tf.Tensor>> = {
  relu: tf.relu,
  // PyTorch's default slope.
  leakyRelu: (x) => tf.leakyRelu(x, 0.01),
  elu: tf.elu,
  selu: tf.selu,
  gelu: (x) => tf.mul(tf.mul(0.5, x), tf.add(1, tf.erf(tf.mul(x, Math.SQRT1_2)))),
  silu: (x) => tf.mul(x, tf.sigmoid(x)),
  tanh: tf.tanh,
  sigmoid: tf.sigmoid,
  softplus: tf.softplus,
  identity: (x) => x,
};

export function activation(name: Activation, context: LayerContext): BuiltLayer {
  return { name, outputShape: context.inputShape, constants: {}, apply: (x) => activationFunctions[name](x) };
}

export function leakyRelu(slope: number, context: LayerContext): BuiltLayer {
  return {
    name: `leakyRelu ${slope}`,
    outputShape: context.inputShape,
    constants: {},
    apply: (x) => tf.leakyRelu(x, slope),
  };
}
