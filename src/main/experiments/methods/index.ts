import type { NamedMethod, TargetRunSpec } from '../../../shared/runFile';
import type { MethodType } from '../../../shared/runFile/methods';
import type { RunContext, RunEvent } from '../types';
import { ais } from './ais';
import { annealingFlow } from './annealingFlow';
import { dais } from './dais';
import { hmc } from './hmc';
import { uha, uhaMcd, ula, ulaMcd } from './mcd';
import { msc } from './msc';
import { parallelTempering } from './parallelTempering';
import { smc } from './smc';
import { svgd } from './svgd';
import type { MethodKind, MethodOutcome, MethodParts } from './types';
import { iwvi, vi } from './variational';

export type { MethodOutcome, MethodParts } from './types';

const kinds: { readonly [Type in MethodType]: MethodKind<Type> } = {
  ...{ dais, vi, iwvi, msc, hmc, ais, smc, svgd, 'parallel-tempering': parallelTempering, ula, uha },
  ...{ 'ula-mcd': ulaMcd, 'uha-mcd': uhaMcd, 'annealing-flow': annealingFlow },
};

// A method and the kind that its type names belong together, which the compiler cannot see through the union.
const kindOf = ({ type }: NamedMethod): MethodKind<MethodType> => kinds[type] as MethodKind<MethodType>;

/** How much work a method is, in evaluations of rows of the target. */
export function methodUnits(method: NamedMethod, { evaluate }: TargetRunSpec): number {
  const kind = kindOf(method);
  const { perStep, steps } = kind.work(method);
  return perStep * steps + (kind.judging?.(method, evaluate.samples) ?? 0);
}

/** Trains or runs one method, judges what it leaves, and notes how long that took. */
export async function* runMethod(method: NamedMethod, parts: MethodParts): AsyncGenerator<RunEvent, MethodOutcome> {
  const { context } = parts;
  const began = kept(context, `start of ${method.name}`);
  const outcome = yield* kindOf(method).run(method, parts);
  const seconds = kept(context, `end of ${method.name}`) - began;
  const metrics = Object.entries(outcome.metrics).map(([name, values]) => [name, { ...values, seconds }] as const);
  return { ...outcome, metrics: Object.fromEntries(metrics) };
}

/** A clock that is read once, also when the run is taken up again. */
function kept({ journal, seconds }: RunContext, key: string): number {
  const known = journal.finished<number>(key);
  if (known !== undefined) return known;
  const value = seconds();
  journal.finish(key, value);
  return value;
}
