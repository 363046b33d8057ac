import { InputError } from '../../shared/errors';
import type { TargetRunSpec } from '../../shared/runFile';
import type { Outcome, RunContext, RunEvent } from './types';

export async function* target(spec: TargetRunSpec, context: RunContext): AsyncGenerator<RunEvent, Outcome> {
  await Promise.resolve(context);
  yield { stage: 'loading', progress: 0 };
  throw new InputError('kind', `"${spec.kind}" cannot be computed yet`, 'Use another.');
}
