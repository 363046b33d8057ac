import type * as tf from '@tensorflow/tfjs-core';
import type { LogDensity } from '../tensor/density';
import type { Constant } from '../tensor/types';

/** What is known of a target from outside any method. Vectors are `[d]`, in float64. */
export interface TargetTruth {
  /** In nats. */
  readonly logZ?: number;
  readonly mean?: Float64Array;
  readonly std?: Float64Array;
  /** `[d, d]` */
  readonly covariance?: Float64Array;
  /** How it is known, a sentence. Says too why something is not known. */
  readonly source: string;
}

/** A part of a density that a method may find or miss: a component of a mixture, a well. */
export interface Mode {
  /** `[d]` */
  readonly location: Float64Array;
  /** Fraction of the mass. */
  readonly weight: number;
  /** Standard deviation around it, the same in all directions. */
  readonly std?: number;
  /** Where it differs: one for each coordinate, `[d]`. */
  readonly stds?: Float64Array;
}

/**
 * Which mode a point belongs to; the order is that of {@link Target.modes} where these are listed.
 * - `component`: the mode with the greatest weight times normal density, of the width that it says.
 * - `sign`: bit i of a mode's place says whether the coordinate `axes[i]` is above `thresholds[i]`. The coordinates are independent,
 *   above with the probability `above[i]`, so that weights are known where the modes are too many to list.
 * - `sector`: equal sectors of the plane of two coordinates, counterclockwise from the first one's axis; no modes, but parts of known
 *   and equal weight.
 * - `interval`: parts of equal weight of one coordinate, between ascending `edges`.
 */
export type Assignment =
  | { readonly type: 'component' }
  | {
      readonly type: 'sign';
      readonly axes: readonly number[];
      readonly thresholds: Float64Array;
      readonly above: Float64Array;
      /** Where modes are and how wide, `[d]` each: below and above the thresholds, the same in the other coordinates. */
      readonly cells?: { readonly low: Float64Array; readonly high: Float64Array; readonly std: Float64Array };
    }
  | { readonly type: 'sector'; readonly axes: readonly [number, number]; readonly count: number }
  | { readonly type: 'interval'; readonly axis: number; readonly edges: Float64Array };

/** Two directions on which a 2-D view shows a density and samples: the point z is drawn at (x·z, y·z). */
export interface Plane {
  /** Unit vectors `[d]`, orthogonal to each other. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly labels: readonly [string, string];
  /** Log density of the pair (x·z, y·z) under the normalised target, where it has a closed form. In nats. */
  readonly logDensity?: (x: number, y: number) => number;
}

/** Rows that were kept back from a regression, to score predictions on. */
export interface HeldOut {
  /** `[rows, d]`, the intercept's 1 first; scaled as the fitted rows are. */
  readonly design: Float64Array;
  /** `[rows]` of 0 and 1. */
  readonly labels: Int32Array;
  readonly rows: number;
}

/**
 * The factorised Gaussian that an ideal method ends with: variational inference goes to the reverse divergence KL(q ‖ π), Markovian
 * score climbing to the forward one, annealing with perfect transitions from the first (K = 1) to their sum (K → ∞). What trained
 * methods reach is another matter; this stands beside it.
 */
export interface IdealFit {
  readonly criterion: 'reverse-kl' | 'forward-kl' | 'symmetric-kl' | 'perfect-transitions';
  /** K, of perfect transitions with equal steps of β. */
  readonly steps?: number;
  readonly mean: Float64Array;
  readonly std: Float64Array;
  /** E_q[log f − log q], in nats, where it is known. */
  readonly elbo?: number;
  /** E[log w] of the K transitions, in nats. */
  readonly bound?: number;
}

export interface IdealQuery {
  /** Numbers K of perfect transitions; those that would take too long are left out. */
  readonly steps?: readonly number[];
  /** Mean and standard deviations of the target from ground truth, where it has no closed form. */
  readonly moments?: { readonly mean: Float64Array; readonly std: Float64Array };
}

/** What a density says of itself that its modes and marginals do not. */
export interface TargetShape {
  /** A ball around the origin that was cut out, and the share of the exact mass that is left in it: 0 with a hard edge. */
  readonly hole?: { readonly radius: number; readonly share: number };
  /** The variance of coordinate `of` where coordinate `given` has a value. */
  readonly width?: { readonly given: number; readonly of: number; readonly variance: (value: number) => number };
}

/** An unnormalised density f on R^d with Z = ∫ f, and what is known of it. */
export interface Target {
  /** In a few words, for titles. */
  readonly name: string;
  /** d */
  readonly dim: number;
  /** Tensors that the density reads; float64 where files and formulas have that. Every name begins with "target.". */
  readonly constants: Readonly<Record<string, Constant>>;
  /**
   * log f in nats: rows `[n, d]` to `[n]`. Every op has a second derivative.
   * @param tensors the constants, by their names
   */
  readonly logDensity: (tensors: Record<string, tf.Tensor>) => LogDensity;
  readonly truth: TargetTruth;
  /**
   * Independent exact samples of the normalised target, `[count, d]`. Sample i depends on the seed and i alone.
   * @param seed an integer in [0, 2^53)
   */
  readonly sample?: (count: number, seed: number) => Float64Array;
  readonly modes?: readonly Mode[];
  /** Left out where nothing tells parts of the density apart. */
  readonly assignment?: Assignment;
  /** What samples can be checked for beside modes and marginals. */
  readonly shape?: TargetShape;
  /** Computed when asked for, in up to a few seconds. */
  readonly idealFits?: (query?: IdealQuery) => IdealFit[];
  /** Names of the coordinates, `[d]`. */
  readonly labels?: readonly string[];
  /** Left out where d is 1. */
  readonly plane?: Plane;
  readonly heldOut?: HeldOut;
  /** What was drawn to make this density, by name; to be kept with results, since only this program can draw it again. */
  readonly drawn?: Readonly<Record<string, readonly number[] | readonly (readonly number[])[]>>;
  /** What a reader of results should know, a sentence each: constant columns, rows left out. */
  readonly notes?: readonly string[];
}
