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
    if (rows === data) return above(parameters, tf.add(ofLatent(parameters, z), encoded));
    const values = inPieces(z, rows / data, data).map((piece) => {
      const [count] = piece.shape;
      // x as [1, data, h] beside z as [chains, data, h], so that it is never copied for each chain.
      const part = tf.reshape(ofLatent(parameters, piece), [count / data, data, first]);
      return above(parameters, tf.reshape(tf.add(part, tf.expandDims(encoded, 0)), [count, first]));
    });
    return joined(values);
  };
  const pairs = (parameters: Tensors, x: tf.Tensor2D, z: tf.Tensor2D): tf.Tensor2D => {
    const [data, count] = [x.shape[0], z.shape[0]];
    const others = tf.expandDims(ofLatent(parameters, z), 0);
    const values = inPieces(encode(parameters, x), data, count, 1).map((piece) => {
      const sums = tf.add(tf.expandDims(piece, 1), others);
      return above(parameters, tf.reshape(sums, [piece.shape[0] * count, first]));
    });
    return tf.reshape(joined(values), [data, count]);
  };

  return {
    latent,
    outputs,
    shapes,
    encode,
    applyEncoded,
    apply: (parameters, x, z) => applyEncoded(parameters, encode(parameters, x), z),
    pairs,
    initial: (seed, constant = 0) => initial(shapes, widths.length - 1, seed, constant),
  };
}

/**
 * Rows that are multiplied at once. ONNX Runtime's product of many more loses a third of its speed, because what it goes over again and
 * again no longer fits the cache of a core.
 */
const rowsAtOnce = 1000;

/** So many pieces at most, so that no graph grows with the number of samples. */
const mostPieces = 16;

/**
 * Cuts a tensor whose rows come in units.
 * @param units how many
 * @param rows of the layers above, for each unit
 * @param height rows of the tensor in a unit; the same when left out
 */
function inPieces(x: tf.Tensor2D, units: number, rows: number, height = rows): tf.Tensor2D[] {
  const pieces = Math.min(mostPieces, units, Math.round((units * rows) / rowsAtOnce));
  if (pieces < 2) return [x];
  const ends = Array.from({ length: pieces + 1 }, (_, piece) => Math.round((piece * units) / pieces));
  return tf.split(
    x,
    ends.slice(1).map((end, piece) => height * (end - (ends[piece] ?? 0))),
  );
}

function joined(values: tf.Tensor1D[]): tf.Tensor1D {
  return values.length === 1 ? (values[0] as tf.Tensor1D) : tf.concat(values);
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
