import * as tf from '@tensorflow/tfjs-core';
import { basename, isAbsolute, join } from 'node:path';
import type { TargetOf } from '../../shared/runFile/target';
import { exact } from '../tensor/exact';
import { logGamma } from './gamma';
import { firstTwo } from './plane';
import { readPlates, type Plates } from './plates';
import type { Target } from './types';

/** Standard deviation of the coefficients a; shape and rate of the precision τ of the random effects b. */
const prior = { std: 10, shape: 0.01, rate: 0.01 };

/** How many coordinates come before the random effects: a₀, a₁, a₂, a₁₂ and log τ. */
const fixed = 5;

/**
 * Crowder's random-effects regression of germinating seeds (1978), as BUGS has it: r_i ~ Binomial(n_i, sigmoid(a₀ + a₁ x₁ + a₂ x₂ +
 * a₁₂ x₁ x₂ + b_i)), b_i ~ N(0, 1/τ). τ enters as log τ, with the Jacobian; binomial coefficients are part of the density.
 * @param directory where relative paths start
 * @throws InputError in one line
 */
export function seeds({ file }: TargetOf<'seeds'>, directory: string): Target {
  const path = isAbsolute(file) ? file : join(directory, file);
  return seedsTarget(`Random effects on ${basename(path)}`, readPlates(path));
}

function seedsTarget(name: string, { r, n, x1, x2 }: Plates): Target {
  const plates = r.length;
  const dim = fixed + plates;
  const { std, shape, rate } = prior;
  const logTwoPi = Math.log(2 * Math.PI);
  const choices = r.reduce((sum, some, i) => {
    const all = n[i] ?? NaN;
    return sum + logGamma(all + 1) - logGamma(some + 1) - logGamma(all - some + 1);
  }, 0);
  const constant =
    choices - 4 * (Math.log(std) + 0.5 * logTwoPi) - plates * 0.5 * logTwoPi + shape * Math.log(rate) - logGamma(shape);
  const covariates = [
    () => 1,
    (i: number) => x1[i],
    (i: number) => x2[i],
    (i: number) => (x1[i] ?? NaN) * (x2[i] ?? NaN),
  ];
  const labels = ['a₀', 'a₁', 'a₂', 'a₁₂', 'log τ', ...Array.from(r, (_, i) => `b${i + 1}`)];
  return {
    name,
    dim,
    constants: {
      'target.covariates': {
        shape: [4, plates],
        data: Float64Array.from(
          { length: 4 * plates },
          (_, at) => covariates[Math.floor(at / plates)]?.(at % plates) ?? NaN,
        ),
      },
      'target.successes': { shape: [1, plates], data: r },
      'target.trials': { shape: [1, plates], data: n },
    },
    logDensity: (tensors) => (z) => {
      const rows = z.shape[0];
      const part = (from: number, width: number): tf.Tensor2D => tf.slice(z, [0, from], [rows, width]);
      const [coefficients, effects] = [part(0, 4), part(fixed, plates)];
      const logPrecision = tf.reshape(part(4, 1), [rows]);
      const logits = tf.add(tf.matMul(coefficients, tensors['target.covariates'] as tf.Tensor2D), effects);
      const likelihood = tf.sum(
        tf.sub(
          tf.mul(tensors['target.successes'] as tf.Tensor, logits),
          tf.mul(tensors['target.trials'] as tf.Tensor, tf.softplus(logits)),
        ),
        1,
      );
      const weights = tf.mul(tf.sum(tf.square(coefficients), 1), exact(-0.5 / (std * std)));
      // log N(b; 0, 1/τ) and log Gamma(τ), which are linear in log τ and in τ.
      const spread = tf.mul(tf.exp(logPrecision), tf.add(tf.mul(tf.sum(tf.square(effects), 1), 0.5), exact(rate)));
      const precision = tf.sub(tf.mul(logPrecision, exact(0.5 * plates + shape)), spread);
      return tf.add<tf.Tensor1D>(tf.add(tf.add(likelihood, weights), precision), exact(constant));
    },
    truth: { source: 'The posterior has no closed form; long chains of HMC are its ground truth.' },
    labels,
    ...firstTwo(dim, undefined, labels),
  };
}
