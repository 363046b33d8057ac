import * as tf from '@tensorflow/tfjs-core';
import { exact } from '../tensor/exact';
import { logGamma } from './gamma';
import type { RegressionData } from './logisticRegression';
import { firstTwo } from './plane';
import type { HeldOut, Target } from './types';

/** Gamma prior of the precision of all weights. */
export interface PrecisionPrior {
  readonly shape: number;
  readonly rate: number;
}

/**
 * A regression whose prior has a precision of its own: w | λ ~ N(0, I/λ) and λ ~ Gamma(shape, rate), which enters as log λ, the last
 * coordinate, with the Jacobian.
 */
export function learnedPrecision(
  name: string,
  data: RegressionData,
  signedDesign: Float64Array,
  { shape, rate }: PrecisionPrior,
): Target {
  const { dim: count, labels, heldOut, weights, notes } = data;
  const dim = count + 1;
  const names = [...weights, 'log λ'];
  const constant = -0.5 * count * Math.log(2 * Math.PI) + shape * Math.log(rate) - logGamma(shape);
  return {
    name,
    dim,
    constants: { 'target.signedDesign': { shape: [count, labels.length], data: signedDesign } },
    logDensity: (tensors) => (z) => {
      const rows = z.shape[0];
      const w = tf.slice(z, [0, 0], [rows, count]);
      const logPrecision = tf.reshape(tf.slice(z, [0, count], [rows, 1]), [rows]);
      const logits = tf.matMul(w, tensors['target.signedDesign'] as tf.Tensor2D);
      const half = tf.add(tf.mul(tf.sum(tf.square(w), 1), 0.5), exact(rate));
      const prior = tf.sub(tf.mul(logPrecision, exact(0.5 * count + shape)), tf.mul(tf.exp(logPrecision), half));
      return tf.add<tf.Tensor1D>(tf.sub(prior, tf.sum(tf.softplus(logits), 1)), exact(constant));
    },
    truth: { source: 'The posterior has no closed form; long chains of HMC are its ground truth.' },
    labels: names,
    notes,
    ...(heldOut === undefined ? {} : { heldOut: widened(heldOut, count) }),
    ...firstTwo(dim, undefined, names),
  };
}

/** With a column of zeros: log λ says nothing of a row whose weights are known. */
function widened({ design, labels, rows }: HeldOut, count: number): HeldOut {
  const wide = new Float64Array(rows * (count + 1));
  for (let row = 0; row < rows; row += 1) wide.set(design.subarray(row * count, (row + 1) * count), row * (count + 1));
  return { design: wide, labels, rows };
}
