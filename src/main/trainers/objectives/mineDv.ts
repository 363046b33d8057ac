import * as tf from '@tensorflow/tfjs-core';
import { constant, logMeanExp } from './logMeanExp';
import type { Scores } from './scores';

// MINE-DV (Belghazi et al. 2018, equations 10 to 12) and its generalisation to a base q (Brekelmans et al. 2022, appendix J):
//
//     E[log q(z* | x) − log p(z*) + T(x, z*)] − log E_{p(x) q(z | x)}[e^T] ≤ I(x; z)
//
// for expectations, indifferent to a constant added to T. With the mean of a sample inside the logarithm it is too high on average: an
// estimate, no bound. The gradient of that logarithm is E[e^T ∂T] / E[e^T]; a minibatch's own mean in the denominator biases it, so
// a moving average over minibatches stands there.

/** Weight of the newest minibatch in the moving average, once that is older than 1 / this. */
export const leastWeight = 0.01;

/** The moving average before this minibatch, with its weight and the minibatch's own, as logarithms. */
export interface MovingAverage {
  /** log of the weighted average before; very small at the start. */
  readonly logKept: tf.Scalar;
  /** log of the weight of this minibatch. */
  readonly logWeight: tf.Scalar;
}

/** log mean e^T over the negatives of all x. */
export function logMeanOfNegatives({ all, hot }: Scores): tf.Scalar {
  const negatives = all.size - (all.shape[0] ?? 0);
  // e^−1e30 is 0, in the value and in the gradient.
  const masked = tf.sub(all, tf.mul(hot, 1e30));
  return tf.add<tf.Scalar>(logMeanExp(masked, 'all'), Math.log(all.size / negatives));
}

/**
 * @param ba log q(z* | x) − log p(z*), `[B]`
 * @returns a loss whose gradient is that of −DV with the moving average as denominator, the plug-in estimate of the minibatch, and the log of
 * the moving average with this minibatch in it
 */
export function mineDv(
  scores: Scores,
  ba: tf.Tensor1D,
  { logKept, logWeight }: MovingAverage,
): { loss: tf.Scalar; estimate: tf.Scalar; logAverage: tf.Scalar } {
  const positive = tf.mean<tf.Scalar>(tf.add(ba, scores.positive));
  const logMean = logMeanOfNegatives(scores);
  const own = tf.add(logWeight, constant(logMean));
  const top = tf.maximum(logKept, own);
  const logAverage = tf.add<tf.Scalar>(top, tf.log(tf.add(tf.exp(tf.sub(logKept, top)), tf.exp(tf.sub(own, top)))));
  return {
    loss: tf.sub(tf.exp(tf.sub(logMean, logAverage)), positive),
    estimate: tf.sub(positive, constant(logMean)),
    logAverage,
  };
}
