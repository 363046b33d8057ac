import * as tf from '@tensorflow/tfjs-core';
import { exact } from '../../tensor/exact';
import type { LogDensity } from '../../tensor/density';
import type { Constant, TensorSpec } from '../../tensor/types';
import type { ChainTarget } from '../dais/fields';

/** What the blocks of a flow are led along: an unnormalised density f_k for each, from the standard normal on. */
export interface Bridge {
  /** d */
  readonly dim: number;
  readonly constants: Readonly<Record<string, Constant>>;
  /** The numbers that tell f_k from the others, by their names: one entry a block. */
  readonly blocks: readonly Readonly<Record<string, number>>[];
  /**
   * log f_k of rows, nats.
   * @param tensors the constants, and the block's numbers by {@link blockInput}
   */
  readonly logDensity: (tensors: Record<string, tf.Tensor>) => LogDensity;
}

/** A standard normal of rows `[n, d]`, nats. */
export function standardNormal(x: tf.Tensor2D): tf.Tensor1D {
  const [, dim] = x.shape;
  return tf.sub<tf.Tensor1D>(tf.mul(tf.sum(tf.square(x), 1), -0.5), exact(0.5 * dim * Math.log(2 * Math.PI)));
}

/** The same of one row on the host. */
export function standardNormalAt(x: ArrayLike<number>, from: number, dim: number): number {
  let squares = 0;
  for (let i = from; i < from + dim; i += 1) squares += (x[i] ?? Number.NaN) ** 2;
  return -0.5 * (squares + dim * Math.log(2 * Math.PI));
}

/** What a number of a block is called among the inputs of a program. */
export function blockInput(name: string): string {
  return `block.${name}`;
}

/** The inputs of a program that are a block's numbers. */
export function blockInputs({ blocks }: Bridge): Record<string, TensorSpec> {
  return Object.fromEntries(Object.keys(blocks[0] ?? {}).map((name) => [blockInput(name), { shape: [] }]));
}

/** A block's numbers as feeds. */
export function blockFeeds({ blocks }: Bridge, block: number): Record<string, Float64Array> {
  return Object.fromEntries(
    Object.entries(blocks[block] ?? {}).map(([name, value]) => [blockInput(name), Float64Array.of(value)]),
  );
}

/**
 * log f_k(y) = (1 − β_k) log N(y; 0, I) + β_k (log q̃(s₀ y) + d log s₀): the geometric bridge from N(0, s₀² I), in coordinates in which that
 * is the standard normal.
 * @param betas of each block, the last 1
 * @param scale s₀
 */
export function geometricBridge(
  { dim, constants, logDensity }: ChainTarget,
  betas: readonly number[],
  scale: number,
): Bridge {
  return {
    dim,
    constants,
    blocks: betas.map((beta) => ({ beta })),
    logDensity: (tensors) => {
      const log = logDensity(tensors);
      const beta = tensors[blockInput('beta')] as tf.Scalar;
      const volume = dim * Math.log(scale);
      return (y) => {
        const target = scale === 1 ? log(y) : tf.add(log(tf.mul(y, exact(scale))), exact(volume));
        return tf.add<tf.Tensor1D>(tf.mul(standardNormal(y), tf.sub(exact(1), beta)), tf.mul(target, beta));
      };
    },
  };
}
