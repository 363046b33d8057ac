import * as tf from '@tensorflow/tfjs-core';
import type { Critic } from '../../models/critic';

type Tensors = Record<string, tf.Tensor>;

/** T of a minibatch: each pair (x, z*) of the model, the positive, beside K − 1 negatives of the same x. */
export interface Scores {
  /** `[B, K]`, nats; the positive is among them. */
  readonly all: tf.Tensor2D;
  /** 1 at the positive, 0 elsewhere, `[B, K]`. */
  readonly hot: tf.Tensor2D;
  /** T(x, z*), `[B]`. */
  readonly positive: tf.Tensor1D;
}

interface Minibatch {
  /** `[B, D]` */
  readonly x: tf.Tensor2D;
  /** `[B, d]`, z* of each x. */
  readonly z: tf.Tensor2D;
}

/** How many z from the prior there must be beside those of the minibatch. */
export function freshNeeded(samples: number, batch: number): number {
  return Math.max(0, samples - batch);
}

/**
 * Negatives from the prior: the z* of other rows are legal ones, since they do not depend on this x, and cost nothing. With K = B or
 * more, every x meets all of them, and fresh z besides; with fewer, each x meets those of the K − 1 rows that follow.
 * @param fresh `[K − B, d]` standard normals where K > B, the same for every x
 */
export function priorScores(
  critic: Critic,
  parameters: Tensors,
  { x, z }: Minibatch,
  samples: number,
  fresh?: tf.Tensor2D,
): Scores {
  const batch = x.shape[0];
  if (samples < batch) {
    const rows = Array.from({ length: samples * batch }, (_, row) => (row + Math.floor(row / batch)) % batch);
    return scored(chainMajor(critic, parameters, x, tf.gather(z, tf.tensor1d(rows, 'int32')), samples), 'first');
  }
  return scored(critic.pairs(parameters, x, fresh === undefined ? z : tf.concat([z, fresh])), 'diagonal');
}

/** Negatives of its own for each x. @param negatives `[(K − 1)·B, d]`, chain-major */
export function ownScores(critic: Critic, parameters: Tensors, { x, z }: Minibatch, negatives: tf.Tensor2D): Scores {
  const samples = negatives.shape[0] / x.shape[0] + 1;
  return scored(chainMajor(critic, parameters, x, tf.concat([z, negatives]), samples), 'first');
}

/** Rows k·B + i as `[B, K]`. */
function chainMajor(critic: Critic, parameters: Tensors, x: tf.Tensor2D, z: tf.Tensor2D, samples: number): tf.Tensor2D {
  return tf.transpose(tf.reshape(critic.apply(parameters, x, z), [samples, x.shape[0]]));
}

function scored(all: tf.Tensor2D, place: 'first' | 'diagonal'): Scores {
  const [batch, samples] = all.shape;
  const places = Array.from({ length: batch }, (_, row) => (place === 'first' ? 0 : row));
  const hot = tf.cast(tf.oneHot(tf.tensor1d(places, 'int32'), samples), 'float32') as tf.Tensor2D;
  return { all, hot, positive: tf.sum(tf.mul(all, hot), 1) };
}
