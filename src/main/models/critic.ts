import * as tf from '@tensorflow/tfjs-core';
import type { Activation } from '../../shared/runFile';
import { activationFunctions } from './layers/activation';
import { initialParameters, type Parameters, type ParameterShapes } from './network';

type Tensors = Record<string, tf.Tensor>;

/**
 * T(x, z), the learned energy of Brekelmans et al. (2022), section 4: a pure function of its parameters, of x and of z. Every bound that
 * uses it is indifferent to a function of x added to T (InfoNCE, GIWAE, IBAL) or at least to a constant (MINE-DV).
 */
export interface Critic {
  /** d */
  readonly latent: number;
  /** D, the length of x. */
  readonly outputs: number;
  readonly shapes: ParameterShapes;
  /**
   * @param x `[B, D]`
   * @param z `[K·B, d]`, chain-major: row k·B + i goes with datum i
   * @returns `[K·B]`, nats
   */
  readonly apply: (parameters: Tensors, x: tf.Tensor2D, z: tf.Tensor2D) => tf.Tensor1D;
  /** Every x `[B, D]` with every z `[N, d]`: `[B, N]`. Each is multiplied with the first layer's weights once. */
  readonly pairs: (parameters: Tensors, x: tf.Tensor2D, z: tf.Tensor2D) => tf.Tensor2D;
  /** What the first layer makes of x, bias included: `[B, h]`. Chains that move z alone need it once. */
  readonly encode: (parameters: Tensors, x: tf.Tensor2D) => tf.Tensor2D;
  /** The same as `apply`, given what `encode` returned. Does not read "0.x.weight" and "0.bias". */
  readonly applyEncoded: (parameters: Tensors, encoded: tf.Tensor2D, z: tf.Tensor2D) => tf.Tensor1D;
  /** What training starts from, where T(x, z) is the given constant. */
  readonly initial: (seed: number, constant?: number) => Parameters;
}

export interface CriticNetworkSpec {
  readonly latent: number;
  readonly outputs: number;
  /** Widths of the hidden layers, each followed by the activation. */
  readonly hidden: readonly number[];
  readonly activation: Activation;
}

/**
 * A dense network on x and z. Layer i has "i.weight" `[out, in]` and "i.bias" `[out]` as PyTorch lays them out, but the first layer keeps
 * the columns for x and for z apart, "0.x.weight" `[h, D]` and "0.z.weight" `[h, d]`: side by side they are PyTorch's weight of a layer
 * on concat(x, z). Apart, the product with x is made once for each datum however many z it meets, and no update copies the columns
 * out and together again.
 */
export function criticNetwork({ latent, outputs, hidden, activation }: CriticNetworkSpec): Critic {
  const widths = [...hidden, 1];
  const shapes: Record<string, readonly number[]> = {};
  widths.forEach((width, layer) => {
    if (layer === 0) {
      shapes['0.x.weight'] = [width, outputs];
      shapes['0.z.weight'] = [width, latent];
    } else shapes[`${layer}.weight`] = [width, widths[layer - 1] ?? 0];
    shapes[`${layer}.bias`] = [width];
  });
  const first = widths[0] ?? 1;

  /** The layers above the first, whose sums `[n, h]` come in. */
  const above = (parameters: Tensors, sums: tf.Tensor2D): tf.Tensor1D => {
    const last = hidden.reduce<tf.Tensor>((sum, _, layer) => {
      const weight = parameters[`${layer + 1}.weight`] as tf.Tensor2D;
      const hiddenValues = activationFunctions[activation](sum) as tf.Tensor2D;
      return tf.add(tf.matMul(hiddenValues, weight, false, true), parameters[`${layer + 1}.bias`] as tf.Tensor);
    }, sums);
    return tf.reshape(last, [sums.shape[0]]);
  };
  const encode = (parameters: Tensors, x: tf.Tensor2D): tf.Tensor2D =>
    tf.add(tf.matMul(x, parameters['0.x.weight'] as tf.Tensor2D, false, true), parameters['0.bias'] as tf.Tensor);
  const ofLatent = (parameters: Tensors, z: tf.Tensor2D): tf.Tensor2D =>
    tf.matMul(z, parameters['0.z.weight'] as tf.Tensor2D, false, true);
  const applyEncoded = (parameters: Tensors, encoded: tf.Tensor2D, z: tf.Tensor2D): tf.Tensor1D => {
    const [rows, data] = [z.shape[0], encoded.shape[0]];
    const part = ofLatent(parameters, z);
    if (rows === data) return above(parameters, tf.add(part, encoded));
    // x as [1, data, h] beside z as [chains, data, h], so that it is never copied for each chain.
    const sums = tf.add(tf.reshape(part, [rows / data, data, first]), tf.expandDims(encoded, 0));
    return above(parameters, tf.reshape(sums, [rows, first]));
  };

  return {
    latent,
    outputs,
    shapes,
    encode,
    applyEncoded,
    apply: (parameters, x, z) => applyEncoded(parameters, encode(parameters, x), z),
    pairs: (parameters, x, z) => {
      const [data, count] = [x.shape[0], z.shape[0]];
      const sums = tf.add(tf.expandDims(encode(parameters, x), 1), tf.expandDims(ofLatent(parameters, z), 0));
      return tf.reshape(above(parameters, tf.reshape(sums, [data * count, first])), [data, count]);
    },
    initial: (seed, constant = 0) => initial(shapes, widths.length - 1, seed, constant),
  };
}

/**
 * PyTorch's rule for linear layers, ±1/√inputs, for the columns of x and of z each by themselves, so that a few latent numbers are heard
 * beside many pixels. The last layer starts at zero: T is then a constant, GIWAE and IBAL are the Barber–Agakov bound of the base
 * exactly, and training begins there. A random T would begin below it, and its chains would feel forces that mean nothing.
 */
function initial(shapes: ParameterShapes, last: number, seed: number, constant: number): Parameters {
  const parameters = initialParameters(shapes, seed);
  for (const [name, values] of Object.entries(parameters)) {
    if (name.startsWith(`${last}.`)) values.fill(name === `${last}.bias` ? constant : 0);
  }
  return parameters;
}
