import * as tf from '@tensorflow/tfjs-core';
import type { TargetOf } from '../../shared/runFile/target';
import { exact } from '../tensor/exact';
import { normalLog } from './gaussian';
import { momentFits } from './idealFits';
import { firstTwo } from './plane';
import { normalRows } from './random';
import type { Target } from './types';

/** Of the standard normal distribution, the first to the ninth. */
const deciles = Float64Array.of(
  ...[-1.2815515655446004, -0.8416212335729142, -0.5244005127080407, -0.2533471031357997, 0],
  ...[0.2533471031357997, 0.5244005127080407, 0.8416212335729142, 1.2815515655446004],
);

/** Neal's funnel (2003): x₁ ~ N(0, σ²), x_i given x₁ ~ N(0, exp(x₁)). */
export function funnel({ dim, sigma }: TargetOf<'funnel'>): Target {
  const logNormaliser = 0.5 * dim * Math.log(2 * Math.PI) + Math.log(sigma);
  const std = new Float64Array(dim).fill(Math.exp(0.25 * sigma * sigma));
  std[0] = sigma;
  const truth = {
    logZ: 0,
    mean: new Float64Array(dim),
    std,
    source: 'The density is normalised; its moments are closed forms.',
  };
  return {
    name: `Funnel in ${dim} dimensions, σ = ${sigma}`,
    dim,
    constants: {},
    logDensity: () => (z) => {
      const rows = z.shape[0];
      const neck = tf.reshape(tf.slice(z, [0, 0], [rows, 1]), [rows]);
      const squares = tf.sum(tf.square(tf.slice(z, [0, 1], [rows, dim - 1])), 1);
      const wide = tf.mul(squares, tf.exp(tf.neg(neck)));
      const narrow = tf.add(tf.mul(tf.square(neck), exact(1 / (sigma * sigma))), tf.mul(neck, dim - 1));
      return tf.sub<tf.Tensor1D>(tf.mul(tf.add(wide, narrow), -0.5), exact(logNormaliser));
    },
    truth,
    ...momentFits(truth),
    sample: (count, seed) => {
      const out = normalRows({ seed, stream: 'targetSamples', step: 0, count, width: dim });
      for (let row = 0; row < out.length; row += dim) {
        const neck = sigma * (out[row] ?? NaN);
        out[row] = neck;
        for (let i = 1; i < dim; i += 1) out[row + i] = Math.exp(0.5 * neck) * (out[row + i] ?? NaN);
      }
      return out;
    },
    assignment: { type: 'interval', axis: 0, edges: deciles.map((z) => sigma * z) },
    shape: { width: { given: 0, of: 1, variance: Math.exp } },
    ...firstTwo(dim, (x, y) => normalLog(x, 0, sigma) + normalLog(y, 0, Math.exp(0.5 * x))),
  };
}
