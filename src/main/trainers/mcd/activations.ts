import * as tf from '@tensorflow/tfjs-core';

// Both write their gradients out, once differentiable: what the tape would make of them takes twice as many passes over memory, and in
// wide networks those are half of the time.

const epsilon = 1e-5;

/** x σ(x); its derivative is σ (1 + x − x σ). */
export const swish: (x: tf.Tensor) => tf.Tensor = tf.customGrad((x, save) => {
  const input = x as tf.Tensor;
  const gate = tf.sigmoid(input);
  const value = tf.mul(input, gate);
  (save as tf.GradSaveFunc)([input, gate, value]);
  return {
    value,
    gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
      const [at, sigma, y] = saved as [tf.Tensor, tf.Tensor, tf.Tensor];
      return tf.mul(dy, tf.mul(sigma, tf.add(1, tf.sub(at, y))));
    },
  };
});

/** Rows less their mean over their standard deviation, without gain and shift. `[n, w]` to `[n, w]`. */
export const layerNorm: (x: tf.Tensor) => tf.Tensor = tf.customGrad((x, save) => {
  const centred = tf.sub(x as tf.Tensor, tf.mean(x as tf.Tensor, -1, true));
  const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(centred), -1, true), epsilon));
  const value = tf.mul(centred, inverse);
  (save as tf.GradSaveFunc)([value, inverse]);
  return {
    value,
    gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
      const [y, scale] = saved as [tf.Tensor, tf.Tensor];
      const along = tf.mul(y, tf.mean(tf.mul(dy, y), -1, true));
      return tf.mul(scale, tf.sub(tf.sub(dy, tf.mean(dy, -1, true)), along));
    },
  };
});
