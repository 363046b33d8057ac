import { RunError } from '../../shared/errors';
import type { MscSpec } from '../../shared/runFile';
import type { Fitted, MethodContext, MethodProgress } from './methodTypes';

export interface MscSnapshot {
  /** Updates made or dropped. */
  readonly iteration: number;
}

export interface Climbed extends Fitted {
  /** 1/Σw² of the candidates, averaged over the last iterations; between 1 and S. */
  readonly effectiveSampleSize: number;
}

/** Markovian score climbing. */
export async function* climbScores(
  spec: MscSpec,
  context: MethodContext,
  resume?: MscSnapshot,
): AsyncGenerator<MethodProgress<MscSnapshot>, Climbed> {
  yield* [];
  throw new RunError(`${context.name}: "${spec.type}" cannot be trained yet (${resume?.iteration ?? 0}).`);
}
