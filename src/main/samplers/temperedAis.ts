import { rowNoise } from './rowNoise';
import { emptyTrace, traceMove, traceWeights, type TemperatureTrace } from './temperatureTrace';
import { emptyRows, rowsAtOnce, TemperedChains, type RowState } from './temperedChains';
import type { Base, SamplerContext, SamplerProgress } from './types';

/**
 * Annealed importance sampling (Neal 2001) of one density, with HMC transitions that keep each π_β exactly invariant:
 *
 *     forward, z ~ π₀:            for t = 1 … T:  W += (β_t − β_{t−1}) Δ(z);  z ← HMC(z; π_{β_t})
 *     reverse, z exact at β = 1:  for t = T … 1:  W += (β_t − β_{t−1}) Δ(z);  z ← HMC(z; π_{β_{t−1}})
 *
 * with Δ = log f − log π₀. Forward E[e^W] = Z, reverse E[e^−W] = 1/Z, so that by Jensen E[log mean e^W] ≤ log Z ≤ E[−log mean e^−W], each
 * over any number of chains. The transition after the last increment would change no weight and is not made: T − 1 of them.
 */
export interface AisOptions {
  readonly direction: 'forward' | 'reverse';
  readonly base: Base;
  /** β_0 … β_T */
  readonly betas: Float64Array;
  /** ε_t of the transition at β_t, the same in both directions. */
  readonly stepSizes: Float64Array;
  readonly leapfrog: number;
  /** Chains in all. */
  readonly chains: number;
  /** Exact samples of the target that reverse chains start from, `[chains, d]`. */
  readonly exact?: Float64Array;
}

/** Chains that have ended. */
export interface AisBlock {
  /** W of each, nats, NaN where it is no number. */
  readonly logWeights: Float64Array;
  /** Where the last increment was taken, `[n, d]`. */
  readonly positions: Float64Array;
}

export interface AisSnapshot {
  /** Steps of β that blocks of chains have made. */
  readonly iteration: number;
  readonly state: RowState;
  readonly logWeights: Float64Array;
  readonly trace: TemperatureTrace;
  readonly gradientEvaluations: number;
}

export interface AisResult {
  readonly trace: TemperatureTrace;
  readonly gradientEvaluations: number;
}

interface Cut {
  readonly blocks: number;
  readonly rows: number;
}

/** As few blocks as can be, of one size; the last begins among chains that are there already where they do not go up. */
function cutOf({ target }: Pick<SamplerContext, 'target'>, { chains, leapfrog }: AisOptions): Cut {
  const blocks = Math.ceil(chains / Math.min(chains, rowsAtOnce(target, leapfrog)));
  return { blocks, rows: Math.ceil(chains / blocks) };
}

/** How many iterations `annealChains` counts. */
export function aisLength(context: Pick<SamplerContext, 'target'>, options: AisOptions): number {
  return cutOf(context, options).blocks * (options.betas.length - 1);
}

/** Yields after each step of β of a block, and with its last one the block. */
export async function* annealChains(
  context: SamplerContext,
  options: AisOptions,
  resume?: AisSnapshot,
): AsyncGenerator<SamplerProgress<AisSnapshot, AisBlock>, AisResult> {
  const { base, betas, stepSizes, leapfrog, chains: count } = options;
  const { dim } = context.target;
  const last = betas.length - 1;
  const { blocks, rows } = cutOf(context, options);
  const trace = resume === undefined ? emptyTrace(last) : structuredClone(resume.trace);
  let iteration = resume?.iteration ?? 0;
  let gradientEvaluations = resume?.gradientEvaluations ?? 0;
  if (iteration < blocks * last) {
    const state = resume === undefined ? emptyRows(rows, dim) : structuredClone(resume.state);
    const logWeights = resume?.logWeights.slice() ?? new Float64Array(rows);
    const chains = await TemperedChains.open(context, base, rows);
    const before = gradientEvaluations;
    const betasOfRows = new Float64Array(rows);
    const forward = options.direction === 'forward';
    try {
      for (let block = Math.floor(iteration / last); block < blocks; block += 1) {
        const first = Math.min(block * rows, count - rows);
        // What an earlier block had already.
        const skip = block * rows - first;
        const noise = rowNoise({ seed: context.seed, first, rows }, dim);
        if (iteration === block * last) {
          if (options.exact === undefined) noise.base(base, state.position);
          else state.position.set(options.exact.subarray(first * dim, (first + rows) * dim));
          await chains.evaluate(state);
          logWeights.fill(0);
        }
        for (let made = iteration - block * last + 1; made <= last; made += 1) {
          const t = forward ? made : last + 1 - made;
          const increment = (betas[t] as number) - (betas[t - 1] as number);
          for (let row = 0; row < rows; row += 1) {
            logWeights[row] = (logWeights[row] as number) + increment * chains.logRatio(state, row);
          }
          traceWeights(trace, t, logWeights, skip);
          if (made < last) {
            const at = forward ? t : t - 1;
            const drawn = noise.transition(at, stepSizes[at] as number);
            await chains.transition(state, { ...drawn, betas: betasOfRows.fill(betas[at] as number), leapfrog });
            traceMove(trace, at, chains.info, rows);
          }
          iteration += 1;
          gradientEvaluations = before + chains.gradientEvaluations;
          const now = { iteration, state, logWeights, trace, gradientEvaluations };
          const report = made < last ? { acceptance: chains.info.accepted } : {};
          const capture = (): AisSnapshot => structuredClone(now);
          const part = { logWeights: logWeights.slice(skip), positions: state.position.slice(skip * dim) };
          yield { iteration, report, capture, ...(made < last ? {} : { part }) };
        }
      }
    } finally {
      await chains.dispose();
    }
  }
  return { trace, gradientEvaluations };
}
