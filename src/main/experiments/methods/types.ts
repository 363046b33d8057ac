import type { Approximation, Bound, Series, Stages } from '../../../shared/result';
import type { NamedMethod, TargetRunSpec } from '../../../shared/runFile';
import type { MethodType } from '../../../shared/runFile/methods';
import type { Target } from '../../targets';
import type { Meter } from '../meter';
import type { MethodSamples } from '../picture';
import type { KeptFile, RunContext, RunEvent } from '../types';

/** Points that a method drew, for what is measured over many of them. Held in memory while a run is put together; not part of its result. */
export interface MethodDraws {
  /** As `metrics` calls it. */
  readonly method: string;
  /** `[n, d]`, evenly thinned to `mostDraws` or fewer. */
  readonly values: Float64Array | Float32Array;
  /** Of each point, nats; left out where all count alike. The points by themselves are draws of the method, not yet of the target. */
  readonly logWeights?: Float64Array;
  /** log f − log ρ of independent exact samples of the target, nats, where the method can run back from them. */
  readonly logRatios?: Float64Array;
}

/** What one method leaves. */
export interface MethodOutcome {
  readonly name: string;
  readonly bounds: Bound[];
  readonly approximations: Approximation[];
  /** By the name that results call it; a chain has two, its own and that of its initial distribution. */
  readonly metrics: Readonly<Record<string, Record<string, unknown>>>;
  readonly samples: MethodSamples[];
  /** Of each of its answers that draws anything. */
  readonly draws?: readonly MethodDraws[];
  readonly series: readonly Series[];
  readonly warnings: readonly string[];
  readonly gradientEvaluations: number;
  /** Of a method that other methods may be held against. */
  readonly moments?: { readonly mean: Float64Array; readonly std: Float64Array };
  /** Where its samples were on their way from a start to the target. */
  readonly stages?: readonly Stages[];
  /** What it has trained, to be kept with the result. */
  readonly files?: readonly KeptFile[];
}

export interface MethodParts {
  readonly spec: TargetRunSpec;
  readonly target: Target;
  readonly context: RunContext;
  readonly meter: Meter;
}

/** Methods of one type, with every field that the run file has for them. */
export type Kind<Type extends MethodType> = Extract<NamedMethod, { type: Type }>;

/** Steps that a progress bar counts, and how much work each is in evaluations of rows of the target; a gradient counts three. */
export interface Work {
  readonly perStep: number;
  readonly steps: number;
}

/** How methods of one type are run. */
export interface MethodKind<Type extends MethodType> {
  /** Of its training, or of the whole method where nothing is trained. */
  readonly work: (method: Kind<Type>) => Work;
  /** Of judging it with so many draws; left out where `work` is everything. */
  readonly judging?: (method: Kind<Type>, draws: number) => number;
  /**
   * Trains or runs the method and judges what it leaves.
   * @throws InputError before any work when its settings and the target do not go together
   */
  readonly run: (method: Kind<Type>, parts: MethodParts) => AsyncGenerator<RunEvent, MethodOutcome>;
}
