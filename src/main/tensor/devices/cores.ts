import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { InputError } from '../../../shared/errors';

/** Where whoever shares a machine says how many threads compute. */
const variable = 'BRACKET_THREADS';

/**
 * How many threads compute. One a physical core, which is what ONNX Runtime would choose by itself, but never more than the
 * process may use: inside a container the runtime sees all cores of the host and its threads would fight for a share of them.
 * Fewer where BRACKET_THREADS says so: threads that wait for each other spin, which takes cores from whatever else computes.
 * @throws InputError where that is no number of threads
 */
export function computeThreads(): number {
  const available = availableParallelism();
  return Math.max(1, Math.min(available, wantedThreads() ?? physicalCores() ?? available));
}

function wantedThreads(): number | undefined {
  const text = process.env[variable] ?? '';
  if (text === '') return undefined;
  if (!/^[1-9]\d{0,3}$/.test(text))
    throw new InputError(variable, `"${text}" is no number of threads`, 'Give a whole number from 1, or unset it.');
  return Number(text);
}

/** Physical cores where Linux tells; two hyperthreads of one core share its arithmetic units, so one thread fills them. */
function physicalCores(): number | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    return countCores(readFileSync('/proc/cpuinfo', 'utf8'));
  } catch {
    return undefined;
  }
}

/** Counts distinct (socket, core) pairs; undefined where the listing has none, as on ARM. */
export function countCores(cpuinfo: string): number | undefined {
  const cores = new Set<string>();
  for (const processor of cpuinfo.split(/\n\s*\n/)) {
    const socket = /^physical id\s*:\s*(\d+)/m.exec(processor)?.[1];
    const core = /^core id\s*:\s*(\d+)/m.exec(processor)?.[1];
    if (socket !== undefined && core !== undefined) cores.add(`${socket}.${core}`);
  }
  return cores.size === 0 ? undefined : cores.size;
}
