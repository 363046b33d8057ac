import * as tf from '@tensorflow/tfjs-core';

// Kingma and Ba (2015), "Adam: a method for stochastic optimization", algorithm 1 in the order of operations of its section 2.

const decay1 = 0.9;
const decay2 = 0.999;
const epsilon = 1e-8;

export interface AdamMoments {
  readonly first: tf.Tensor;
  readonly second: tf.Tensor;
}

/**
 * One update of one parameter, as a pure function that a training step compiles into the graph of its loss.
 * @param rate scalar, from {@link adamRate}
 */
export function adam(
  parameter: tf.Tensor,
  gradient: tf.Tensor,
  { first, second }: AdamMoments,
  rate: tf.Tensor,
): { parameter: tf.Tensor; moments: AdamMoments } {
  const moments = {
    first: tf.add(tf.mul(decay1, first), tf.mul(1 - decay1, gradient)),
    second: tf.add(tf.mul(decay2, second), tf.mul(1 - decay2, tf.square(gradient))),
  };
  const direction = tf.div(moments.first, tf.add(tf.sqrt(moments.second), epsilon));
  return { parameter: tf.sub(parameter, tf.mul(rate, direction)), moments };
}

/**
 * The learning rate with the correction for moments that start at zero.
 * @param step how many updates there have been, this one included
 */
export function adamRate(learningRate: number, step: number): number {
  return (learningRate * Math.sqrt(1 - decay2 ** step)) / (1 - decay1 ** step);
}
