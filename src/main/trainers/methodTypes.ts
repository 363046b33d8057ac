import type { Device, Precision } from '../tensor/types';
import type { CurvePoint, TrainingCurve } from './curve';
import type { ChainTarget } from './dais/fields';

/** What a method works on. */
export interface MethodContext {
  /** What the run file calls it: messages say it, and random numbers depend on it. */
  readonly name: string;
  readonly target: ChainTarget;
  readonly device: Device;
  /** Of the run. */
  readonly seed: number;
  readonly precision: Precision;
}

/** Where a method stands after an update, a transition or a draw. */
export interface MethodProgress<Snapshot> {
  /** How many there have been. */
  readonly iteration: number;
  /** What a person wants to see of it, by the name that the learning curve carries; empty where an update was dropped. */
  readonly report: Readonly<Record<string, number>>;
  /** Copies the state; to be called before the next step. The method goes on from it with the same bits. */
  readonly capture: () => Snapshot;
  /** A new point of the curve, when a window has just ended. */
  readonly point?: CurvePoint;
}

/** N(mean, diag(exp(logVariance))), `[d]` each. */
export interface FactorisedNormal {
  readonly mean: Float64Array;
  readonly logVariance: Float64Array;
}

/** After so many dropped updates in a row a method ends. */
export const patience = 25;

/** Why a method ended early. What it returns is of the last update before that. */
export interface Divergence {
  /** A sentence with advice. */
  readonly message: string;
  /** The update that was the last of many to be dropped. */
  readonly iteration: number;
  /** k of the first transition that was not finite, and its step size; left out where it was not a transition. */
  readonly transition?: number;
  readonly stepSize?: number;
}

/** What every method that is trained by steps of Adam returns. */
export interface Fitted {
  /** The mean of the last iterates; what is reported. */
  readonly average: FactorisedNormal;
  readonly curve: TrainingCurve;
  /** Updates made or dropped. */
  readonly iterations: number;
  /** Updates dropped because something was not finite. */
  readonly dropped: number;
  readonly diverged?: Divergence;
  /** Evaluations of the target's gradient, counted over rows. */
  readonly gradientEvaluations: number;
}

/** Draws with their log weights, summed up. All in nats. */
export interface Evaluation {
  /** Mean over groups of N of their log-mean-exp: at most log Z in expectation. `n` counts groups. */
  readonly bound: { readonly value: number; readonly ci95: number | null; readonly n: number };
  /** Log-mean-exp of all weights. */
  readonly estimate: number;
  /** Variance of single log weights. */
  readonly logWeightVariance: number;
  /** (Σw)²/Σw² */
  readonly effectiveSampleSize: number;
  /** Of the total weight. */
  readonly largestShare: number;
  /** Moments of the target by self-normalised weights, `[d]`. */
  readonly mean: Float64Array;
  readonly std: Float64Array;
  /** Where every so many of the particles ended, `[kept, d]`, without weights. */
  readonly samples: Float64Array;
  /** Their log weights, `[kept]`. */
  readonly sampleLogWeights: Float64Array;
  /** Draws whose weight was not finite; they are in nothing above, and a bound that leaves draws out is none. */
  readonly dropped: number;
  readonly gradientEvaluations: number;
}

/** Long chains, as the truth that other methods are held against. Vectors are `[d]`. */
export interface HmcTruth {
  readonly mean: Float64Array;
  readonly std: Float64Array;
  /** Monte-Carlo standard errors. */
  readonly meanError: Float64Array;
  readonly stdError: Float64Array;
  /** Rank-normalised split R-hat. */
  readonly rHat: Float64Array;
  readonly effectiveSampleSize: Float64Array;
  /** Share of accepted transitions after warm-up. */
  readonly acceptance: number;
  /** In the whitened space. */
  readonly stepSize: number;
  /** Thinned, `[kept, d]`. */
  readonly samples: Float64Array;
  readonly curve: TrainingCurve;
  /** A sentence where the chains do not agree or many diverged. */
  readonly warning?: string;
  readonly gradientEvaluations: number;
}
