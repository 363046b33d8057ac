import { equalised, evenLadder } from './ladder';
import { rowNoise } from './rowNoise';
import { stepSizeAt } from './stepSizes';
import { acceptanceOf, emptyRows, TemperedChains, type RowState } from './temperedChains';
import type { Base, SamplerContext, SamplerProgress } from './types';

/**
 * Parallel tempering (Geyer 1991): each of R replicas is a ladder of chains at 0 = β_0 < … < β_{M−1} = 1. A sweep draws the hottest afresh
 * from π₀, moves every other by HMC, and proposes to swap neighbours, even and odd pairs in turns, with
 *
 *     log α = (β_{j+1} − β_j) (Δ(x_j) − Δ(x_{j+1})),  Δ = log f − log π₀
 *
 * so that each ladder leaves the product of its π_β invariant. Replicas never meet: they tell whether the cold chains agree. While it warms
 * up, step sizes move toward the wanted acceptance and temperatures to where neighbours swap alike; then both are frozen.
 */
export interface TemperingOptions {
  readonly base: Base;
  /** M, at least 2. */
  readonly temperatures: number;
  /** Whether temperatures move while it warms up. */
  readonly adaptive: boolean;
  /** R */
  readonly replicas: number;
  readonly warmUp: number;
  /** Sweeps whose cold positions are kept. */
  readonly iterations: number;
  readonly leapfrog: number;
  readonly acceptance: number;
}

/** Counts since they were last reset; of pairs, j stands for (j, j + 1). */
export interface SwapCounts {
  /** Sums of min(1, α), and how many, by pair. */
  readonly swapped: Float64Array;
  readonly proposed: Float64Array;
  /** Sums of acceptance and number of transitions, by temperature but the first. */
  readonly accepted: Float64Array;
  readonly moved: Float64Array;
  divergences: number;
  /** Ways of a chain's point from the cold end to the hot one and back. */
  roundTrips: number;
}

export interface TemperingSnapshot {
  readonly iteration: number;
  readonly betas: Float64Array;
  /** log ε of each temperature but the first. */
  readonly logSteps: Float64Array;
  readonly hot: RowState;
  readonly rest: RowState;
  /** Which walker stands where, `[M, R]`, and of each whether it has been cold (1) and hot since then (2). */
  readonly walkers: Int32Array;
  readonly ways: Int8Array;
  readonly counts: SwapCounts;
  /** Cold positions kept so far, `[iteration, R, d]`. */
  readonly draws: Float32Array;
  readonly gradientEvaluations: number;
}

export interface TemperingResult {
  readonly betas: Float64Array;
  readonly stepSizes: Float64Array;
  /** Of the kept sweeps. */
  readonly counts: SwapCounts;
  /** `[iterations, R, d]` */
  readonly draws: Float32Array;
  readonly gradientEvaluations: number;
}

/** Shares of the warm-up after which temperatures move. */
const windows = [0.04, 0.08, 0.13, 0.19, 0.26, 0.34, 0.44, 0.56, 0.7];

/** Yields after each sweep. */
export async function* temperInParallel(
  context: SamplerContext,
  options: TemperingOptions,
  resume?: TemperingSnapshot,
): AsyncGenerator<SamplerProgress<TemperingSnapshot>, TemperingResult> {
  const { base, temperatures, replicas, warmUp, iterations, leapfrog } = options;
  const { dim } = context.target;
  const [total, moving] = [warmUp + iterations, (temperatures - 1) * replicas];
  const copy = structuredClone(resume);
  let betas = copy?.betas ?? evenLadder(temperatures);
  let logSteps = copy?.logSteps ?? new Float64Array(temperatures - 1).fill(Math.log(0.2));
  const hot = copy?.hot ?? emptyRows(replicas, dim);
  const rest = copy?.rest ?? emptyRows(moving, dim);
  const walkers = copy?.walkers ?? Int32Array.from({ length: temperatures * replicas }, (_, place) => place);
  const ways = copy?.ways ?? new Int8Array(temperatures * replicas);
  let counts = copy?.counts ?? noCounts(temperatures);
  const draws = new Float32Array(iterations * replicas * dim);
  draws.set(copy?.draws ?? []);
  let iteration = copy?.iteration ?? 0;
  let gradientEvaluations = copy?.gradientEvaluations ?? 0;
  if (iteration < total) {
    const before = gradientEvaluations;
    const fresh = await TemperedChains.open(context, base, replicas);
    const chains = await TemperedChains.open(context, base, moving);
    try {
      // Rows of noise: the hot ones first. The swap of pair j of replica r has the uniform of row j R + r.
      const hotNoise = rowNoise({ seed: context.seed, first: 0, rows: replicas }, dim);
      const noise = rowNoise({ seed: context.seed, first: replicas, rows: moving }, dim);
      const rowBetas = new Float64Array(moving);
      const rowSteps = new Float64Array(moving);
      const spread = (): void => {
        for (let row = 0; row < moving; row += 1) {
          const rung = Math.floor(row / replicas);
          rowBetas[row] = betas[rung + 1] as number;
          rowSteps[row] = Math.exp(logSteps[rung] as number);
        }
      };
      if (resume === undefined) {
        noise.base(base, rest.position);
        await chains.evaluate(rest);
      }
      while (iteration < total) {
        spread();
        hotNoise.base(base, hot.position, iteration + 1);
        await fresh.evaluate(hot);
        await chains.transition(rest, { ...noise.transition(iteration, rowSteps), betas: rowBetas, leapfrog });
        counts.divergences += chains.info.divergences;
        const uniforms = noise.uniforms(iteration);
        for (let pair = iteration % 2; pair < temperatures - 1; pair += 2) {
          const gap = (betas[pair + 1] as number) - (betas[pair] as number);
          for (let r = 0; r < replicas; r += 1) {
            const [row, above] = [(pair - 1) * replicas + r, pair * replicas + r];
            const lower = pair === 0 ? fresh.logRatio(hot, r) : chains.logRatio(rest, row);
            const logAlpha = gap * (lower - chains.logRatio(rest, above));
            add(counts.swapped, pair, Number.isNaN(logAlpha) ? 0 : Math.exp(Math.min(0, logAlpha)));
            add(counts.proposed, pair, 1);
            // A comparison with NaN is false.
            if (!(Math.log(uniforms[above] as number) < logAlpha)) continue;
            swap(pair === 0 ? hot : rest, pair === 0 ? r : row, rest, above, dim);
            exchange(walkers, above, above + replicas);
          }
        }
        counts.roundTrips += arrivals(walkers, ways, replicas);
        const warming = iteration < warmUp;
        const acceptances = logSteps.map((_, rung) =>
          acceptanceOf(chains.info.energyDrop, rung * replicas, (rung + 1) * replicas),
        );
        acceptances.forEach((acceptance, rung) => {
          add(counts.accepted, rung, acceptance);
          add(counts.moved, rung, 1);
        });
        iteration += 1;
        if (warming) {
          const gain = Math.max(0.05, 1 / Math.sqrt(iteration));
          logSteps = logSteps.map((value, rung) =>
            Math.min(7, Math.max(-14, value + gain * ((acceptances[rung] as number) - options.acceptance))),
          );
          const moves = options.adaptive && windows.some((share) => Math.floor(share * warmUp) === iteration);
          if (moves) {
            const table = { betas: [...betas.subarray(1)], stepSizes: [...logSteps].map(Math.exp) };
            betas = equalised(betas, rejectionsOf(counts));
            logSteps = betas.slice(1).map((beta) => Math.log(stepSizeAt(table, beta)));
          }
          if (moves || iteration === warmUp) counts = noCounts(temperatures);
        } else {
          const cold = rest.position.subarray((temperatures - 2) * replicas * dim);
          draws.set(cold, (iteration - warmUp - 1) * replicas * dim);
        }
        gradientEvaluations = before + chains.gradientEvaluations + fresh.gradientEvaluations;
        const now = { iteration, betas, logSteps, hot, rest, walkers, ways, counts, gradientEvaluations };
        const kept = Math.max(0, iteration - warmUp) * replicas * dim;
        const capture = (): TemperingSnapshot => structuredClone({ ...now, draws: draws.slice(0, kept) });
        const report = { acceptance: average(acceptances), 'swap rate': 1 - average(rejectionsOf(counts)) };
        yield { iteration, report: Number.isNaN(report['swap rate']) ? {} : report, capture };
      }
    } finally {
      await fresh.dispose();
      await chains.dispose();
    }
  }
  return { betas, stepSizes: logSteps.map(Math.exp), counts, draws, gradientEvaluations };
}

/** Of each pair; NaN where no swap was proposed. */
export function rejectionsOf({ swapped, proposed }: SwapCounts): Float64Array {
  return swapped.map((sum, pair) => 1 - sum / (proposed[pair] as number));
}

function noCounts(temperatures: number): SwapCounts {
  const make = (): Float64Array => new Float64Array(temperatures - 1);
  return { swapped: make(), proposed: make(), accepted: make(), moved: make(), divergences: 0, roundTrips: 0 };
}

function add(sums: Float64Array, index: number, value: number): void {
  sums[index] = (sums[index] as number) + value;
}

function average(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0) / values.length;
}

function exchange(values: Float64Array | Int32Array, a: number, b: number): void {
  const kept = values[a] as number;
  values[a] = values[b] as number;
  values[b] = kept;
}

function swap(low: RowState, a: number, high: RowState, b: number, dim: number): void {
  for (const key of ['position', 'gradient'] as const) {
    for (let i = 0; i < dim; i += 1) {
      const kept = low[key][a * dim + i] as number;
      low[key][a * dim + i] = high[key][b * dim + i] as number;
      high[key][b * dim + i] = kept;
    }
  }
  const kept = low.logTarget[a] as number;
  low.logTarget[a] = high.logTarget[b] as number;
  high.logTarget[b] = kept;
}

/** Notes which walkers are at the ends. @returns how many have come back to the cold end from the hot one */
function arrivals(walkers: Int32Array, ways: Int8Array, replicas: number): number {
  let trips = 0;
  for (let r = 0; r < replicas; r += 1) {
    const [atHot, atCold] = [walkers[r] as number, walkers[walkers.length - replicas + r] as number];
    if (ways[atHot] === 1) ways[atHot] = 2;
    if (ways[atCold] === 2) trips += 1;
    ways[atCold] = 1;
  }
  return trips;
}
