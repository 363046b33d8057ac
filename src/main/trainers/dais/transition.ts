import * as tf from '@tensorflow/tfjs-core';
import type { LogDensity } from '../../tensor/density';
import { exact } from '../../tensor/exact';

/** Tensors of the parameters that every row shares. */
export interface SharedTensors {
  /** μ `[1, d]` */
  readonly mean: tf.Tensor2D;
  /** λ `[1, d]` */
  readonly logVariance: tf.Tensor2D;
  /** a `[1, d]` or `[1, 1]` */
  readonly logMass: tf.Tensor2D;
}

export interface StepTensors extends SharedTensors {
  /** β_k, log δ_k and η as `[1, 1]`. */
  readonly beta: tf.Tensor2D;
  readonly logStep: tf.Tensor2D;
  readonly eta: tf.Tensor2D;
}

/** A chain's place: positions and momenta `[R, d]`. */
export interface Phase {
  readonly z: tf.Tensor2D;
  readonly v: tf.Tensor2D;
}

/** log N(z; μ, diag e^λ), `[R]`, nats. */
export function logInitial({ mean, logVariance }: SharedTensors, z: tf.Tensor2D): tf.Tensor1D {
  const scaled = tf.div(tf.square(tf.sub(z, mean)), tf.exp(logVariance));
  const terms = tf.add(scaled, tf.add(logVariance, exact(Math.log(2 * Math.PI))));
  return tf.mul<tf.Tensor1D>(exact(-0.5), tf.sum(terms, 1));
}

/** z₀ = μ + e^{λ/2} ε and v₀ = M^{1/2} ε′, with the first term of the log weight, −log q₀(z₀). */
export function begin(
  parameters: SharedTensors,
  position: tf.Tensor2D,
  momentum: tf.Tensor2D,
): Phase & { readonly logWeight: tf.Tensor1D } {
  const { mean, logVariance, logMass } = parameters;
  const z = tf.add<tf.Tensor2D>(mean, tf.mul(tf.exp(tf.mul(exact(0.5), logVariance)), position));
  const v = tf.mul<tf.Tensor2D>(tf.exp(tf.mul(exact(0.5), logMass)), momentum);
  return { z, v, logWeight: tf.neg(logInitial(parameters, z)) };
}

/**
 * One unadjusted transition of differentiable annealed importance sampling (Zhang et al. 2021; Zenn and Bamler 2024): a leapfrog step
 * toward γ_k ∝ q₀^{1−β} f^β, position first, and a partial refreshment of the momentum,
 *
 *     z½ = z + (δ/2) M⁻¹ v;  v̂ = v + δ ∇log γ_k(z½);  z′ = z½ + (δ/2) M⁻¹ v̂;  v′ = η v̂ + √(1−η²) M^{1/2} ξ
 *
 * with the increment log N(v̂; 0, M) − log N(v; 0, M) of the log weight, the kinetic energy before less that after.
 * @param noise ξ, standard normals `[R, d]`
 */
export function transition(
  { z, v }: Phase,
  parameters: StepTensors,
  noise: tf.Tensor2D,
  logTarget: LogDensity,
): Phase & { readonly logWeight: tf.Tensor1D } {
  const { mean, logVariance, logMass, beta, logStep, eta } = parameters;
  const delta = tf.exp(logStep);
  const inverseMass = tf.exp(tf.neg(logMass));
  const drift = tf.mul(tf.mul(exact(0.5), delta), inverseMass);
  const middle = tf.add<tf.Tensor2D>(z, tf.mul(drift, v));
  const ofTarget = tf.grad((x) => tf.sum(logTarget(x as tf.Tensor2D)))(middle);
  const ofInitial = tf.div(tf.sub(mean, middle), tf.exp(logVariance));
  const force = tf.add(tf.mul(tf.sub(exact(1), beta), ofInitial), tf.mul(beta, ofTarget));
  const kicked = tf.add<tf.Tensor2D>(v, tf.mul(delta, force));
  const moved = tf.add<tf.Tensor2D>(middle, tf.mul(drift, kicked));
  const kinetic = (momentum: tf.Tensor2D): tf.Tensor1D =>
    tf.mul<tf.Tensor1D>(exact(0.5), tf.sum(tf.mul(tf.square(momentum), inverseMass), 1));
  const spread = tf.mul(tf.sqrt(tf.sub(exact(1), tf.square(eta))), tf.exp(tf.mul(exact(0.5), logMass)));
  return {
    z: moved,
    v: tf.add<tf.Tensor2D>(tf.mul(eta, kicked), tf.mul(spread, noise)),
    logWeight: tf.sub<tf.Tensor1D>(kinetic(v), kinetic(kicked)),
  };
}
