import { InputError } from '../../shared/errors';
import type { Result } from '../../shared/result';
import { applySettings, deviceNames, parseRunFile, type DeviceName, type RunFile } from '../../shared/runFile';
import { nearest } from '../../shared/nearest';
import type { DriveOptions } from '../runs/driver';
import { conclude, jsonTarget, watched, type RunServices } from './runOutcome';
import { runSource } from './runSource';
import { checkRequired } from '../resources/recipeRun';

export interface RunOptions {
  readonly device?: string;
  readonly seed?: string;
  /** Where the result goes; "-" is standard output. */
  readonly json?: string;
  readonly set?: readonly string[];
  /** How large to run a recipe: the name of one of its scales. */
  readonly scale?: string;
  /** False for `--no-store`. */
  readonly store?: boolean;
}

/** How a run is computed, and where it is told from. */
export interface RunCommandServices extends RunServices {
  readonly drive: (spec: RunFile, options: StartOptions) => Promise<Result>;
}

export interface StartOptions extends DriveOptions {
  /** The recipe that the run was started from. */
  readonly recipe?: string | undefined;
}

/**
 * `bracket run`.
 * @returns the exit code: 0 when the run is done, 1 when it failed or was stopped
 * @throws InputError before anything has started
 */
export async function runCommand(given: string, options: RunOptions, services: RunCommandServices): Promise<number> {
  const { value, where, directory, recipe, requires } = runSource(given, undefined, options.scale);
  const set = applySettings(value, [...(options.set ?? []), ...shortcuts(options)]);
  const spec = parseRunFile(set, where);
  checkRequired(requires, spec, directory, where);
  const target = jsonTarget(options.json);
  const result = await watched(services, (watch) => services.drive(spec, { directory, recipe, ...watch }));
  return conclude(result, target, services);
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
