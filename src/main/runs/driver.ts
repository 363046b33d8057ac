import { randomUUID } from 'node:crypto';
import { InputError, RunError } from '../../shared/errors';
import type { Result } from '../../shared/result';
import type { RunFile } from '../../shared/runFile';
import { experimentFor, MemoryJournal, type Outcome, type RunEvent } from '../experiments';
import { openDevice } from '../tensor/devices';

export interface DriveOptions {
  /** Relative paths in the run file start here. */
  readonly directory: string;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: RunEvent) => void;
  /** Taken up from an interrupted run, or empty. Whoever gives one may write its content between two events. */
  readonly journal?: MemoryJournal;
}

/**
 * Runs a run file from start to end. The only loop over an experiment: progress, cancellation and time are kept here.
 * @throws InputError when the run file asks for something impossible; everything that fails later is a result of status `failed`
 */
export async function drive(spec: RunFile, options: DriveOptions): Promise<Result> {
  const started = performance.now();
  const signal = options.signal ?? new AbortController().signal;
  const device = await openDevice(spec.device);
  const journal = options.journal ?? new MemoryJournal();
  const experiment = experimentFor(spec, { device, directory: options.directory, signal, journal });
  let status: Result['status'];
  let outcome: Outcome;
  try {
    let next = await experiment.next();
    while (next.done !== true && !signal.aborted) {
      options.onEvent?.(next.value);
      next = await experiment.next();
    }
    if (next.done === true) {
      outcome = next.value;
      status = outcome.status;
    } else {
      outcome = empty('The run was cancelled.');
      status = 'cancelled';
    }
  } catch (error) {
    if (error instanceof InputError) throw error;
    outcome = empty(
      error instanceof RunError ? error.message : `The run stopped with an unexpected error: ${String(error)}`,
    );
    status = 'failed';
  } finally {
    // Lets the experiment release its programs when it was left early.
    await experiment.return(empty('')).catch(() => undefined);
  }
  return {
    run: randomUUID(),
    kind: spec.kind,
    spec: spec as unknown as Record<string, unknown>,
    device: device.name,
    seconds: (performance.now() - started) / 1000,
    artifacts: [],
    ...outcome,
    status,
  };
}

function empty(error: string): Outcome {
  return { status: 'failed', bounds: [], metrics: {}, diagnostics: {}, warnings: [], series: [], error };
}
