import type { FlowEvaluation } from '../../trainers/flow/density';
import type { InverseEvaluation } from '../../trainers/flow/inverse';
import type { Kind } from './types';

/** Nats that log weights may change by with twice the steps. */
const mostStepError = 0.1;

/** Undefined where twice the steps change little. */
export function integrationWarning(
  { name, ode }: Kind<'annealing-flow'>,
  { stepError }: FlowEvaluation,
): string | undefined {
  if (stepError <= mostStepError) return undefined;
  return `${name}: with twice the steps a log weight changes by ${stepError.toPrecision(2)} nats. Use more "ode.steps" than ${ode.steps}, or more "blocks".`;
}

/** Draws of a flow cannot show what it has lost; exact samples can. Undefined where both agree. */
export function collapseWarning(name: string, draws: FlowEvaluation, back: InverseEvaluation): string | undefined {
  const gap = back.bound.value - draws.bound.value;
  const error = Math.hypot(
    Math.sqrt(Math.max(0, 1 / draws.effectiveSampleSize - 1 / draws.bound.n)),
    Math.sqrt(Math.max(0, 1 / (back.ess * back.bound.n) - 1 / back.bound.n)),
  );
  if (!(gap > 1 || Math.abs(back.estimate - draws.estimate) > 5 * error)) return undefined;
  return `${name}: exact samples put log Z below ${back.bound.value.toFixed(2)} and near ${back.estimate.toFixed(2)}, the flow's own draws above ${draws.bound.value.toFixed(2)} and near ${draws.estimate.toFixed(2)} nats. It has lost a part of the target or is far from it, whatever its effective draws say.`;
}
