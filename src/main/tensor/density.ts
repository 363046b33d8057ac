import type * as tf from '@tensorflow/tfjs-core';

/** Log density of rows: `z [n, d]` to `[n]`, in nats. Rows must not depend on each other. */
export type LogDensity = (z: tf.Tensor2D) => tf.Tensor1D;

/**
 * A geometric path from a normalised base π₀ to an unnormalised target: log π_β(z) = log π₀(z) + β Δ(z), with
 * Δ = log target − log π₀. The two parts are kept apart so that a change of β costs no evaluation.
 */
export interface AnnealingPath {
  /** log π₀(z), normalised. */
  readonly logBase: LogDensity;
  /** Δ(z): the log ratio whose increments (β_t − β_{t−1}) Δ(z) add up to a chain's log weight. */
  readonly logRatio: LogDensity;
}
