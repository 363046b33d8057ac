/**
 * Log weights of the chains of one datum, nats, all log p(x) in expectation of their exponential or its inverse.
 * Forward chains start at the base and end near the posterior; reverse chains start at an exact posterior sample.
 */
export interface ChainWeights {
  /** W of K forward chains. */
  readonly forward: readonly number[];
  /** W of K reverse chains, all started at the one exact posterior sample; absent for data without one. */
  readonly reverse?: readonly number[] | undefined;
  /** W of K − 1 reverse chains started where forward chain 0 took its last increment; absent unless asked for. */
  readonly coupled?: readonly number[] | undefined;
}

/** Bounds on log p(x) of one datum, nats. A side is absent where its samples are. */
export interface LogEvidenceBounds {
  readonly lower?: number | undefined;
  readonly upper?: number | undefined;
}

/** An estimator from chain weights. */
export type ChainEstimator = (weights: ChainWeights) => LogEvidenceBounds;
