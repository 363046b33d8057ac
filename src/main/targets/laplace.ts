import * as tf from '@tensorflow/tfjs-core';
import type { TargetOf } from '../../shared/runFile/target';
import { exact } from '../tensor/exact';
import { momentFits } from './idealFits';
import { firstTwo } from './plane';
import { uniformRows } from './random';
import type { Target } from './types';

/**
 * Standard deviation, in units of b, of the normal that curvature spreads the jump of the gradient by. Narrower, few paths meet it and the
 * gradient of a bound is noisy; wider, it is biased.
 */
const spread = 0.025;

/** sign(x), whose derivative is that of 2 Φ(x/s) − 1: as a function of x it is zero nearly everywhere, and still jumps by 2. */
const jump: (x: tf.Tensor) => tf.Tensor = tf.customGrad((x, save) => {
  const input = x as tf.Tensor;
  (save as tf.GradSaveFunc)([input]);
  return {
    value: tf.sign(input),
    gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
      const bell = tf.exp(tf.mul(tf.square(saved[0] as tf.Tensor), exact(-0.5 / spread ** 2)));
      return tf.mul(dy, tf.mul(bell, exact(Math.sqrt(2 / Math.PI) / spread)));
    },
  };
});

/** |x| with the gradient sign(x) and a curvature that is told of its jump. */
const distance: (x: tf.Tensor) => tf.Tensor = tf.customGrad((x, save) => {
  const input = x as tf.Tensor;
  (save as tf.GradSaveFunc)([input]);
  return {
    value: tf.abs(input),
    gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.mul(dy, jump(saved[0] as tf.Tensor)),
  };
});

/**
 * Independent coordinates with density e^(−|x − μ|/b)/(2b). The gradient jumps at μ, where it is taken to be 0.
 *
 * Paths that are differentiated go through that jump. Derivatives of single paths do not see it, though the mean of many does: with a
 * curvature of zero, a training follows slopes of the bound that are off by ten nats and more, and makes it worse. So the curvature is that of a
 * smooth step. Values and gradients, and with them all bounds, are those of the density itself.
 */
export function laplace({ dim, location, scale }: TargetOf<'laplace'>): Target {
  const logNormaliser = Math.log(2 * scale);
  const one = (x: number): number => -Math.abs(x - location) / scale - logNormaliser;
  const truth = {
    logZ: 0,
    mean: new Float64Array(dim).fill(location),
    std: new Float64Array(dim).fill(scale * Math.SQRT2),
    source: 'The density is normalised; its moments are closed forms.',
  };
  return {
    name: `Laplace in ${dim} dimension${dim === 1 ? '' : 's'}`,
    dim,
    constants: {},
    logDensity: () => (z) => {
      const distances = tf.sum(distance(tf.mul(tf.sub(z, exact(location)), exact(1 / scale))), 1);
      return tf.sub(tf.neg(distances), exact(dim * logNormaliser));
    },
    truth,
    ...momentFits(truth),
    // By the inverse of the distribution function.
    sample: (count, seed) =>
      uniformRows({ seed, stream: 'targetSamples', step: 0, count, width: dim }).map((uniform) => {
        const centred = uniform - 0.5;
        return location - scale * Math.sign(centred) * Math.log1p(-2 * Math.abs(centred));
      }),
    modes: [{ location: new Float64Array(dim).fill(location), weight: 1 }],
    ...firstTwo(dim, (x, y) => one(x) + one(y)),
  };
}
