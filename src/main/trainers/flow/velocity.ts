import * as tf from '@tensorflow/tfjs-core';
import { initialParameters, type ParameterShapes } from '../../models/network';
import { exact } from '../../tensor/exact';

export const velocityActivations = ['tanh', 'softplus20'] as const;
export type VelocityActivation = (typeof velocityActivations)[number];

/** A dense network for the velocity of a block, v(x) or v(x, t). */
export interface VelocityNetwork {
  /** d */
  readonly dim: number;
  /** Widths of the hidden layers; without any, v is affine. */
  readonly hidden: readonly number[];
  /** softplus20 is log(1 + e^{20 z})/20. */
  readonly activation: VelocityActivation;
  /** Whether t is a further input; else a block is autonomous. */
  readonly timeInput: boolean;
}

/** A velocity with its weights, as tensors. Rows do not depend on each other. */
export interface VelocityField {
  readonly dim: number;
  /** @param time scalar; read only where the network has that input */
  at(x: tf.Tensor2D, time: tf.Scalar): VelocityPoint;
}

/** What a network says of rows x `[n, d]`. */
export interface VelocityPoint {
  /** `[n, d]` */
  readonly velocity: tf.Tensor2D;
  /** div v = tr ∂v/∂x in closed form, `[n]`. */
  divergence(): tf.Tensor1D;
  /**
   * Products of the Jacobian with directions.
   * @param directions `[m, n, d]`: m for each row
   * @returns `[m, n, d]`
   */
  jacobianProduct(directions: tf.Tensor3D): tf.Tensor3D;
}

/** Layer i has "i.weight" `[out, in]` and "i.bias" `[out]`; the first reads x and then t. */
export function velocityShapes({ dim, hidden, timeInput }: VelocityNetwork): ParameterShapes {
  const widths = [dim + (timeInput ? 1 : 0), ...hidden, dim];
  const shapes: Record<string, readonly number[]> = {};
  widths.slice(1).forEach((width, layer) => {
    shapes[`${layer}.weight`] = [width, widths[layer] ?? 0];
    shapes[`${layer}.bias`] = [width];
  });
  return shapes;
}

/** Weights of a first block: near the identity, because its last layer is a tenth as large and has no bias. */
export function initialVelocity(network: VelocityNetwork, seed: number): Record<string, Float64Array> {
  const last = network.hidden.length;
  return Object.fromEntries(
    Object.entries(initialParameters(velocityShapes(network), seed)).map(([name, values]) => {
      const scale = name === `${last}.weight` ? 0.1 : name === `${last}.bias` ? 0 : 1;
      return [name, Float64Array.from(values, (value) => Math.fround(scale * value))];
    }),
  );
}

/**
 * The field of one block. What its divergence needs of the weights alone is computed once, however often it is evaluated.
 *
 * With z_l = W_l h_{l−1} + b_l, h_l = φ(z_l), g_l = φ′(z_l), one hidden layer has div v = g₁ · diag(W₁W₂), and two have
 * div v = g₁ᵀ (W₂ᵀ ∘ (W₁W₃)) g₂, whatever the dimension. For more, the d columns of the Jacobian go through the layers.
 */
export function velocityField(network: VelocityNetwork, parameters: Record<string, tf.Tensor>): VelocityField {
  const { dim, hidden, activation, timeInput } = network;
  const depth = hidden.length;
  const weight = (layer: number): tf.Tensor2D => parameters[`${layer}.weight`] as tf.Tensor2D;
  const bias = (layer: number): tf.Tensor1D => parameters[`${layer}.bias`] as tf.Tensor1D;
  const first = weight(0);
  const width = hidden[0] ?? dim;
  const ofX = timeInput ? tf.slice(first, [0, 0], [width, dim]) : first;
  const ofTime = timeInput ? tf.reshape(tf.slice(first, [0, dim], [width, 1]), [width]) : undefined;
  const last = depth === 0 ? ofX : weight(depth);
  const coupling = couplingOf(ofX, last, weight(1), depth);

  const at = (x: tf.Tensor2D, time: tf.Scalar): VelocityPoint => {
    const rows = x.shape[0];
    const slopes: tf.Tensor2D[] = [];
    let values = x;
    const shift = (layer: number): tf.Tensor =>
      layer === 0 && ofTime !== undefined ? tf.add(bias(0), tf.mul(ofTime, time)) : bias(layer);
    for (let layer = 0; layer < depth; layer += 1) {
      const product = tf.matMul(values, layer === 0 ? ofX : weight(layer), false, true);
      const sums = tf.add<tf.Tensor2D>(product, shift(layer));
      const { value, slope } = activated(activation, sums);
      values = value;
      slopes.push(slope);
    }
    const velocity = tf.add<tf.Tensor2D>(tf.matMul(values, last, false, true), shift(depth));
    /** `[m, n, width of the first layer]` → `[m, n, width of the last]` */
    const through = (tangents: tf.Tensor3D): tf.Tensor3D => {
      const count = tangents.shape[0];
      let along: tf.Tensor = tf.mul(tangents, slopes[0] as tf.Tensor);
      for (let layer = 1; layer < depth; layer += 1) {
        const flat = tf.reshape<tf.Rank.R2>(along, [count * rows, hidden[layer - 1] ?? 0]);
        const next = tf.matMul(flat, weight(layer), false, true);
        along = tf.mul(tf.reshape(next, [count, rows, hidden[layer] ?? 0]), slopes[layer] as tf.Tensor);
      }
      return along as tf.Tensor3D;
    };
    return {
      velocity,
      divergence: () => {
        const [one, two] = slopes as [tf.Tensor2D, tf.Tensor2D];
        if (depth === 0) return tf.broadcastTo<tf.Rank.R1>(coupling as tf.Tensor, [rows]);
        if (depth === 1) return tf.sum<tf.Tensor1D>(tf.mul(one, coupling as tf.Tensor), 1);
        if (depth === 2) return tf.sum<tf.Tensor1D>(tf.mul(tf.matMul(one, coupling as tf.Tensor2D), two), 1);
        const columns = through(tf.reshape<tf.Rank.R3>(tf.transpose(ofX), [dim, 1, width]));
        return tf.sum<tf.Tensor1D>(tf.sum(tf.mul(columns, tf.expandDims(last, 1)), 2), 0);
      },
      jacobianProduct: (directions) => {
        const count = directions.shape[0];
        const flat = tf.reshape<tf.Rank.R2>(directions, [count * rows, dim]);
        if (depth === 0) return tf.reshape<tf.Rank.R3>(tf.matMul(flat, last, false, true), [count, rows, dim]);
        const entered = tf.reshape<tf.Rank.R3>(tf.matMul(flat, ofX, false, true), [count, rows, width]);
        const left = tf.reshape<tf.Rank.R2>(through(entered), [count * rows, hidden[depth - 1] ?? 0]);
        return tf.reshape<tf.Rank.R3>(tf.matMul(left, last, false, true), [count, rows, dim]);
      },
    };
  };
  return { dim, at };
}

/** What the divergence of up to two hidden layers needs of the weights alone. */
function couplingOf(
  ofX: tf.Tensor2D,
  last: tf.Tensor2D,
  second: tf.Tensor2D | undefined,
  depth: number,
): tf.Tensor | undefined {
  if (depth === 0) return tf.sum(tf.mul(ofX, tf.eye(ofX.shape[0])));
  if (depth === 1) return tf.sum(tf.mul(ofX, tf.transpose(last)), 1);
  return depth === 2 ? tf.mul(tf.transpose(second as tf.Tensor2D), tf.matMul(ofX, last)) : undefined;
}

/** φ and φ′, the latter from what the former has computed: a gradient through both never needs a second derivative of an op. */
function activated(activation: VelocityActivation, z: tf.Tensor2D): { value: tf.Tensor2D; slope: tf.Tensor2D } {
  if (activation === 'tanh') {
    const value = tf.tanh(z);
    return { value, slope: tf.sub<tf.Tensor2D>(exact(1), tf.square(value)) };
  }
  const sharp = tf.mul<tf.Tensor2D>(z, exact(20));
  return { value: tf.mul<tf.Tensor2D>(tf.softplus(sharp), exact(0.05)), slope: tf.sigmoid(sharp) };
}
