import * as tf from '@tensorflow/tfjs-core';
import type { ProposalObjective } from '../../shared/runFile';
import type { GenerativeModel } from '../models';
import { divergenceFromPrior, logDensityOf, sampleOf, type ConditionalGaussian } from '../models/conditionalGaussian';
import { simulatePairs } from './pairs';
import type { LossFunction } from './step';

// Brekelmans et al. (2022), "Improving mutual information estimation with annealed and energy-based bounds", sections 2 and 3. For a
// pair (z*, x) of the model, which makes z* an exact sample of p(z | x),
//
//     E_q[log p(x, z) − log q(z | x)] = ELBO ≤ log p(x) ≤ EUBO = E_p[log p(x, z*) − log q(z* | x)]
//
// with the gaps KL(q ‖ p(z | x)) and KL(p(z | x) ‖ q). With K samples, z* among them, EUBO_K = E[log mean_k w_k] lies between.
// Taken from log p(x | z*), the left one bounds I(x; z) from above, the right ones from below (Barber and Agakov 2003).

type Tensors = Record<string, tf.Tensor>;

/** Names of what learning curves show, all in nats. */
export const quantities = {
  lower: 'BA lower bound on I',
  upper: 'BA upper bound on I',
  iwae: 'IWAE lower bound on I',
  elbo: 'ELBO on log p(x)',
} as const;

/** Samples of q that an objective draws for each pair. @param samples K of the objective "iwae" */
export function drawnSamples(objective: ProposalObjective, samples: number): number {
  if (objective === 'forward-kl') return 0;
  return objective === 'iwae' ? samples - 1 : 1;
}

/**
 * The loss on simulated pairs. Reads the inputs of `pairInputs`, and where samples are drawn `samples`, standard normals
 * `[samples · B, d]`, chain-major.
 */
export function proposalLoss(
  objective: ProposalObjective,
  model: GenerativeModel,
  gaussian: ConditionalGaussian,
): LossFunction {
  return (parameters, tensors) => {
    const { z, x, logLikelihood } = simulatePairs(model, tensors);
    const moments = gaussian.moments(parameters, x);
    const logQ = logDensityOf(moments, z);
    const logPrior = model.prior.logDensity(z);
    const lower = tf.mean<tf.Scalar>(tf.sub(logQ, logPrior));
    if (objective === 'forward-kl') return { loss: tf.neg(tf.mean(logQ)), report: { [quantities.lower]: lower } };
    const normals = tensors['samples'] as tf.Tensor2D;
    if (objective === 'iwae') {
      const samples = sampleOf(moments, normals);
      const others: tf.Tensor1D = tf.sub(logJoint(model, tensors, x, samples), logDensityOf(moments, samples));
      const positive: tf.Tensor1D = tf.sub(tf.add(logLikelihood, logPrior), logQ);
      const eubo = logMeanExp(positive, others);
      const iwae = tf.mean<tf.Scalar>(tf.sub(logLikelihood, eubo));
      return { loss: tf.mean(eubo), report: { [quantities.iwae]: iwae, [quantities.lower]: lower } };
    }
    const elbo = elboOf(model, tensors, x, moments, normals);
    const upper = tf.mean<tf.Scalar>(tf.sub(logLikelihood, elbo));
    const report = { [quantities.lower]: lower, [quantities.upper]: upper };
    if (objective === 'reverse-kl') return { loss: tf.neg(tf.mean(elbo)), report };
    return { loss: tf.mul<tf.Scalar>(-0.5, tf.mean(tf.add(elbo, logQ))), report };
  };
}

/**
 * −ELBO of given data, which needs no z*: it reads `x [B, D]` and `samples [B, d]`. Fitting q to the data of a run leaves its upper bounds
 * on log p(x) valid, since z* is an exact posterior sample given x.
 */
export function refinementLoss(model: GenerativeModel, gaussian: ConditionalGaussian): LossFunction {
  return (parameters, tensors) => {
    const x = tensors['x'] as tf.Tensor2D;
    const moments = gaussian.moments(parameters, x);
    const elbo = tf.mean<tf.Scalar>(elboOf(model, tensors, x, moments, tensors['samples'] as tf.Tensor2D));
    return { loss: tf.neg(elbo), report: { [quantities.elbo]: elbo } };
  };
}

/** E_q[log p(x | z)] by one reparameterised sample, less KL(q ‖ p(z)) in closed form; `[B]`. */
function elboOf(
  model: GenerativeModel,
  tensors: Tensors,
  x: tf.Tensor2D,
  moments: Parameters<typeof sampleOf>[0],
  normals: tf.Tensor2D,
): tf.Tensor1D {
  const output = model.decoder.apply(tensors, sampleOf(moments, normals));
  return tf.sub(model.likelihood.logDensity(output, x), divergenceFromPrior(moments));
}

/** log p(x, z) of rows of z, chain-major. */
function logJoint(model: GenerativeModel, tensors: Tensors, x: tf.Tensor2D, z: tf.Tensor2D): tf.Tensor {
  return tf.add(model.likelihood.logDensity(model.decoder.apply(tensors, z), x), model.prior.logDensity(z));
}

/** log mean_k e^{w_k} of one log weight `[B]` and others `[(K − 1)·B]`, chain-major; `[B]`. */
function logMeanExp(positive: tf.Tensor1D, others: tf.Tensor1D): tf.Tensor1D {
  const data = positive.shape[0];
  const samples = others.shape[0] / data + 1;
  const weights = tf.reshape(tf.concat([positive, others]), [samples, data]);
  return tf.sub(tf.logSumExp(weights, 0), Math.log(samples));
}
