import { RunError } from '../../shared/errors';
import type { Result } from '../../shared/result';
import type { DriveOptions } from '../runs/driver';
import { createProgress } from './progress';
import { reportLines } from './report';
import { resultJson } from './resultJson';
import { complain, print, type Terminal } from './terminal';
import { planFile, type PlannedFile } from './writeAtomic';

export interface RunServices {
  readonly terminal: Terminal;
  /** Calls `stop` when the user wants the run to end early. */
  readonly interrupts: (stop: () => void) => { release(): void };
  /** Whether a run that ended early was kept so that it can go on. */
  readonly isPaused?: (run: string) => boolean;
  /** Whether the history has the result of a run. */
  readonly isKept?: (run: string) => boolean;
}

/** What of a drive's options the terminal provides. */
export type Watch = Required<Pick<DriveOptions, 'signal' | 'onEvent'>>;

/** Computes while a bar shows how far it is and Ctrl-C ends it. */
export async function watched(
  { terminal, interrupts }: RunServices,
  compute: (watch: Watch) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  const handlers = interrupts(() => controller.abort());
  const progress = createProgress(terminal);
  try {
    return await compute({ signal: controller.signal, onEvent: (event) => progress.update(event) });
  } finally {
    progress.stop();
    handlers.release();
  }
}

/** Where `--json` says that the result goes. */
export interface JsonTarget {
  readonly path: string;
  /** Absent where it goes to standard output. */
  readonly file?: PlannedFile;
}

/** Checks what `--json` names, before anything is computed. @throws InputError if no file can be written there */
export function jsonTarget(path: string | undefined): JsonTarget | undefined {
  if (path === undefined) return undefined;
  return path === '-' ? { path } : { path, file: planFile(path) };
}

/** What the first characters of an id are called: enough to tell thousands of runs apart. */
export function shortId(id: string): string {
  return id.slice(0, 8);
}

/**
 * Reports a result and writes it where it is wanted.
 * @returns the exit code
 */
export function conclude(result: Result, target: JsonTarget | undefined, services: RunServices): number {
  const { terminal } = services;
  const paused = result.status === 'cancelled' && services.isPaused?.(result.run) === true;
  if (target !== undefined && target.file === undefined) terminal.out.write(resultJson(result));
  else if (!paused) print(terminal, ...reportLines(result, terminal));
  const written = target?.file === undefined || save(target.file, result, services);
  if (paused) complain(terminal, `Paused; go on with: bracket resume ${shortId(result.run)}`);
  else if (result.status !== 'done') {
    complain(terminal, result.error ?? (result.status === 'cancelled' ? 'The run was cancelled.' : 'The run failed.'));
  }
  return result.status === 'done' && written ? 0 : 1;
}

/** A full disk must not take hours of work with it: this complains instead of throwing, and says where the result is. */
function save(output: PlannedFile, result: Result, { terminal, isKept }: RunServices): boolean {
  const text = resultJson(result);
  try {
    output.write(text);
    return true;
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    const kept = isKept?.(result.run) === true;
    if (!kept) terminal.out.write(text);
    const where = kept ? `kept; print it with: bracket show ${shortId(result.run)} --json` : 'printed instead.';
    complain(terminal, `${error.message} The result is ${where}`, error);
    return false;
  }
}
