import { InputError, oneLine } from '../../shared/errors';
import type { Result } from '../../shared/result';
import { applySettings, deviceNames, parseRunFile, type DeviceName, type RunFile } from '../../shared/runFile';
import { nearest } from '../../shared/nearest';
import type { DriveOptions } from '../runs/driver';
import { createProgress } from './progress';
import { reportLines } from './report';
import { resultJson } from './resultJson';
import { runSource } from './runSource';
import { complain, print, type Terminal } from './terminal';
import { planFile, type PlannedFile } from './writeAtomic';

export interface RunOptions {
  readonly device?: string;
  readonly seed?: string;
  /** Where the result goes; "-" is standard output. */
  readonly json?: string;
  readonly set?: readonly string[];
}

export interface RunServices {
  readonly terminal: Terminal;
  readonly drive: (spec: RunFile, options: DriveOptions) => Promise<Result>;
  /** Calls `stop` when the user wants the run to end early. */
  readonly interrupts: (stop: () => void) => { release(): void };
}

/**
 * `bracket run`.
 * @returns the exit code: 0 when the run is done, 1 when it failed or was cancelled
 * @throws InputError before anything has started
 */
export async function runCommand(given: string, options: RunOptions, services: RunServices): Promise<number> {
  const { terminal } = services;
  const source = runSource(given);
  const value = applySettings(source.value, [...(options.set ?? []), ...shortcuts(options)]);
  const spec = parseRunFile(value, source.where);
  const output = options.json === undefined || options.json === '-' ? undefined : planFile(options.json);
  const result = await driven(spec, source.directory, services);
  if (options.json === '-') terminal.out.write(resultJson(result));
  else print(terminal, ...reportLines(result, terminal));
  const written = output === undefined || save(output, options.json ?? '', result, terminal);
  if (result.status === 'done') return written ? 0 : 1;
  complain(terminal, result.error ?? (result.status === 'cancelled' ? 'The run was cancelled.' : 'The run failed.'));
  return 1;
}

async function driven(spec: RunFile, directory: string, { terminal, drive, interrupts }: RunServices): Promise<Result> {
  const controller = new AbortController();
  const handlers = interrupts(() => controller.abort());
  const progress = createProgress(terminal);
  try {
    return await drive(spec, { directory, signal: controller.signal, onEvent: (event) => progress.update(event) });
  } finally {
    progress.stop();
    handlers.release();
  }
}

/** A full disk must not take the report with it, so this complains instead of throwing. */
function save(output: PlannedFile, path: string, result: Result, terminal: Terminal): boolean {
  try {
    output.write(resultJson(result));
    return true;
  } catch (error) {
    complain(
      terminal,
      `${oneLine(path)}: the result could not be written (${error instanceof Error ? error.message : String(error)}).`,
      error,
    );
    return false;
  }
}

/** `--device` and `--seed` as settings, checked here so that a complaint names the option. */
function shortcuts({ device, seed }: RunOptions): string[] {
  if (device !== undefined && !deviceNames.includes(device as DeviceName)) {
    const [near] = nearest(device, deviceNames, 1);
    throw new InputError(
      '--device',
      `"${device}" is not a device`,
      `${near === undefined ? '' : `Did you mean "${near}"? `}The devices are ${deviceNames.join(', ')}.`,
    );
  }
  if (seed !== undefined && !(/^\d{1,16}$/.test(seed) && Number.isSafeInteger(Number(seed)))) {
    throw new InputError(
      '--seed',
      `"${seed}" is not a seed`,
      `Give a whole number from 0 to ${Number.MAX_SAFE_INTEGER}.`,
    );
  }
  return [
    ...(device === undefined ? [] : [`device=${JSON.stringify(device)}`]),
    ...(seed === undefined ? [] : [`seed=${Number(seed)}`]),
  ];
}
