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

/** Of one transition: where a score is asked for, and r of `CorrectionWeights`. */
interface Stop {
  readonly position: tf.Tensor2D;
  readonly momentum?: tf.Tensor2D;
  readonly residual: tf.Tensor2D;
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
  readonly noises: readonly tf.Tensor2D[];
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
  const { ends, stops, terms, visited } =
    options.dynamics === 'overdamped'
      ? overdamped(law, start)
      : options.integrator === 'drift-kick-drift'
        ? driftKickDrift(law, log, start)
        : kickDriftKick(law, start);
  const correction = score === undefined ? [] : [corrections(options, inputs, stops, score)];
  const byCoordinate = [first, ...terms].reduce((a, b) => tf.add(a, b));
  const logWeights = [tf.sum<tf.Tensor1D>(byCoordinate, 1), ends, ...correction].reduce((a, b) => tf.add(a, b));
  return { logWeights, reach: tf.max<tf.Scalar>(tf.abs(tf.concat([start, ...visited], 0))) };
}

interface Walked {
  /** log γ(x_K), `[R]`. */
  readonly ends: tf.Tensor1D;
  readonly stops: readonly Stop[];
  /** What sums over coordinates to the transitions' parts of log w, `[R, d]` each. */
  readonly terms: readonly tf.Tensor[];
  /** x_1 … x_K */
  readonly visited: readonly tf.Tensor2D[];
}

/** −½ Δ·(g₋ + g₊) + (δ/4)(‖g₋‖² − ‖g₊‖²) for each transition. */
function overdamped({ steps, noises, at, field }: Law, start: tf.Tensor2D): Walked {
  let [x, place] = [start, at(start)];
  const stops: Stop[] = [];
  const terms: tf.Tensor[] = [];
  const visited: tf.Tensor2D[] = [];
  steps.forEach((step, k) => {
    const before = field(k, place);
    const moved = tf.add(tf.mul(step, before), tf.mul(tf.sqrt(tf.mul(2, step)), noises[k] as tf.Tensor2D));
    x = tf.add(x, moved);
    place = at(x);
    const after = field(k, place);
    const slope = tf.sub(tf.mul(tf.mul(0.25, step), tf.sub(before, after)), tf.mul(0.5, moved));
    terms.push(tf.mul(tf.add(before, after), slope));
    stops.push({ position: x, residual: tf.neg(tf.add(moved, tf.mul(step, after))) });
    visited.push(x);
  });
  return { ends: place.value, stops, terms, visited };
}

/** ½ (p̃ᵀM⁻¹p̃ − pᵀM⁻¹p) for each transition, with forces at both ends of it. */
function kickDriftKick(law: Law, start: tf.Tensor2D): Walked {
  const { steps, at, field } = law;
  const { refreshed, energy, inverse, momentum } = momenta(law);
  let [x, p, place] = [start, momentum, at(start)];
  const stops: Stop[] = [];
  const terms: tf.Tensor[] = [];
  const visited: tf.Tensor2D[] = [];
  steps.forEach((step, k) => {
    const half = tf.mul(0.5, step);
    const { tilde, residual } = refreshed(k, p);
    stops.push({ position: x, momentum: tilde, residual });
    const kicked = tf.add(tilde, tf.mul(half, field(k, place)));
    x = tf.add(x, tf.mul(tf.mul(step, inverse), kicked));
    place = at(x);
    p = tf.add(kicked, tf.mul(half, field(k, place)));
    terms.push(energy(tilde, p));
    visited.push(x);
  });
  return { ends: place.value, stops, terms, visited };
}

/** The same with one force in the middle. */
function driftKickDrift(law: Law, log: LogDensity, start: tf.Tensor2D): Walked {
  const { steps, at, field } = law;
  const { refreshed, energy, inverse, momentum } = momenta(law);
  let [x, p] = [start, momentum];
  const stops: Stop[] = [];
  const terms: tf.Tensor[] = [];
  const visited: tf.Tensor2D[] = [];
  steps.forEach((step, k) => {
    const rate = tf.mul(tf.mul(0.5, step), inverse);
    const { tilde, residual } = refreshed(k, p);
    stops.push({ position: x, momentum: tilde, residual });
    const middle = tf.add<tf.Tensor2D>(x, tf.mul(rate, tilde));
    p = tf.add(tilde, tf.mul(step, field(k, at(middle))));
    x = tf.add(middle, tf.mul(rate, p));
    terms.push(energy(tilde, p));
    visited.push(x);
  });
  return { ends: log(x), stops, terms, visited };
}

interface Momenta {
  /** p₀ */
  readonly momentum: tf.Tensor2D;
  readonly inverse: tf.Tensor;
  /** p̃ = h p + √(1 − h²) M^{1/2} ξ, and p − h p̃. */
  readonly refreshed: (k: number, p: tf.Tensor2D) => { readonly tilde: tf.Tensor2D; readonly residual: tf.Tensor2D };
  readonly energy: (tilde: tf.Tensor2D, p: tf.Tensor2D) => tf.Tensor;
}

function momenta({ inputs, noises }: Law): Momenta {
  const { refreshment: h, mass, momentum } = inputs;
  if (momentum === undefined) throw new Error('An underdamped path has momenta.');
  const inverse = tf.reciprocal(mass);
  const width = tf.sqrt(tf.mul(tf.sub(1, tf.square(h)), mass));
  const half = tf.mul(0.5, inverse);
  return {
    momentum: tf.mul(tf.sqrt(mass), momentum),
    inverse,
    refreshed: (k, p) => {
      const tilde = tf.add<tf.Tensor2D>(tf.mul(h, p), tf.mul(width, noises[k] as tf.Tensor2D));
      return { tilde, residual: tf.sub(p, tf.mul(h, tilde)) };
    },
    energy: (tilde, p) => tf.mul(half, tf.mul(tf.sub(tilde, p), tf.add(tilde, p))),
  };
}

/** Σ_k linear ŝ·r − ½ ŝ·quadratic ŝ, `[R]`; see `CorrectionWeights`. */
function corrections(
  { dynamics, backwardMean = 'paper' }: Omit<PathOptions, 'gradients' | 'keep'>,
  { refreshment: h, mass, steps }: TracedInputs,
  stops: readonly Stop[],
  score: TracedScore,
): tf.Tensor1D {
  const stacked = (of: (stop: Stop) => tf.Tensor2D | undefined): tf.Tensor2D =>
    tf.concat(stops.map((stop) => of(stop) as tf.Tensor2D));
  const residual = stacked((stop) => stop.residual);
  const [all, dim] = residual.shape;
  const rows = all / stops.length;
  const apart = (x: tf.Tensor): tf.Tensor => tf.reshape(x, [stops.length, rows, dim]);
  const overdamped = dynamics === 'overdamped';
  const found = apart(
    score(
      stacked((stop) => stop.position),
      overdamped ? undefined : stacked((stop) => stop.momentum),
    ),
  );
  let [along, half]: [tf.Tensor, tf.Tensor] = [apart(residual), tf.reshape(steps, [stops.length, 1, 1])];
  if (!overdamped) {
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
    noises: tf.unstack(inputs.transitions) as tf.Tensor2D[],
    at: (x) => {
      const { value, gradient } = valueAndGradient(log, x);
      const initial = tf.mul<tf.Tensor2D>(tf.sub(mean, x), precision);
      return { value, initial, change: tf.sub(gradient, initial) };
    },
    field: (k, { initial, change }) => tf.add(initial, tf.mul(betas[k] as tf.Tensor, change)),
  };
}
