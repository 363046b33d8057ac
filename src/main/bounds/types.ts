import type { LogSumExp } from './logMeanExp';

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
  /** W of K reverse chains that each start at an exact posterior sample of their own; for models that can draw such. */
  readonly independent?: readonly number[] | undefined;
}

/** Bounds on log p(x) of one datum, nats. A side is absent where its samples are. */
export interface LogEvidenceBounds {
  readonly lower?: number | undefined;
  readonly upper?: number | undefined;
}

/** An estimator from chain weights. */
export type ChainEstimator = (weights: ChainWeights) => LogEvidenceBounds;

/** What a critic says of one datum. The base q(z | x) is normalised; negatives are samples of it. All in nats. */
export interface CriticValues {
  /** log q(z* | x) − log p(z*) at the exact posterior sample (`ba`); 0 where the base is the prior. */
  readonly ba: number;
  /** T(x, z*) */
  readonly critic: number;
  /** T(x, z) at samples of the base. */
  readonly negatives: LogSumExp;
}

/** One datum's term of a lower bound on I(x; z), and its two parts, nats. */
export interface InformationTerms {
  /** ba + contrastive */
  readonly value: number;
  /** The bound of Barber and Agakov. */
  readonly ba: number;
  /** What the negatives add, at most log K. */
  readonly contrastive: number;
}
