import * as tf from '@tensorflow/tfjs-core';
import { logMeanOfNegatives } from './mineDv';
import type { Scores } from './scores';

// MINE-F (Belghazi et al. 2018, section 3; Nguyen, Wainwright and Jordan 2010) and its generalisation to a base q (Brekelmans et al. 2022,
// appendix J):
//
//     E[log q(z* | x) − log p(z*) + T(x, z*)] − E_{p(x) q(z | x)}[e^{T − 1}] ≤ I(x; z)
//
// Nothing stands in a logarithm, so the mean of a sample is a lower bound on average, with a large variance. T = 1, and no other
// constant, leaves the Barber–Agakov bound of q.

/** Beyond this exponent e^u goes on as its tangent: finite in float32, with a gradient that still points back. */
const largestExponent = 40;

/** @param ba log q(z* | x) − log p(z*), `[B]` @returns the bound of the minibatch, a scalar */
export function mineF(scores: Scores, ba: tf.Tensor1D): tf.Scalar {
  const exponent = tf.sub(logMeanOfNegatives(scores), 1);
  const beyond = tf.relu(tf.sub(exponent, largestExponent));
  const mean = tf.mul(tf.exp(tf.minimum(exponent, largestExponent)), tf.add(1, beyond));
  return tf.sub(tf.mean(tf.add(ba, scores.positive)), mean);
}
