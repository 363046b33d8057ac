import { RunError } from '../../../shared/errors';
import type { DaisSpec, IwviSpec, ViSpec } from '../../../shared/runFile';
import type { CurveState } from '../curve';
import type { Fitted, MethodContext, MethodProgress } from '../methodTypes';
import type { ChainParameters } from './parameters';

/** Everything that a training goes on from, with equal bits. Survives structured cloning. */
export interface FlowSnapshot {
  /** Updates made or dropped. */
  readonly iteration: number;
  readonly parameters: ChainParameters;
  readonly curve: CurveState;
}

export interface TrainedFlow extends Fitted {
  /** Means of the last iterates: the chain whose q₀ is `average`. */
  readonly parameters: ChainParameters;
}

/** Trains a chain; variational inference is one without transitions. */
export async function* trainFlow(
  spec: DaisSpec | ViSpec | IwviSpec,
  context: MethodContext,
  resume?: FlowSnapshot,
): AsyncGenerator<MethodProgress<FlowSnapshot>, TrainedFlow> {
  yield* [];
  throw new RunError(`${context.name}: "${spec.type}" cannot be trained yet (${resume?.iteration ?? 0}).`);
}
