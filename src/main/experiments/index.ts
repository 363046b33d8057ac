import type { RunFile } from '../../shared/runFile';
import { importanceFlow } from './importanceFlow';
import { coverage } from './coverage';
import { sandwich } from './sandwich';
import { target } from './target';
import type { Experiment, RunContext } from './types';
import { vae } from './vae';

export { MemoryJournal, type JournalContent } from './journal';
export type { Experiment, KeptFile, Outcome, RunContext, RunEvent } from './types';

/** The experiment that a run file describes. */
export function experimentFor(spec: RunFile, context: RunContext): Experiment {
  switch (spec.kind) {
    case 'mutual-information':
    case 'evidence':
      return sandwich(spec, context);
    case 'target':
      return target(spec, context);
    case 'vae':
      return vae(spec, context);
    case 'coverage':
      return coverage(spec, context);
    case 'importance-flow':
      return importanceFlow(spec, context);
  }
}
