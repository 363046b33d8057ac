import { RunError } from '../../shared/errors';
import type { VaeRunSpec } from '../../shared/runFile';
import { Meter } from './meter';
import type { Outcome, RunContext, RunEvent } from './types';

/** Runs of kind `vae`. */
export async function* vae(spec: VaeRunSpec, _context: RunContext): AsyncGenerator<RunEvent, Outcome> {
  yield new Meter().event();
  throw new RunError(`${spec.kind} is not there yet.`);
}
