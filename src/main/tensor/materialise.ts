import * as tf from '@tensorflow/tfjs-core';
import { activeTracer, asTensor } from './trace/backend';

/**
 * A broadcast tensor written out in full, once. A traced graph otherwise broadcasts it again in every op that reads it, which
 * costs little for long rows and several times the op itself for short ones. Eagerly, nothing happens.
 * @param shape what to broadcast to
 */
export function materialise<T extends tf.Tensor>(x: tf.Tensor, shape: number[]): T {
  const full = tf.broadcastTo(x, shape);
  const tracer = activeTracer();
  if (tracer === undefined) return full as T;
  return asTensor(tracer.tensor(shape, full.dtype, { shape, name: tracer.full(full) })) as T;
}
