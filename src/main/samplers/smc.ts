import { effectiveSize, logSumExp, systematic } from './resampling';
import { rowNoise } from './rowNoise';
import { resample } from './temperedPilot';
import { emptyTrace, traceMove, type TemperatureTrace } from './temperatureTrace';
import { emptyRows, rowsAtOnce, TemperedChains, type RowState } from './temperedChains';
import type { Base, SamplerContext, SamplerProgress } from './types';

/**
 * Tempered sequential Monte Carlo (Del Moral, Doucet and Jasra 2006): populations of N particles go from π₀ to the target. At each β_t
 *
 *     log Ẑ += log Σ_i W_i v_i,  v = e^{(β_t − β_{t−1}) Δ};  W ∝ W v;  systematic resampling where 1/ΣW² < threshold · N;  HMC at β_t
 *
 * With temperatures and step sizes fixed beforehand E[Ẑ] = Z for any N, and E[log Ẑ] ≤ log Z. Populations are independent.
 */
export interface SmcOptions {
  readonly base: Base;
  /** β_0 … β_T, fixed. */
  readonly betas: Float64Array;
  /** ε_t of the transitions at β_t. */
  readonly stepSizes: Float64Array;
  readonly leapfrog: number;
  /** Transitions at each temperature. */
  readonly moves: number;
  /** N */
  readonly particles: number;
  readonly populations: number;
  /** Share of N that the effective sample size must fall below before a population is resampled; 0 never resamples. */
  readonly threshold: number;
}

/** Populations that have ended. */
export interface SmcBlock {
  /** log Ẑ of each, nats. */
  readonly logZ: Float64Array;
  /** log Ẑ + log(N W) of each particle: their mean weight is Ẑ. `[populations · N]` */
  readonly logWeights: Float64Array;
  /** `[populations · N, d]` */
  readonly positions: Float64Array;
  /** How many first particles each population descends from. */
  readonly families: Int32Array;
}

/** What went on at each temperature, summed over populations. */
export interface SmcTrace extends TemperatureTrace {
  /** Of log Ẑ up to β_t. */
  readonly logZ: Float64Array;
  /** Of effective shares after reweighting. */
  readonly effective: Float64Array;
  /** Of shares of first particles that have descendants. */
  readonly families: Float64Array;
  readonly resampled: Float64Array;
  readonly populations: Float64Array;
}

export interface SmcSnapshot {
  /** Transitions that blocks of populations have made. */
  readonly iteration: number;
  readonly state: RowState;
  readonly weights: Float64Array;
  /** The first particle that each descends from, by its place in the population. */
  readonly roots: Int32Array;
  readonly logZ: Float64Array;
  readonly trace: SmcTrace;
  readonly gradientEvaluations: number;
}

export interface SmcResult {
  readonly trace: SmcTrace;
  readonly gradientEvaluations: number;
}

function cutOf({ target }: Pick<SamplerContext, 'target'>, { populations, particles, leapfrog }: SmcOptions) {
  const most = Math.max(1, Math.floor(rowsAtOnce(target, leapfrog) / particles));
  const blocks = Math.ceil(populations / most);
  return { blocks, width: Math.ceil(populations / blocks) };
}

/** How many iterations `runPopulations` counts. */
export function smcLength(context: Pick<SamplerContext, 'target'>, options: SmcOptions): number {
  return cutOf(context, options).blocks * (options.betas.length - 1) * options.moves;
}

/** Yields after each transition of a block of populations, and with its last one the block. */
export async function* runPopulations(
  context: SamplerContext,
  options: SmcOptions,
  resume?: SmcSnapshot,
): AsyncGenerator<SamplerProgress<SmcSnapshot, SmcBlock>, SmcResult> {
  const { base, betas, stepSizes, leapfrog, moves, particles } = options;
  const { dim } = context.target;
  const last = betas.length - 1;
  const { blocks, width } = cutOf(context, options);
  const rows = width * particles;
  const length = last * moves;
  const trace = resume === undefined ? emptySmcTrace(last) : structuredClone(resume.trace);
  let iteration = resume?.iteration ?? 0;
  let gradientEvaluations = resume?.gradientEvaluations ?? 0;
  if (iteration < blocks * length) {
    const state = resume === undefined ? emptyRows(rows, dim) : structuredClone(resume.state);
    const weights = resume?.weights.slice() ?? new Float64Array(rows);
    const roots = resume?.roots.slice() ?? new Int32Array(rows);
    const logZ = resume?.logZ.slice() ?? new Float64Array(width);
    const chains = await TemperedChains.open(context, base, rows);
    const [before, betasOfRows] = [gradientEvaluations, new Float64Array(rows)];
    try {
      for (let block = Math.floor(iteration / length); block < blocks; block += 1) {
        const first = Math.min(block * width, options.populations - width);
        // Populations that an earlier block had already.
        const skip = block * width - first;
        const noise = rowNoise({ seed: context.seed, first: first * particles, rows }, dim);
        if (iteration === block * length) {
          noise.base(base, state.position);
          await chains.evaluate(state);
          weights.fill(1 / particles);
          roots.forEach((_, row) => (roots[row] = row % particles));
          logZ.fill(0);
        }
        for (let made = iteration - block * length; made < length; made += 1) {
          const t = 1 + Math.floor(made / moves);
          if (made % moves === 0) {
            const increment = (betas[t] as number) - (betas[t - 1] as number);
            const uniforms = noise.uniforms(t);
            for (let p = 0; p < width; p += 1) {
              const population = { first: p * particles, count: particles };
              logZ[p] = (logZ[p] as number) + reweight(chains, state, weights, increment, population);
              const own = weights.subarray(p * particles, (p + 1) * particles);
              const effective = effectiveSize(own) / particles;
              const falls = effective < options.threshold;
              if (falls) branch(state, dim, own, roots, population, uniforms[p * particles] as number);
              if (p >= skip) note(trace, t, logZ[p] as number, effective, roots, population, falls);
            }
          }
          const drawn = noise.transition(made, stepSizes[t] as number);
          await chains.transition(state, { ...drawn, betas: betasOfRows.fill(betas[t] as number), leapfrog });
          traceMove(trace, t, chains.info, rows);
          iteration += 1;
          gradientEvaluations = before + chains.gradientEvaluations;
          const now = { iteration, state, weights, roots, logZ, trace, gradientEvaluations };
          const capture = (): SmcSnapshot => structuredClone(now);
          const part = made + 1 < length ? {} : { part: finished(now, particles, dim, skip) };
          yield { iteration, report: { acceptance: chains.info.accepted }, capture, ...part };
        }
      }
    } finally {
      await chains.dispose();
    }
  }
  return { trace, gradientEvaluations };
}

interface Population {
  readonly first: number;
  readonly count: number;
}

/** W ← W v / ΣW v. @returns log ΣW v, nats; a weight that is no number makes all of them none, and Ẑ with them */
function reweight(
  chains: TemperedChains,
  state: RowState,
  weights: Float64Array,
  increment: number,
  { first, count }: Population,
): number {
  const logs = new Float64Array(count);
  for (let i = 0; i < count; i += 1) {
    logs[i] = Math.log(weights[first + i] as number) + increment * chains.logRatio(state, first + i);
  }
  const total = logSumExp(logs);
  for (let i = 0; i < count; i += 1) weights[first + i] = Math.exp((logs[i] as number) - total);
  return total;
}

function branch(
  state: RowState,
  dim: number,
  weights: Float64Array,
  roots: Int32Array,
  { first, count }: Population,
  uniform: number,
): void {
  const parents = systematic(weights, uniform);
  resample(state, dim, parents, first);
  const old = roots.slice(first, first + count);
  parents.forEach((parent, i) => (roots[first + i] = old[parent] as number));
  weights.fill(1 / count);
}

function note(
  trace: SmcTrace,
  t: number,
  logZ: number,
  effective: number,
  roots: Int32Array,
  population: Population,
  resampled: boolean,
): void {
  const add = (sums: Float64Array, value: number): void => void (sums[t] = (sums[t] as number) + value);
  add(trace.logZ, logZ);
  add(trace.effective, effective);
  add(trace.families, distinct(roots, population) / population.count);
  add(trace.resampled, Number(resampled));
  add(trace.populations, 1);
}

function distinct(roots: Int32Array, { first, count }: Population): number {
  return new Set(roots.subarray(first, first + count)).size;
}

function finished(
  { state, weights, roots, logZ }: Pick<SmcSnapshot, 'state' | 'weights' | 'roots' | 'logZ'>,
  particles: number,
  dim: number,
  skip: number,
): SmcBlock {
  const from = skip * particles;
  return {
    logZ: logZ.slice(skip),
    logWeights: weights.slice(from).map((weight, i) => {
      const own = logZ[skip + Math.floor(i / particles)] as number;
      return own + Math.log(particles * weight);
    }),
    positions: state.position.slice(from * dim),
    families: Int32Array.from(logZ.subarray(skip), (_, p) =>
      distinct(roots, { first: from + p * particles, count: particles }),
    ),
  };
}

function emptySmcTrace(temperatures: number): SmcTrace {
  const make = (): Float64Array => new Float64Array(temperatures + 1);
  return {
    ...emptyTrace(temperatures),
    ...{ logZ: make(), effective: make(), families: make(), resampled: make(), populations: make() },
  };
}
