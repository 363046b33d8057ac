import * as tf from '@tensorflow/tfjs-core';
import type { EdgeSpec, EventSpec } from '../../../shared/runFile';
import { exact } from '../../tensor/exact';
import { blockInput, standardNormal, type Bridge } from './bridge';

/** Within the square root of |x|², whose slope is not finite at 0. */
const tiny = 1e-12;

/**
 * A standard normal times events that are smoothed, f_k(x) = N(x; 0, I) / (1 + exp(−κ_k (s(x) − c_k))) with s(x) = |x| outside of a ball or
 * x₁ beyond a plane: what an importance flow is led along, because the event itself has no gradient.
 * @param edges c_k and κ_k of each block
 */
export function eventBridge(event: EventSpec, edges: readonly EdgeSpec[]): Bridge {
  return {
    dim: event.dim,
    constants: {},
    blocks: edges.map(({ edge, sharpness }) => ({ edge, sharpness, smooth: 1 })),
    logDensity: (tensors) => (x) => {
      const [edge, sharpness, smooth] = ['edge', 'sharpness', 'smooth'].map(
        (name) => tensors[blockInput(name)] as tf.Scalar,
      ) as [tf.Scalar, tf.Scalar, tf.Scalar];
      const away = tf.sub(reach(event, x), edge);
      const lost = tf.mul(tf.softplus(tf.neg(tf.mul(away, sharpness))), smooth);
      return tf.sub<tf.Tensor1D>(standardNormal(x), lost);
    },
  };
}

/** The same with the normal itself at the end, against which draws are weighted once the blocks are trained. */
export function eventBridgeToNormal(event: EventSpec, edges: readonly EdgeSpec[]): Bridge {
  const bridge = eventBridge(event, edges);
  return { ...bridge, blocks: [...bridge.blocks, { edge: 0, sharpness: 1, smooth: 0 }] };
}

/** s(x) of rows `[n, d]`. */
function reach({ type }: EventSpec, x: tf.Tensor2D): tf.Tensor1D {
  if (type === 'outside-ball') return tf.sqrt(tf.add<tf.Tensor1D>(tf.sum(tf.square(x), 1), exact(tiny)));
  return tf.reshape(tf.slice(x, [0, 0], [x.shape[0], 1]), [-1]);
}

/** Whether a row is in the event itself. */
export function isInEvent(event: EventSpec, x: ArrayLike<number>, from: number): boolean {
  if (event.type === 'half-space') return (x[from] ?? NaN) > event.threshold;
  let squares = 0;
  for (let i = from; i < from + event.dim; i += 1) squares += (x[i] ?? NaN) ** 2;
  return squares >= event.radius * event.radius;
}
