import * as tf from '@tensorflow/tfjs-core';
import { valueAndGradient } from '../../../../src/main/tensor/gradient';
import { repeat } from '../../../../src/main/tensor/repeat';
import type { CompileOptions, Constant, Feeds, TensorFunction } from '../../../../src/main/tensor/types';

const [rows, latent, hidden, data] = [6, 8, 32, 20];

/** Numbers between -scale and scale that look random and are the same everywhere. */
export function numbers(count: number, scale: number): Float32Array {
  return Float32Array.from({ length: count }, (_, index) => scale * Math.sin(12.9898 * (index + 1) + scale));
}

function constant(shape: readonly number[], scale: number): Constant {
  return {
    shape,
    data: numbers(
      shape.reduce((a, b) => a * b, 1),
      scale,
    ),
  };
}

const constants = {
  w1: constant([latent, hidden], 0.4),
  b1: constant([hidden], 0.3),
  w2: constant([hidden, data], 0.2),
  b2: constant([data], 0.1),
};

/** log p(x, z) of a Bernoulli decoder with one hidden layer. */
function logJoint(t: Record<string, tf.Tensor>): (z: tf.Tensor2D) => tf.Tensor1D {
  const [w1, b1, w2, b2, x] = [t['w1'], t['b1'], t['w2'], t['b2'], t['x']] as tf.Tensor2D[];
  return (z) => {
    const h = tf.tanh(tf.add(tf.matMul(z, w1 as tf.Tensor2D), b1 as tf.Tensor));
    const logits = tf.add(tf.matMul(h as tf.Tensor2D, w2 as tf.Tensor2D), b2 as tf.Tensor);
    const logLikelihood = tf.sum(tf.sub(tf.mul(x as tf.Tensor, logits), tf.log(tf.add(1, tf.exp(logits)))), 1);
    return tf.add(logLikelihood, tf.mul(-0.5, tf.sum(tf.square(z), 1)));
  };
}

export interface ParityProgram {
  readonly name: string;
  readonly fn: TensorFunction;
  readonly options: CompileOptions;
  readonly feeds: Feeds;
}

const inputs = { z: { shape: [rows, latent] }, x: { shape: [rows, data] } };
const feeds = { z: numbers(rows * latent, 1), x: numbers(rows * data, 1).map((value) => Number(value > 0)) };

/** Programs that every device must agree on: a decoder's gradient, and a loop that carries floats, a mask and a count. */
export const parityPrograms: readonly ParityProgram[] = [
  {
    name: 'value and gradient of a decoder',
    fn: (t) => ({ ...valueAndGradient(logJoint(t), t['z'] as tf.Tensor2D) }),
    options: { inputs, constants },
    feeds,
  },
  {
    name: 'a loop of gradient steps',
    fn: (t) => {
      const state = [t['z'] as tf.Tensor, tf.zeros([rows]), tf.zeros([rows], 'bool'), tf.scalar(0, 'int32')];
      const [z, total, everFell, count] = repeat(t['count'] as tf.Scalar, state, ([z, total, everFell, count]) => {
        const { value, gradient } = valueAndGradient(logJoint(t), z as tf.Tensor2D);
        const fell = tf.less(value, total as tf.Tensor1D);
        const mask = tf.tile(tf.expandDims(fell, 1), [1, latent]);
        const moved = tf.where(mask, tf.add(z as tf.Tensor, tf.mul(gradient, t['step'] as tf.Tensor)), z as tf.Tensor);
        return [
          moved,
          tf.add(total as tf.Tensor, value),
          tf.logicalOr(everFell as tf.Tensor, fell),
          tf.add(count as tf.Tensor, tf.scalar(1, 'int32')),
        ];
      });
      return { z, total, everFell, count } as Record<string, tf.Tensor>;
    },
    options: { inputs: { ...inputs, step: { shape: [] }, count: { shape: [], dtype: 'int32' } }, constants },
    feeds: { ...feeds, step: Float32Array.of(0.05), count: Int32Array.of(5) },
  },
];
