import type { Series } from '../../shared/result';
import type { TargetSpec } from '../../shared/runFile/target';
import { buildTarget, type Target } from '../targets';
import type { Meter } from './meter';
import { niceTarget, planNiceTarget } from './niceTarget';
import type { KeptFile, RunContext, RunEvent } from './types';

/** A target that is ready, with what making it leaves. */
export interface OpenedTarget {
  readonly target: Target;
  readonly series: readonly Series[];
  readonly files: readonly KeptFile[];
}

export interface TargetPlan {
  /** d, known before anything is computed. */
  readonly dim: number;
  readonly open: () => AsyncGenerator<RunEvent, OpenedTarget>;
}

/**
 * Reads and checks what a target is made of. One that is trained first is planned in the meter and trained when it is opened.
 * @throws InputError
 */
export async function planTarget(spec: TargetSpec, context: RunContext, meter: Meter): Promise<TargetPlan> {
  if (spec.type === 'nice' && spec.train !== undefined) {
    const plan = planNiceTarget({ ...spec, train: spec.train }, context.directory, meter);
    return { dim: plan.flow.dim, open: () => niceTarget(plan, context, meter) };
  }
  const target = await buildTarget(spec, context.directory);
  return { dim: target.dim, open: () => opened({ target, series: [], files: [] }) };
}

async function* opened(ready: OpenedTarget): AsyncGenerator<RunEvent, OpenedTarget> {
  return ready;
}
