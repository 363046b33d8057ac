import * as tf from '@tensorflow/tfjs-core';
import type { LogDensity } from '../../tensor/density';
import { exact } from '../../tensor/exact';
import { valueAndGradient } from '../../tensor/gradient';
import type { PathOptions } from './types';

/** What a path reads, as tensors: start and noise of each row, and the numbers of the transitions. */
export interface TracedInputs {
  /** Moments of π₀, `[R, d]`. */
  readonly mean: tf.Tensor2D;
  readonly logVariance: tf.Tensor2D;
  /** `[K]` */
  readonly betas: tf.Tensor1D;
  /** `[K]` */
  readonly steps: tf.Tensor1D;
  /** h, `[1]`, and the diagonal of M, `[d]`; of underdamped paths. */
  readonly refreshment: tf.Tensor1D;
  readonly mass: tf.Tensor1D;
  /** Standard normals `[R, d]` of x₀, and of p₀ where there are momenta. */
  readonly position: tf.Tensor2D;
  readonly momentum?: tf.Tensor2D;
  /** Of the transitions, `[K, R, d]`. */
  readonly transitions: tf.Tensor3D;
}

/** ŝ of all transitions, `[K · R, d]`, of what `ScoreInput` says, stacked in the order of the transitions. */
export type TracedScore = (position: tf.Tensor2D, momentum?: tf.Tensor2D) => tf.Tensor2D;

export interface TracedPath {
  /** log w, `[R]`. */
  readonly logWeights: tf.Tensor1D;
  /** The largest |x_ki| of all, `[]`. */
  readonly reach: tf.Scalar;
}

/** ∇ log π₀ at some rows, and how far ∇ log γ is from it; two transitions read it. */
interface Place {
  /** log γ, `[R]`. */
  readonly value: tf.Tensor1D;
  readonly initial: tf.Tensor2D;
  readonly change: tf.Tensor2D;
}

/** What all transitions share. */
interface Law {
  readonly inputs: TracedInputs;
  readonly steps: readonly tf.Tensor[];
  /** The numbers of each transition times a width: what is multiplied at once need not be in each transition. */
  readonly noises: (width: tf.Tensor) => tf.Tensor2D[];
  /** What transitions need of the densities at x. */
  readonly at: (x: tf.Tensor2D) => Place;
  /** ∇ log γ_k there. */
  readonly field: (k: number, place: Place) => tf.Tensor2D;
}

/**
 * log w of whole paths as one function of tensors, with the same numbers as `AnnealedPath`. Differentiated as it stands, it keeps what every
 * transition has computed, so that a pass backward evaluates nothing again; its graph and its memory grow with K.
 */
export function tracedPath(
  options: Omit<PathOptions, 'gradients' | 'keep'>,
  log: LogDensity,
  inputs: TracedInputs,
  score?: TracedScore,
): TracedPath {
  const law = lawOf(inputs, log);
  const { mean, logVariance, position } = inputs;
  const start = tf.add<tf.Tensor2D>(mean, tf.mul(tf.exp(tf.mul(0.5, logVariance)), position));
  // −log π₀(x₀)
  const first = tf.mul(0.5, tf.add(tf.add(tf.square(position), logVariance), exact(Math.log(2 * Math.PI))));
  const walked =
    options.dynamics === 'overdamped'
      ? overdamped(law, start)
      : options.integrator === 'drift-kick-drift'
        ? driftKickDrift(law, log, start)
        : kickDriftKick(law, start);
  const { ends, along, visited } = walked;
  const correction = score === undefined ? [] : [corrections(options, inputs, walked, score)];
  const logWeights = [tf.sum<tf.Tensor1D>(tf.add(first, along), 1), ends, ...correction].reduce((a, b) => tf.add(a, b));
  return { logWeights, reach: tf.max<tf.Scalar>(tf.abs(tf.concat([start, ...visited], 0))) };
}

interface Walked {
  /** log γ(x_K), `[R]`. */
  readonly ends: tf.Tensor1D;
  /** What sums over coordinates to the transitions' parts of log w, `[R, d]`. */
  readonly along: tf.Tensor;
  /** x_1 … x_K */
  readonly visited: readonly tf.Tensor2D[];
  /** Where scores are asked for, transition by transition. */
  readonly positions: readonly tf.Tensor2D[];
  readonly momenta?: readonly tf.Tensor2D[];
  /** r of `CorrectionWeights`, `[K, R, d]`; in terms of all transitions at once, as everything that may be. */
  readonly residuals: () => tf.Tensor;
}

/** −½ Δ·(g₋ + g₊) + (δ/4)(‖g₋‖² − ‖g₊‖²) for each transition. */
function overdamped({ inputs, steps, noises, at, field }: Law, start: tf.Tensor2D): Walked {
  const rates = tf.reshape(inputs.steps, [-1, 1, 1]);
  const kicks = noises(tf.sqrt(tf.mul(2, rates)));
  let [x, place] = [start, at(start)];
  const [terms, visited, moves, fields]: [tf.Tensor[], tf.Tensor2D[], tf.Tensor[], tf.Tensor[]] = [[], [], [], []];
  steps.forEach((step, k) => {
    const before = field(k, place);
    const moved = tf.add(tf.mul(step, before), kicks[k] as tf.Tensor2D);
    x = tf.add(x, moved);
    place = at(x);
    const after = field(k, place);
    const slope = tf.sub(tf.mul(step, tf.sub(before, after)), tf.mul(2, moved));
    terms.push(tf.mul(tf.add(before, after), slope));
    visited.push(x);
    moves.push(moved);
    fields.push(after);
  });
  return {
    ends: place.value,
    along: tf.mul(0.25, total(terms)),
    visited,
    positions: visited,
    residuals: () => tf.neg(tf.add(tf.stack(moves), tf.mul(rates, tf.stack(fields)))),
  };
}

/** ½ (p̃ᵀM⁻¹p̃ − pᵀM⁻¹p) for each transition, with forces at both ends of it. */
function kickDriftKick(law: Law, start: tf.Tensor2D): Walked {
  const { steps, at, field } = law;
  const walk = momenta(law);
  let [x, p, place] = [start, walk.momentum, at(start)];
  const [positions, visited]: [tf.Tensor2D[], tf.Tensor2D[]] = [[], []];
  steps.forEach((step, k) => {
    const half = tf.mul(0.5, step);
    const tilde = walk.refresh(k, p);
    positions.push(x);
    const kicked = tf.add(tilde, tf.mul(half, field(k, place)));
    x = tf.add(x, tf.mul(tf.mul(step, walk.inverse), kicked));
    place = at(x);
    p = tf.add(kicked, tf.mul(half, field(k, place)));
    walk.weigh(tilde, p);
    visited.push(x);
  });
  return { ends: place.value, visited, positions, ...walk.ended() };
}

/** The same with one force in the middle. */
function driftKickDrift(law: Law, log: LogDensity, start: tf.Tensor2D): Walked {
  const { steps, at, field } = law;
  const walk = momenta(law);
  let [x, p] = [start, walk.momentum];
  const [positions, visited]: [tf.Tensor2D[], tf.Tensor2D[]] = [[], []];
  steps.forEach((step, k) => {
    const rate = tf.mul(tf.mul(0.5, step), walk.inverse);
    const tilde = walk.refresh(k, p);
    positions.push(x);
    const middle = tf.add<tf.Tensor2D>(x, tf.mul(rate, tilde));
    p = tf.add(tilde, tf.mul(step, field(k, at(middle))));
    x = tf.add(middle, tf.mul(rate, p));
    walk.weigh(tilde, p);
    visited.push(x);
  });
  return { ends: log(x), visited, positions, ...walk.ended() };
}

interface Momenta {
  /** p₀ */
  readonly momentum: tf.Tensor2D;
  /** The diagonal of M⁻¹. */
  readonly inverse: tf.Tensor;
  /** p̃ = h p + √(1 − h²) M^{1/2} ξ */
  readonly refresh: (k: number, p: tf.Tensor2D) => tf.Tensor2D;
  /** Adds (p̃ − p)(p̃ + p). */
  readonly weigh: (tilde: tf.Tensor2D, p: tf.Tensor2D) => void;
  readonly ended: () => Pick<Walked, 'along' | 'momenta' | 'residuals'>;
}

function momenta({ inputs, noises }: Law): Momenta {
  const { refreshment: h, mass, momentum } = inputs;
  if (momentum === undefined) throw new Error('An underdamped path has momenta.');
  const inverse = tf.reciprocal(mass);
  const kicks = noises(tf.sqrt(tf.mul(tf.sub(1, tf.square(h)), mass)));
  const [before, refreshed, terms]: [tf.Tensor2D[], tf.Tensor2D[], tf.Tensor[]] = [[], [], []];
  return {
    momentum: tf.mul(tf.sqrt(mass), momentum),
    inverse,
    refresh: (k, p) => {
      const tilde = tf.add<tf.Tensor2D>(tf.mul(h, p), kicks[k] as tf.Tensor2D);
      before.push(p);
      refreshed.push(tilde);
      return tilde;
    },
    weigh: (tilde, p) => terms.push(tf.mul(tf.sub(tilde, p), tf.add(tilde, p))),
    ended: () => ({
      along: tf.mul(tf.mul(0.5, inverse), total(terms)),
      momenta: refreshed,
      residuals: () => tf.sub(tf.stack(before), tf.mul(h, tf.stack(refreshed))),
    }),
  };
}

/** Σ_k linear ŝ·r − ½ ŝ·quadratic ŝ, `[R]`; see `CorrectionWeights`. */
function corrections(
  { dynamics, backwardMean = 'paper' }: Omit<PathOptions, 'gradients' | 'keep'>,
  { refreshment: h, mass, steps, position }: TracedInputs,
  { positions, momenta: told, residuals }: Walked,
  score: TracedScore,
): tf.Tensor1D {
  const stacked = (all: readonly tf.Tensor2D[]): tf.Tensor2D => tf.concat([...all]);
  const found = tf.reshape(score(stacked(positions), told && stacked(told)), [positions.length, ...position.shape]);
  let [along, half]: [tf.Tensor, tf.Tensor] = [residuals(), tf.reshape(steps, [-1, 1, 1])];
  if (dynamics === 'underdamped') {
    const variance = tf.sub(1, tf.square(h));
    const factor = backwardMean === 'paper' ? tf.mul(-2, tf.mul(h, tf.log(h))) : tf.div(variance, h);
    const linear = tf.div(factor, variance);
    along = tf.mul(linear, along);
    half = tf.mul(tf.mul(0.5, tf.mul(factor, linear)), mass);
  }
  return tf.sum(tf.mul(found, tf.sub(along, tf.mul(half, found))), [0, 2]);
}

function lawOf(inputs: TracedInputs, log: LogDensity): Law {
  const { mean, logVariance } = inputs;
  const precision = tf.exp(tf.neg(logVariance));
  const betas = tf.unstack(tf.reshape(inputs.betas, [-1, 1]));
  return {
    inputs,
    steps: tf.unstack(tf.reshape(inputs.steps, [-1, 1])),
    noises: (width) => tf.unstack(tf.mul(width, inputs.transitions)) as tf.Tensor2D[],
    at: (x) => {
      const { value, gradient } = valueAndGradient(log, x);
      const initial = tf.mul<tf.Tensor2D>(tf.sub(mean, x), precision);
      return { value, initial, change: tf.sub(gradient, initial) };
    },
    field: (k, { initial, change }) => tf.add(initial, tf.mul(betas[k] as tf.Tensor, change)),
  };
}

function total(terms: readonly tf.Tensor[]): tf.Tensor {
  return terms.reduce((a, b) => tf.add(a, b));
}
