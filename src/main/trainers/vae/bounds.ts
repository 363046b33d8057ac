import * as tf from '@tensorflow/tfjs-core';
import { divergenceFromPrior, logDensityOf, sampleOf } from '../../models/conditionalGaussian';
import type { LossFunction } from '../step';
import type { Vae } from './networks';

// Kingma and Welling (2014), "Auto-encoding variational Bayes", and Burda, Grosse and Salakhutdinov (2016), "Importance weighted
// autoencoders":
//
//     E_q[log p(x | z)] − KL(q(z | x) ‖ p(z)) ≤ E_q[log 1/K Σ_k p(x, z_k) / q(z_k | x)] ≤ log p(x)
//
// with z_k = mean(x) + std(x) ε_k, so that gradients go through the samples.

type Tensors = Record<string, tf.Tensor>;

/** A lower bound on log p(x) of each datum, `[B]`, nats, given parameters, `x [B, D]` and `normals [K·B, d]`, chain-major. */
export type BoundFunction = (parameters: Tensors, x: tf.Tensor2D, normals: tf.Tensor2D) => tf.Tensor1D;

/** One z for each x, and the KL in closed form. */
export function elboOf(vae: Vae): BoundFunction {
  return (parameters, x, normals) => {
    const moments = vae.encode(parameters, x);
    const z = sampleOf(moments, normals);
    return tf.sub(vae.logLikelihood(parameters, z, x), divergenceFromPrior(moments));
  };
}

/** K samples of q under one logarithm. */
export function iwaeOf(vae: Vae): BoundFunction {
  return (parameters, x, normals) => {
    const moments = vae.encode(parameters, x);
    const z = sampleOf(moments, normals);
    const logPrior = tf.mul(-0.5, tf.add(tf.sum(tf.square(z), 1), vae.latent * Math.log(2 * Math.PI)));
    const logJoint = tf.add(vae.logLikelihood(parameters, z, x), logPrior);
    const weights: tf.Tensor1D = tf.sub(logJoint, logDensityOf(moments, z));
    const data = x.shape[0];
    const samples = weights.shape[0] / data;
    return tf.sub(tf.logSumExp(tf.reshape(weights, [samples, data]), 0), Math.log(samples));
  };
}

/** What Adam lowers: −bound, averaged over the minibatch. Reads `x` and `normals`. */
export function lossOf(bound: BoundFunction, quantity: string): LossFunction {
  return (parameters, { x, normals }) => {
    const loss = tf.neg<tf.Scalar>(tf.mean(bound(parameters, x as tf.Tensor2D, normals as tf.Tensor2D)));
    return { loss, report: { [quantity]: tf.neg(loss) } };
  };
}
