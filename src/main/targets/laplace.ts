import * as tf from '@tensorflow/tfjs-core';
import type { TargetOf } from '../../shared/runFile/target';
import { exact } from '../tensor/exact';
import { momentFits } from './idealFits';
import { firstTwo } from './plane';
import { uniformRows } from './random';
import type { Target } from './types';

/** Independent coordinates with density e^(−|x − μ|/b)/(2b). The gradient jumps at μ, where it is taken to be 0. */
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
      const distances = tf.sum(tf.abs(tf.sub(z, exact(location))), 1);
      return tf.sub(tf.mul(distances, exact(-1 / scale)), exact(dim * logNormaliser));
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
