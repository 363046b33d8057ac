import * as tf from '@tensorflow/tfjs-core';
import { range } from '../values';
import { gradient } from './kernel';

/**
 * The gradient for each factor is the product of the others, taken without dividing, so that zeros are no trouble: every
 * factor gets a row in which it is replaced by a one. Quadratic in the number of factors. tfjs's own needs methods of tensors
 * that its core does not have, and misreads negative axes.
 */
export const productGradient: tf.GradConfig = gradient('Prod', ['x'], (dy, saved, attrs) => {
  const x = saved['x'] as tf.Tensor;
  const axes = tf.util.parseAxisParam((attrs as { axis: number | number[] }).axis, x.shape);
  const outer = range(x.rank).filter((axis) => !axes.includes(axis));
  const order = [...outer, ...axes];
  const count = tf.util.sizeFromShape(axes.map((axis) => x.shape[axis] ?? 1));
  const rest = outer.map((axis) => x.shape[axis] ?? 1);
  return {
    x: () => {
      const moved = tf.transpose(x, order);
      const rows = tf.reshape(moved, [...rest, 1, count]);
      const others = tf.prod(
        tf.where(tf.cast(tf.eye(count), 'bool'), tf.onesLike(rows), rows),
        x.rank - axes.length + 1,
      );
      const slopes = tf.mul(tf.reshape(dy, [...rest, 1]), others);
      const back = range(x.rank).map((axis) => order.indexOf(axis));
      return tf.transpose(tf.reshape(slopes, moved.shape), back);
    },
  };
});
