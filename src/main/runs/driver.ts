import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { InputError, RunError } from '../../shared/errors';
import type { Result } from '../../shared/result';
import type { RunFile } from '../../shared/runFile';
import { experimentFor, MemoryJournal, type KeptFile, type Outcome, type RunEvent } from '../experiments';
import { openDevice } from '../tensor/devices';

export interface DriveOptions {
  /** Relative paths in the run file start here. */
  readonly directory: string;
  readonly signal?: AbortSignal;
  /** @param seconds that the run has computed, pauses left out */
  readonly onEvent?: (event: RunEvent, seconds: number) => void;
  /** Taken up from an interrupted run, or empty. Whoever gives one may write its content in `onEvent`. */
  readonly journal?: MemoryJournal;
  /** The run's id; a new one when left out. */
  readonly run?: string;
  /** What the run had computed before it was taken up again. */
  readonly secondsBefore?: number;
  /** Keeps a file that the run leaves; without it there are none. */
  readonly keep?: (file: KeptFile) => Result['artifacts'][number];
}

/** Signals and messages are heard at least this often, milliseconds, also where a device never waits for anything. */
const longestTurn = 50;

/** One line; where an array found no memory, what to do about it. */
function whyFailed(error: unknown): string {
  if (error instanceof RunError) return error.message;
  if (error instanceof RangeError && /allocation|array length|out of memory/i.test(error.message))
    return 'The run needs more memory than there is. Use a smaller batch, fewer samples, or narrower networks.';
  return `The run stopped with an unexpected error: ${String(error)}`;
}

/**
 * Runs a run file from start to end. The only loop over an experiment: progress, cancellation and time are kept here.
 * @throws InputError when the run file asks for something impossible; everything that fails later is a result of status `failed`
 */
export async function drive(spec: RunFile, options: DriveOptions): Promise<Result> {
  const started = performance.now() - 1000 * (options.secondsBefore ?? 0);
  const seconds = (): number => (performance.now() - started) / 1000;
  const signal = options.signal ?? new AbortController().signal;
  const device = await openDevice(spec.device);
  const journal = options.journal ?? new MemoryJournal();
  const experiment = experimentFor(spec, { device, directory: options.directory, signal, journal, seconds });
  let outcome = empty('The run was cancelled.');
  let status: Result['status'] = 'cancelled';
  let turned = performance.now();
  try {
    while (!signal.aborted) {
      const next = await experiment.next();
      if (next.done === true) {
        outcome = next.value;
        status = outcome.status;
        break;
      }
      options.onEvent?.(next.value, seconds());
      if (performance.now() - turned > longestTurn) {
        await nextTurn();
        turned = performance.now();
      }
    }
  } catch (error) {
    if (error instanceof InputError) throw error;
    outcome = empty(whyFailed(error));
    status = 'failed';
  } finally {
    // Lets the experiment release its programs when it was left early.
    await experiment.return(empty('')).catch(() => undefined);
  }
  const { files = [], ...kept } = outcome;
  return {
    run: options.run ?? randomUUID(),
    kind: spec.kind,
    spec: spec as unknown as Record<string, unknown>,
    device: device.name,
    seconds: seconds(),
    artifacts: options.keep === undefined ? [] : files.map(options.keep),
    ...kept,
    status,
  };
}

function empty(error: string): Outcome {
  return { status: 'failed', bounds: [], metrics: {}, diagnostics: {}, warnings: [], series: [], error };
}
