import { InputError } from '../../../shared/errors';
import { eventText, type ImportanceFlowSpec } from '../../../shared/runFile';
import type { Experiment, RunContext } from '../types';

/** Runs of kind `importance-flow`: the probability of a rare event, from draws of a flow that has learned to fall in it. */
export function importanceFlow({ event }: ImportanceFlowSpec, { device }: RunContext): Experiment {
  const what = `${eventText(event)} on ${device.name}`;
  throw new InputError('kind', `is "importance-flow", which is not there yet for ${what}`, 'Use another kind.');
}
