import type { TensorData } from '../tensor/types';
import { noiseOf, type ChainNoise } from './chainNoise';
import { emptyInfo, emptyState, type AnnealedPrograms, type ChainState } from './annealedPrograms';

/**
 * Annealed importance sampling (Neal 2001) with HMC transitions, all chains of a batch at once.
 *
 *     forward, z ~ π₀:           for t = 1 … T:  W += (β_t − β_{t−1}) Δ(z);  z ← HMC(z; π_{β_t})
 *     reverse, z exact at β = 1:  for t = T … 1:  W += (β_t − β_{t−1}) Δ(z);  z ← HMC(z; π_{β_{t−1}})
 *
 * E_forward[W] ≤ log Z ≤ E_reverse[W] (Brekelmans et al. 2022, section 3). The transition after the last increment would change
 * no weight and is not made, so a chain makes T − 1 transitions.
 */
export interface AnnealOptions {
  readonly direction: 'forward' | 'reverse';
  /** Positions to start from, `[chains, data, d]`; not changed. */
  readonly start: Float32Array;
  /** Inputs of the path beside the position, such as `x [data, D]`. */
  readonly inputs: Record<string, TensorData>;
  /** β_0 … β_T in float64. */
  readonly betas: Float64Array;
  /** ε_t of the transition at β_t; the same in both directions. */
  readonly stepSizes: Float64Array;
  /** Multiplies each trajectory's ε by U(1 − jitter, 1 + jitter): fixed lengths can make HMC periodic. */
  readonly jitter: number;
  /** L */
  readonly leapfrog: number;
  readonly noise: ChainNoise;
  /** Where an interrupted batch stood; it ends with the bits that it would have ended with. */
  readonly resume?: AnnealSnapshot | undefined;
}

export interface AnnealResult {
  /** W of each chain, `[chains, data]`, nats, accumulated in float64. */
  readonly logWeights: Float64Array;
  /** The state at which the last increment was taken, `[chains, data, d]`. */
  readonly position: Float32Array;
  /** Share of accepted proposals at each β_t; NaN where no transition was made. */
  readonly acceptance: Float64Array;
  /** Mean of Δ over the batch where the increment of step t (β_{t−1} to β_t) was taken, nats. */
  readonly meanLogRatio: Float64Array;
  /** Trajectories whose energy was not finite, by t. */
  readonly divergences: Int32Array;
  /** Value-and-gradient evaluations of the batch. */
  readonly gradientEvaluations: number;
}

/** A batch between two transitions. */
export interface AnnealSnapshot {
  /** Transitions made. */
  readonly count: number;
  readonly state: ChainState;
  readonly partial: Omit<AnnealResult, 'position'>;
}

/**
 * Runs a batch of chains. Yields after each transition, so that the caller can show progress, stop, or take a snapshot with the
 * function that it is given.
 */
export async function* anneal(
  programs: AnnealedPrograms,
  options: AnnealOptions,
): AsyncGenerator<() => AnnealSnapshot, AnnealResult> {
  const { betas, stepSizes, leapfrog, inputs } = options;
  const { rows, latent } = programs;
  const last = betas.length - 1;
  const forward = options.direction === 'forward';
  let state = emptyState(rows, latent);
  let spare = emptyState(rows, latent);
  const info = emptyInfo(rows);
  const result = {
    logWeights: new Float64Array(rows),
    acceptance: new Float64Array(last + 1).fill(Number.NaN),
    meanLogRatio: new Float64Array(last + 1),
    divergences: new Int32Array(last + 1),
    // A copy: whoever resumes may do so again.
    ...structuredClone(options.resume?.partial),
  };
  const draw = noiseOf(options.noise, latent, options.jitter);
  const evaluationsBefore = programs.gradientEvaluations() - (options.resume?.partial.gradientEvaluations ?? 0);
  const gradientEvaluations = (): number => programs.gradientEvaluations() - evaluationsBefore;
  if (options.resume === undefined) await programs.init(options.start, inputs, state);
  else state = structuredClone(options.resume.state);
  for (let count = (options.resume?.count ?? 0) + 1; count <= last; count += 1) {
    const t = forward ? count : last + 1 - count;
    result.meanLogRatio[t] = addIncrement(result.logWeights, state, (betas[t] ?? 0) - (betas[t - 1] ?? 0));
    if (count === last) break;
    const at = forward ? t : t - 1;
    const noise = draw(at, stepSizes[at] ?? Number.NaN);
    await programs.transition(state, spare, inputs, { ...noise, beta: betas[at] ?? 0, leapfrog }, info);
    [state, spare] = [spare, state];
    result.acceptance[at] = mean(info.accepted);
    result.divergences[at] = info.energyDrop.reduce((total, drop) => total + (Number.isFinite(drop) ? 0 : 1), 0);
    yield () => structuredClone({ count, state, partial: { ...result, gradientEvaluations: gradientEvaluations() } });
  }
  return { ...result, position: state.position, gradientEvaluations: gradientEvaluations() };
}

/** Adds Δβ·Δ(z) to each weight in float64 and returns the batch mean of Δ. */
function addIncrement(logWeights: Float64Array, state: ChainState, increment: number): number {
  let total = 0;
  for (let row = 0; row < logWeights.length; row += 1) {
    const ratio = state.logRatio[row] ?? Number.NaN;
    logWeights[row] = (logWeights[row] ?? 0) + increment * ratio;
    total += ratio;
  }
  return total / logWeights.length;
}

function mean(values: Float32Array): number {
  return values.reduce((total, value) => total + value, 0) / values.length;
}
