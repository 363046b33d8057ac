import * as tf from '@tensorflow/tfjs-core';

/**
 * A number with all the digits that the program has. tfjs rounds a plain number, and `tf.scalar`, to float32 before any graph
 * sees it: `tf.mul(x, 0.1)` is wrong in the eighth digit where doubles are computed.
 */
export function exact(value: number): tf.Scalar {
  return tf.fill([], value);
}
