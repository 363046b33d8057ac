import { conditionalEffectiveShare, effectiveSize, logSumExp, nextBeta, systematic } from './resampling';
import { rowNoise } from './rowNoise';
import type { StepSizeTable } from './stepSizes';
import { acceptanceOf, emptyRows, TemperedChains, type RowState } from './temperedChains';
import type { Base, SamplerContext, SamplerProgress } from './types';

/**
 * Finds step sizes, and where asked the temperatures, in a run of its own on random numbers of its own: a population goes from π₀ to the target,
 * resampled on the way so that it stays near π_β. What is measured later uses the table unchanged. A chain that adapts while it is measured
 * depends on its own past, and its weights are no longer unbiased.
 */
export interface TemperedPilotOptions {
  readonly base: Base;
  /** β_0 … β_T, or how to space them: each step keeps this share of the conditional effective sample size, in `most` steps at the most. */
  readonly schedule: Float64Array | { readonly conditionalEss: number; readonly most: number };
  readonly leapfrog: number;
  /** Acceptance to aim for. */
  readonly acceptance: number;
  /** Of the population. */
  readonly rows: number;
}

export interface TemperedPilotSnapshot {
  readonly iteration: number;
  /** Temperatures begun, the last one's transitions made, and all transitions. */
  readonly place: { readonly temperatures: number; readonly moves: number; readonly transitions: number };
  /** β_1 … of the temperatures begun. */
  readonly betas: readonly number[];
  /** log ε of the temperatures that are finished. */
  readonly logSteps: readonly number[];
  readonly logStep: number;
  readonly state: RowState;
  readonly weights: Float64Array;
  readonly lastShare: number;
  readonly gradientEvaluations: number;
}

export interface TemperedPilotResult {
  /** β_0 … β_T */
  readonly betas: Float64Array;
  readonly table: StepSizeTable;
  readonly gradientEvaluations: number;
  /** Share of the conditional effective sample size that the last step kept: low where the temperatures ran out. */
  readonly lastShare: number;
}

/** Transitions at the first temperature beyond those of every one. */
const warmUp = 30;
const movesEach = 2;
const warmUpGain = 0.5;
const gain = 0.25;
const [smallest, largest] = [Math.log(1e-6), Math.log(1e3)];

/** How many transitions a pilot of so many temperatures makes at the most. */
export function pilotLength(temperatures: number): number {
  return warmUp + movesEach * temperatures;
}

/** Yields after each transition. */
export async function* temperedPilot(
  context: SamplerContext,
  options: TemperedPilotOptions,
  resume?: TemperedPilotSnapshot,
): AsyncGenerator<SamplerProgress<TemperedPilotSnapshot>, TemperedPilotResult> {
  const { base, schedule, leapfrog, rows } = options;
  const { dim } = context.target;
  const most = schedule instanceof Float64Array ? schedule.length - 1 : schedule.most;
  const length = pilotLength(most);
  const betas = [...(resume?.betas ?? [])];
  const logSteps = [...(resume?.logSteps ?? [])];
  let { moves, transitions } = resume?.place ?? { moves: 0, transitions: 0 };
  let logStep = resume?.logStep ?? Math.log(0.1);
  const state = resume === undefined ? emptyRows(rows, dim) : structuredClone(resume.state);
  let weights: Float64Array = resume?.weights.slice() ?? new Float64Array(rows).fill(1 / rows);
  let evaluations = resume?.gradientEvaluations ?? 0;
  let lastShare = resume?.lastShare ?? 1;
  if ((resume?.iteration ?? 0) < length) {
    const chains = await TemperedChains.open(context, base, rows);
    try {
      const noise = rowNoise({ seed: context.seed, first: 0, rows }, dim);
      if (resume === undefined) {
        noise.base(base, state.position);
        await chains.evaluate(state);
      }
      const before = evaluations;
      let beta = betas.at(-1) ?? 0;
      while (moves > 0 || beta < 1) {
        if (moves === 0) {
          const ratios = logRatios(chains, state);
          const next = nextOf(schedule, betas.length + 1, { weights, ratios, beta });
          lastShare = conditionalEffectiveShare(weights, ratios, next - beta);
          weights = reweighted(weights, ratios, next - beta);
          beta = next;
          betas.push(beta);
          if (effectiveSize(weights) < rows / 2) {
            resample(state, dim, systematic(weights, noise.uniforms(betas.length)[0] as number));
            weights = new Float64Array(rows).fill(1 / rows);
          }
        }
        const first = betas.length === 1 && moves < warmUp;
        const drawn = noise.transition(transitions, Math.exp(logStep));
        await chains.transition(state, { ...drawn, betas: new Float64Array(rows).fill(beta), leapfrog });
        const acceptance = acceptanceOf(chains.info.energyDrop);
        logStep += (first ? warmUpGain : gain) * (acceptance - options.acceptance);
        logStep = Math.min(largest, Math.max(smallest, logStep));
        transitions += 1;
        moves += 1;
        if (moves === (betas.length === 1 ? warmUp : 0) + movesEach) {
          logSteps.push(logStep);
          moves = 0;
        }
        evaluations = before + chains.gradientEvaluations;
        // With temperatures spaced on the way, the last one is known when it is reached.
        const iteration = beta === 1 && moves === 0 ? length : Math.min(transitions, length - 1);
        const place = { temperatures: betas.length, moves, transitions };
        const capture = (): TemperedPilotSnapshot =>
          structuredClone({
            ...{ iteration, place, betas, logSteps, logStep, state, weights, lastShare },
            gradientEvaluations: evaluations,
          });
        yield { iteration, report: { acceptance, 'step size': Math.exp(logStep) }, capture };
      }
    } finally {
      await chains.dispose();
    }
  }
  const table = { betas, stepSizes: smoothed(logSteps) };
  return { betas: Float64Array.of(0, ...betas), table, gradientEvaluations: evaluations, lastShare };
}

function nextOf(
  schedule: TemperedPilotOptions['schedule'],
  t: number,
  { weights, ratios, beta }: { weights: Float64Array; ratios: Float64Array; beta: number },
): number {
  if (schedule instanceof Float64Array) return schedule[t] ?? 1;
  return t >= schedule.most ? 1 : nextBeta(weights, ratios, beta, schedule.conditionalEss);
}

/** Δ of every row; what is no number counts as no weight, since a pilot measures nothing. */
function logRatios(chains: TemperedChains, state: RowState): Float64Array {
  return state.logTarget.map((_, row) => {
    const ratio = chains.logRatio(state, row);
    return Number.isNaN(ratio) ? Number.NEGATIVE_INFINITY : ratio;
  });
}

/** W v / ΣW v, or as they were where no row has any weight left. */
function reweighted(weights: Float64Array, ratios: Float64Array, delta: number): Float64Array {
  const logs = weights.map((weight, row) => Math.log(weight) + delta * (ratios[row] as number));
  const total = logSumExp(logs);
  return Number.isFinite(total) ? logs.map((log) => Math.exp(log - total)) : weights;
}

/** Each row becomes a copy of its parent. */
export function resample(state: RowState, dim: number, parents: Int32Array, first = 0): void {
  const rows = parents.length;
  const position = state.position.slice(first * dim, (first + rows) * dim);
  const gradient = state.gradient.slice(first * dim, (first + rows) * dim);
  const logTarget = state.logTarget.slice(first, first + rows);
  parents.forEach((parent, row) => {
    const [from, to] = [parent * dim, (first + row) * dim];
    state.position.set(position.subarray(from, from + dim), to);
    state.gradient.set(gradient.subarray(from, from + dim), to);
    state.logTarget[first + row] = logTarget[parent] as number;
  });
}

/** Geometric mean over a window of a twentieth of the schedule, at least three temperatures: the search itself jitters. */
function smoothed(logSteps: readonly number[]): number[] {
  const reach = Math.max(1, Math.floor(logSteps.length / 40));
  return logSteps.map((_, index) => {
    const window = logSteps.slice(Math.max(0, index - reach), index + reach + 1);
    return Math.exp(window.reduce((total, value) => total + value, 0) / window.length);
  });
}
