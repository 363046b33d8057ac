import * as tf from '@tensorflow/tfjs-core';
import { gradient, kernel, nothing } from './kernel';

type Operands = { a: tf.Tensor; b: tf.Tensor };

/** Adds up what a broadcast repeated. */
function unbroadcast(dy: tf.Tensor, shape: number[]): tf.Tensor {
  const axes = tf.broadcast_util.getReductionAxes(shape, dy.shape);
  return tf.reshape(axes.length > 0 ? tf.sum(dy, axes) : dy, shape);
}

/** tfjs leaves the sum over broadcast axes out of these, and fails. At ties the first operand gets everything. */
function choice(kernelName: string, first: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): tf.GradConfig {
  return gradient(kernelName, ['a', 'b'], (dy, saved) => {
    const { a, b } = saved as Operands;
    return {
      a: () => unbroadcast(tf.mul(dy, tf.cast(first(a, b), 'float32')), a.shape),
      b: () => unbroadcast(tf.mul(dy, tf.cast(tf.logicalNot(first(a, b)), 'float32')), b.shape),
    };
  });
}

/** Comparisons are flat. tfjs says so for one of them only, and second-order gradients of clip, where or LeakyReLU fail. */
const flat = ['Equal', 'NotEqual', 'Greater', 'GreaterEqual', 'Less', 'LessEqual', 'LogicalAnd', 'LogicalOr'].map(
  (name) =>
    gradient(name, ['a', 'b'], (_dy, saved) => {
      const { a, b } = saved as Operands;
      return { a: nothing(a), b: nothing(b) };
    }),
);

export const elementwiseGradients: readonly tf.GradConfig[] = [
  ...flat,
  gradient('LogicalNot', ['x'], (_dy, saved) => ({ x: nothing(saved['x'] as tf.Tensor) })),
  choice('Maximum', (a, b) => tf.greaterEqual(a, b)),
  choice('Minimum', (a, b) => tf.lessEqual(a, b)),
  gradient('SquaredDifference', ['a', 'b'], (dy, saved) => {
    const { a, b } = saved as Operands;
    const slope = (): tf.Tensor => tf.mul(dy, tf.mul(2, tf.sub(a, b)));
    return { a: () => unbroadcast(slope(), a.shape), b: () => unbroadcast(tf.neg(slope()), b.shape) };
  }),
  // tfjs has none, which stops second-order gradients at an ELU.
  gradient('EluGrad', ['dy', 'y'], (ddx, saved) => {
    const { dy, y } = saved as { dy: tf.Tensor; y: tf.Tensor };
    return {
      dy: () => kernel('EluGrad', { dy: ddx, y }),
      y: () => tf.mul(tf.mul(ddx, dy), tf.cast(tf.less(y, 0), 'float32')),
    };
  }),
];
