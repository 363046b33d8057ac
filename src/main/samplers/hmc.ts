import * as tf from '@tensorflow/tfjs-core';
import { valueAndGradient } from '../tensor/gradient';
import { materialise } from '../tensor/materialise';
import { repeat } from '../tensor/repeat';
import type { AnnealingPath } from '../tensor/density';

/**
 * Hamiltonian Monte Carlo with a Metropolis correction (Neal 2011, "MCMC using Hamiltonian dynamics", section 3.2): unit mass,
 * momentum drawn afresh for each trajectory, L leapfrog steps. One transition evaluates value and gradient exactly L times:
 * the state carries both at its position, with the base and the ratio of the path apart.
 */
export interface HmcState {
  /** `[n, d]` */
  readonly position: tf.Tensor2D;
  /** log π₀ at the position, `[n]`, nats. */
  readonly logBase: tf.Tensor1D;
  /** `[n, d]` */
  readonly baseGradient: tf.Tensor2D;
  /** Δ at the position, `[n]`, nats. */
  readonly logRatio: tf.Tensor1D;
  /** `[n, d]` */
  readonly ratioGradient: tf.Tensor2D;
}

export interface HmcInfo {
  /** 1 where the proposal was accepted, `[n]`. */
  readonly accepted: tf.Tensor1D;
  /** H(old) − H(new), `[n]`, nats; NaN where the trajectory diverged. */
  readonly energyDrop: tf.Tensor1D;
}

export interface HmcNoise {
  /** Standard normals `[n, d]`. */
  readonly momentum: tf.Tensor2D;
  /** log u with u uniform on (0, 1), `[n]`. */
  readonly logUniform: tf.Tensor1D;
}

export interface HmcOptions {
  /** Leapfrog step size of each row, `[n, 1]`. */
  readonly stepSize: tf.Tensor2D;
  /** Inverse temperature, scalar. */
  readonly beta: tf.Scalar;
  /** L, int32 scalar, at least 1. */
  readonly leapfrog: tf.Scalar;
}

/** Evaluates the path at a position: one value-and-gradient evaluation. */
export function init(position: tf.Tensor2D, path: AnnealingPath): HmcState {
  const base = valueAndGradientOfBase(path, position);
  const ratio = valueAndGradient(path.logRatio, position);
  return {
    position,
    logBase: base.value,
    baseGradient: base.gradient,
    logRatio: ratio.value,
    ratioGradient: ratio.gradient,
  };
}

/** One transition that leaves π_β invariant. */
export function step(
  state: HmcState,
  path: AnnealingPath,
  { momentum, logUniform }: HmcNoise,
  { stepSize, beta, leapfrog }: HmcOptions,
): { state: HmcState; info: HmcInfo } {
  const force = ({ baseGradient, ratioGradient }: HmcState): tf.Tensor2D =>
    tf.add<tf.Tensor2D>(baseGradient, tf.mul(beta, ratioGradient));
  // The loop carries ε times the velocity, so that a step costs one product with ε² instead of two with ε.
  const size = materialise<tf.Tensor2D>(stepSize, momentum.shape);
  const squared = tf.square(size);
  const kick = (shift: tf.Tensor, at: HmcState, share: number): tf.Tensor2D =>
    tf.add<tf.Tensor2D>(shift, tf.mul(tf.mul(squared, share), force(at)));

  // The last step stands outside the loop: only there are values needed, and a traced loop leaves out what nobody reads.
  const start = kick(tf.mul(size, momentum), state, 0.5);
  const [position, shift] = repeat(tf.sub(leapfrog, tf.scalar(1, 'int32')), [state.position, start], (current) => {
    const [from, by] = current as [tf.Tensor2D, tf.Tensor2D];
    const next = init(tf.add(from, by), path);
    return [next.position, kick(by, next, 1)];
  }) as [tf.Tensor2D, tf.Tensor2D];
  const proposal = init(tf.add(position, shift), path);
  const velocity = tf.div<tf.Tensor2D>(kick(shift, proposal, 0.5), size);

  const kinetic = (v: tf.Tensor): tf.Tensor1D => tf.mul<tf.Tensor1D>(0.5, tf.sum(tf.square(v), 1));
  // Differences part by part: the parts are large and nearly cancel.
  const energyDrop = tf.add<tf.Tensor1D>(
    tf.add(tf.sub(proposal.logBase, state.logBase), tf.mul(beta, tf.sub(proposal.logRatio, state.logRatio))),
    tf.sub(kinetic(momentum), kinetic(velocity)),
  );
  // A comparison with NaN is false, so a diverged trajectory is rejected; select, never a product with 0, keeps its NaN out.
  const accept = tf.less<tf.Tensor1D>(logUniform, energyDrop);
  const rows = materialise(tf.expandDims(accept, 1), momentum.shape);
  const choose = <T extends tf.Tensor>(next: T, old: T): T => tf.where<T>(next.rank === 1 ? accept : rows, next, old);
  return {
    state: {
      position: choose(proposal.position, state.position),
      logBase: choose(proposal.logBase, state.logBase),
      baseGradient: choose(proposal.baseGradient, state.baseGradient),
      logRatio: choose(proposal.logRatio, state.logRatio),
      ratioGradient: choose(proposal.ratioGradient, state.ratioGradient),
    },
    info: { accepted: tf.cast(accept, 'float32'), energyDrop },
  };
}

/** The base costs nothing beside the ratio and does not count as an evaluation of its own. */
function valueAndGradientOfBase(path: AnnealingPath, z: tf.Tensor2D): { value: tf.Tensor1D; gradient: tf.Tensor2D } {
  const { value, grad } = tf.valueAndGrad((x) => path.logBase(x as tf.Tensor2D))(z);
  return { value: value, gradient: grad as tf.Tensor2D };
}
