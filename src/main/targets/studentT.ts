import * as tf from '@tensorflow/tfjs-core';
import type { TargetOf } from '../../shared/runFile/target';
import { exact } from '../tensor/exact';
import { logGamma } from './gamma';
import { momentFits } from './idealFits';
import { firstTwo } from './plane';
import { uniformRows } from './random';
import type { Target } from './types';

/** Independent coordinates with Student's t distribution of ν degrees of freedom. */
export function studentT({ dim, degrees, location, scale }: TargetOf<'student-t'>): Target {
  const constant =
    logGamma((degrees + 1) / 2) - logGamma(degrees / 2) - 0.5 * Math.log(degrees * Math.PI) - Math.log(scale);
  const one = (x: number): number =>
    constant - 0.5 * (degrees + 1) * Math.log1p(((x - location) / scale) ** 2 / degrees);
  const truth = {
    logZ: 0,
    ...(degrees > 1 ? { mean: new Float64Array(dim).fill(location) } : {}),
    ...(degrees > 2 ? { std: new Float64Array(dim).fill(scale * Math.sqrt(degrees / (degrees - 2))) } : {}),
    source:
      degrees > 2
        ? 'The density is normalised; its moments are closed forms.'
        : `The density is normalised; ${degrees > 1 ? 'its variance is' : 'mean and variance are'} not finite.`,
  };
  return {
    name: `Student's t with ${degrees} degrees of freedom in ${dim} dimension${dim === 1 ? '' : 's'}`,
    dim,
    constants: {},
    logDensity: () => (z) => {
      const scaled = tf.mul(tf.sub(z, exact(location)), exact(1 / (scale * Math.sqrt(degrees))));
      const logs = tf.sum(tf.log1p(tf.square(scaled)), 1);
      return tf.add(tf.mul(logs, exact(-0.5 * (degrees + 1))), exact(dim * constant));
    },
    truth,
    ...momentFits(truth),
    sample: (count, seed) => {
      // Bailey's polar method (1994), exact for any number of degrees of freedom.
      const uniforms = uniformRows({ seed, stream: 'targetSamples', step: 0, count, width: 2 * dim });
      return Float64Array.from({ length: count * dim }, (_, i) => {
        const [u, angle] = [uniforms[2 * i] ?? NaN, 2 * Math.PI * (uniforms[2 * i + 1] ?? NaN)];
        const radius = Math.sqrt(degrees * Math.expm1((-2 / degrees) * Math.log(u)));
        return location + scale * radius * Math.cos(angle);
      });
    },
    modes: [{ location: new Float64Array(dim).fill(location), weight: 1 }],
    ...firstTwo(dim, (x, y) => one(x) + one(y)),
  };
}
