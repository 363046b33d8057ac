import * as tf from '@tensorflow/tfjs-core';
import { activeTracer } from './trace/backend';

/** Eager evaluations of `valueAndGradient`, for tests that compare them with what a traced program claims. */
export const eagerGradients = { count: 0 };

/**
 * Value and gradient of a function of rows, in one forward and one backward pass.
 * @param fn maps `x [n, d]` to one value a row, `[n]`; rows must not depend on each other
 * @param x `[n, d]`
 * @returns the values `[n]` and each row's gradient `[n, d]`
 */
export function valueAndGradient(
  fn: (x: tf.Tensor2D) => tf.Tensor1D,
  x: tf.Tensor2D,
): { value: tf.Tensor1D; gradient: tf.Tensor2D } {
  const tracer = activeTracer();
  if (tracer === undefined) eagerGradients.count += 1;
  else if (tracer.insideLoop) tracer.gradients.perIteration += 1;
  else tracer.gradients.once += 1;
  // The gradient of the sum of independent rows is the stack of the rows' gradients.
  const { value, grad } = tf.valueAndGrad((input) => fn(input as tf.Tensor2D))(x);
  return { value: value, gradient: grad as tf.Tensor2D };
}
