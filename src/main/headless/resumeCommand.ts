import type { History } from './history';
import { findRun } from './findRun';
import { conclude, jsonTarget, watched, type RunServices } from './runOutcome';

export interface ResumeOptions {
  /** Where the result goes; "-" is standard output. */
  readonly json?: string;
}

/**
 * `bracket resume`.
 * @returns the exit code, as `bracket run`
 * @throws InputError when there is no such run, or it cannot go on
 */
export async function resumeCommand(
  given: string,
  { json }: ResumeOptions,
  history: History,
  services: RunServices,
): Promise<number> {
  const id = findRun(history.store, given);
  const target = jsonTarget(json);
  const result = await watched(services, (watch) => history.resume(id, watch));
  return conclude(result, target, {
    ...services,
    isPaused: (run) => history.isPaused(run),
    isKept: (run) => history.isKept(run),
  });
}
