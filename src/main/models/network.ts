import * as tf from '@tensorflow/tfjs-core';
import type { Activation } from '../../shared/runFile';
import { fillUniforms } from '../tensor/random/streams';
import { sizeOf } from '../tensor/types';
import { activationFunctions } from './layers/activation';

/** Weights by name, row-major. */
export type Parameters = Readonly<Record<string, Float32Array>>;

/** Shape of each parameter by name, in the order in which they were made. */
export type ParameterShapes = Readonly<Record<string, readonly number[]>>;

/** A function of rows with weights of its own: pure, the weights are an argument. */
export interface Network {
  readonly inputs: number;
  readonly outputs: number;
  readonly shapes: ParameterShapes;
  /** Maps `[n, inputs]` to `[n, outputs]`. */
  readonly apply: (parameters: Record<string, tf.Tensor>, input: tf.Tensor2D) => tf.Tensor2D;
}

export interface NetworkSpec {
  readonly inputs: number;
  /** Widths of the hidden layers, each followed by the activation. */
  readonly hidden: readonly number[];
  readonly outputs: number;
  readonly activation: Activation;
}

/** A dense network. Layer i has "i.weight" `[out, in]` and "i.bias" `[out]`, as PyTorch lays them out. */
export function network({ inputs, hidden, outputs, activation }: NetworkSpec): Network {
  const widths = [inputs, ...hidden, outputs];
  const shapes: Record<string, readonly number[]> = {};
  widths.slice(1).forEach((width, layer) => {
    shapes[`${layer}.weight`] = [width, widths[layer] ?? 0];
    shapes[`${layer}.bias`] = [width];
  });
  return {
    inputs,
    outputs,
    shapes,
    apply: (parameters, input) =>
      widths.slice(1).reduce<tf.Tensor>((x, _, layer) => {
        const weight = parameters[`${layer}.weight`] as tf.Tensor2D;
        const sum = tf.add(tf.matMul(x as tf.Tensor2D, weight, false, true), parameters[`${layer}.bias`] as tf.Tensor);
        return layer < hidden.length ? activationFunctions[activation](sum) : sum;
      }, input) as tf.Tensor2D,
  };
}

/**
 * What a network starts from: weights and biases uniform within ±1/√inputs of their layer, PyTorch's own rule for linear layers. A
 * vector without a weight of its name starts at zero.
 */
export function initialParameters(shapes: ParameterShapes, seed: number): Parameters {
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape], step) => {
      const values = new Float32Array(sizeOf(shape));
      const weight = shape.length > 1 ? shape : shapes[name.replace(/bias$/, 'weight')];
      if (weight !== undefined && (shape.length > 1 || name.endsWith('bias'))) {
        const bound = 1 / Math.sqrt(weight[1] ?? 1);
        const rows = { firstChain: 0, chains: 1, firstDatum: 0, data: shape[0] ?? 1 };
        fillUniforms(values, { seed, stream: 'trainingWeights', step, ...rows, width: sizeOf(shape.slice(1)) });
        values.forEach((uniform, place) => (values[place] = bound * (2 * uniform - 1)));
      }
      return [name, values];
    }),
  );
}
