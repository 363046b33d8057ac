import { RunError } from '../../shared/errors';
import type { HmcSpec } from '../../shared/runFile';
import type { HmcTruth, MethodContext, MethodProgress } from './methodTypes';

export interface HmcSnapshot {
  /** Transitions of each chain, those of the warm-up included. */
  readonly iteration: number;
}

/** Long Hamiltonian Monte Carlo. */
export async function* hmcTruth(
  spec: HmcSpec,
  context: MethodContext,
  resume?: HmcSnapshot,
): AsyncGenerator<MethodProgress<HmcSnapshot>, HmcTruth> {
  yield* [];
  throw new RunError(`${context.name}: "${spec.type}" cannot be run yet (${resume?.iteration ?? 0}).`);
}
