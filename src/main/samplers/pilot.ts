import type { TensorData } from '../tensor/types';
import { noiseOf, type ChainNoise } from './chainNoise';
import { emptyInfo, emptyState, type AnnealedPrograms, type ChainState } from './annealedPrograms';
import type { StepSizeTable } from './stepSizes';

/**
 * Finds a step size for each temperature in a run of its own, up the temperatures and down again, on its own random numbers. On
 * the way up chains trail behind π_β and accept too easily, on the way down too rarely; the table is the geometric mean of both, since
 * forward and reverse chains must use one and the same step size. The measured chains then use
 * the table unchanged: a chain that adapts while it is measured depends on its own past, leaves π_β not quite invariant, and its
 * bounds are bounds no more.
 *
 * log ε moves by a gain times (acceptance − target), with the acceptance probability min(1, e^{H(old) − H(new)}) averaged over
 * all pilot chains at once (Robbins and Monro 1951).
 */
export interface PilotOptions {
  readonly start: Float32Array;
  readonly inputs: Record<string, TensorData>;
  /** The pilot's own schedule, usually denser or thinner than the measured one. */
  readonly betas: Float64Array;
  readonly leapfrog: number;
  /** Acceptance to aim for. */
  readonly target: number;
  readonly jitter: number;
  readonly noise: ChainNoise;
  /** Where an interrupted pilot stood; it ends with the bits that it would have ended with. */
  readonly resume?: PilotSnapshot | undefined;
}

/** A pilot between two transitions. */
export interface PilotSnapshot {
  /** Transitions made. */
  readonly count: number;
  readonly state: ChainState;
  readonly logStep: number;
  readonly logSteps: Float64Array;
}

export interface PilotResult {
  readonly table: StepSizeTable;
  readonly transitions: number;
}

/** Bounds on ε; beyond ½ a trajectory of a unit Gaussian only turns back on itself. */
export const smallestStep = 1e-4;
export const largestStep = 0.5;

const warmUp = 40;
const warmUpGain = 0.5;
const gain = 0.2;

/** How many transitions a pilot over these temperatures makes. */
export function pilotTransitions(temperatures: number): number {
  return warmUp + 2 * temperatures;
}

/** Yields after each transition, with a function that takes a snapshot. */
export async function* pilot(
  programs: AnnealedPrograms,
  options: PilotOptions,
): AsyncGenerator<() => PilotSnapshot, PilotResult> {
  const { betas, inputs, leapfrog, target, resume } = options;
  const { rows, latent } = programs;
  let state = resume === undefined ? emptyState(rows, latent) : structuredClone(resume.state);
  let spare = emptyState(rows, latent);
  const info = emptyInfo(rows);
  const draw = noiseOf(options.noise, latent, options.jitter);
  if (resume === undefined) await programs.init(options.start, inputs, state);
  let logStep = resume?.logStep ?? Math.log(0.1);
  const last = betas.length - 1;
  const logSteps = resume === undefined ? new Float64Array(last) : resume.logSteps.slice();
  for (let count = resume?.count ?? 0; count < pilotTransitions(last); count += 1) {
    const place = count - warmUp;
    const t = place < 0 ? 1 : place < last ? place + 1 : 2 * last - place;
    const beta = betas[t] ?? 1;
    const noise = draw(count, Math.exp(logStep));
    await programs.transition(state, spare, inputs, { ...noise, beta, leapfrog }, info);
    [state, spare] = [spare, state];
    const acceptance = meanAcceptance(info.energyDrop);
    logStep += (place < 0 ? warmUpGain : gain) * (acceptance - target);
    logStep = Math.min(Math.log(largestStep), Math.max(Math.log(smallestStep), logStep));
    if (place >= 0) logSteps[t - 1] = (logSteps[t - 1] ?? 0) + logStep / 2;
    yield () => structuredClone({ count: count + 1, state, logStep, logSteps });
  }
  const table = { betas: [...betas.subarray(1)], stepSizes: smoothed([...logSteps]) };
  return { table, transitions: pilotTransitions(last) };
}

/** Mean of min(1, e^drop); a trajectory without a finite energy counts as refused. */
function meanAcceptance(energyDrop: Float32Array): number {
  let total = 0;
  for (const drop of energyDrop) total += Number.isNaN(drop) ? 0 : Math.exp(Math.min(0, drop));
  return total / energyDrop.length;
}

/** Geometric mean over a window of a twentieth of the schedule: the search itself jitters by a few per cent. */
function smoothed(logSteps: readonly number[]): number[] {
  const reach = Math.floor(logSteps.length / 40);
  return logSteps.map((_, index) => {
    const window = logSteps.slice(Math.max(0, index - reach), index + reach + 1);
    return Math.exp(window.reduce((total, value) => total + value, 0) / window.length);
  });
}
