import { RunError } from '../../../shared/errors';
import type { CoverageRunSpec } from '../../../shared/runFile';
import { Meter } from '../meter';
import type { Outcome, RunContext, RunEvent } from '../types';

/** Runs of kind `coverage`: a generator's items held against real ones. */
export async function* coverage(spec: CoverageRunSpec, { device }: RunContext): AsyncGenerator<RunEvent, Outcome> {
  yield new Meter().event();
  await Promise.resolve();
  throw new RunError(`Runs of kind "${spec.kind}" compute nothing on ${device.name} yet.`);
}
