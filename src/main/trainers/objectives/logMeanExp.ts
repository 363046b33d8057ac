import * as tf from '@tensorflow/tfjs-core';

/** The same values, through which no gradient goes. */
export function constant<T extends tf.Tensor>(values: T): T {
  return tf.customGrad((x) => ({ value: tf.clone(x as tf.Tensor), gradFunc: (dy: tf.Tensor) => tf.zerosLike(dy) }))(
    values,
  ) as T;
}

/**
 * log mean exp along the last axis, or of all values. The largest is taken out as a constant: the gradient through it cancels, and tfjs's
 * own logSumExp would compute it.
 */
export function logMeanExp(values: tf.Tensor, scope: 'rows' | 'all'): tf.Tensor {
  const axis = scope === 'rows' ? values.rank - 1 : undefined;
  const top = constant(tf.max(values, axis, true));
  const means = tf.mean(tf.exp(tf.sub(values, top)), axis);
  return tf.add(tf.log(means), tf.reshape(top, means.shape));
}
