import { RunError } from '../../../shared/errors';
import type { Evaluation, FactorisedNormal, MethodContext, MethodProgress } from '../methodTypes';
import type { ChainParameters } from './parameters';

export interface EvaluationOptions {
  /** Draws in all; rounded down to whole groups. */
  readonly samples: number;
  /** N: draws under one logarithm. */
  readonly particles: number;
  /** How many draws are kept for plots at the most. */
  readonly keep?: number;
}

export interface EvaluationSnapshot {
  /** Draws so far. */
  readonly iteration: number;
}

/** Draws fresh chains. */
export async function* evaluateFlow(
  parameters: ChainParameters,
  options: EvaluationOptions,
  context: MethodContext,
  resume?: EvaluationSnapshot,
): AsyncGenerator<MethodProgress<EvaluationSnapshot>, Evaluation> {
  yield* [];
  throw new RunError(
    `${context.name} cannot be evaluated yet (${parameters.mean.length}, ${options.samples}, ${resume?.iteration ?? 0}).`,
  );
}

/** The same for a factorised normal alone: importance samples. */
export async function* evaluateInitial(
  normal: FactorisedNormal,
  options: EvaluationOptions,
  context: MethodContext,
  resume?: EvaluationSnapshot,
): AsyncGenerator<MethodProgress<EvaluationSnapshot>, Evaluation> {
  yield* [];
  throw new RunError(
    `${context.name} cannot be evaluated yet (${normal.mean.length}, ${options.samples}, ${resume?.iteration ?? 0}).`,
  );
}
