import { fillNormals } from '../../tensor/random/streams';
import { componentSeed } from '../componentSeed';
import { addDraw, noDraws, summarised, type DrawsState } from '../dais/draws';
import type { Vectors } from '../hostAdam';
import type { Evaluation, MethodContext, MethodProgress } from '../methodTypes';
import { standardNormalAt, type Bridge } from './bridge';
import { FlowPrograms, rowsAtOnce, type AnnealingFlow, type Floats } from './programs';

export interface FlowEvaluationOptions {
  readonly samples: number;
  /** S: Runge–Kutta steps of a block. */
  readonly steps: number;
  /** s₀, by which what a bridge calls x is multiplied where it leaves. */
  readonly scale: number;
  /** How many draws are kept of the end, at the most. */
  readonly keep?: number;
  /** And of each block. */
  readonly keepOfBlocks?: number;
}

/** Everything that an evaluation goes on from, with equal bits. Survives structured cloning. */
export interface FlowEvaluationSnapshot {
  /** Draws so far. */
  readonly iteration: number;
  /** Of each block against its own f_k, and of the last against the target. */
  readonly blocks: readonly DrawsState[];
  readonly draws: DrawsState;
  /** Sum of ∫ |v|² dt of each block. */
  readonly energies: Float64Array;
  readonly samples: Float64Array;
  readonly sampleLogWeights: Float64Array;
  /** Places after each block, `[kept, d]` each, the base's first. */
  readonly stages: readonly Float64Array[];
  readonly stepError: number;
}

/** What the draws of one block say of f_k. */
export interface BlockEvaluation {
  /** log-mean-exp of log f_k − log ρ_k: an estimate of log Z_k. */
  readonly logZ: number;
  /** E[log f_k − log ρ_k] ≤ log Z_k. */
  readonly elbo: number;
  /** As a share of the draws. */
  readonly ess: number;
  /** Mean of ∫ |v|² dt. */
  readonly energy: number;
}

export interface FlowEvaluation extends Evaluation {
  readonly blocks: readonly BlockEvaluation[];
  readonly stages: readonly Float64Array[];
  /** Largest difference of a log weight from one of twice the steps, among the first draws; nats. */
  readonly stepError: number;
}

/**
 * Fresh draws of the base through all blocks, with the density that they have at each: log ρ_k(x_k) = log ρ_{k−1}(x_{k−1}) − ∫ div v_k dt.
 * log w = log q̃ − log ρ gives E[log w] ≤ log Z and, w being unbiased, log-mean-exp as an estimate.
 * @param bridge whose last entry is the target
 * @param resume goes on from there
 */
export async function* evaluateAnnealingFlow(
  flow: AnnealingFlow,
  bridge: Bridge,
  { samples: count, steps, scale, keep = 2000, keepOfBlocks = 600 }: FlowEvaluationOptions,
  { name, device, seed, precision }: Omit<MethodContext, 'target'>,
  resume?: FlowEvaluationSnapshot,
): AsyncGenerator<MethodProgress<FlowEvaluationSnapshot>, FlowEvaluation> {
  const { dim } = bridge;
  const { network, rule, blocks: weights } = flow;
  const [stride, ofBlocks] = [Math.ceil(count / Math.max(1, keep)), Math.ceil(count / Math.max(1, keepOfBlocks))];
  const state = resume === undefined ? undefined : structuredClone(resume);
  const blocks = state?.blocks ?? weights.map(() => noDraws(dim));
  const draws = state?.draws ?? noDraws(dim);
  const energies = state?.energies ?? new Float64Array(weights.length);
  const samples = state?.samples ?? new Float64Array(Math.ceil(count / stride) * dim);
  const sampleLogWeights = state?.sampleLogWeights ?? new Float64Array(Math.ceil(count / stride));
  const stages =
    state?.stages ??
    Array.from({ length: weights.length + 1 }, () => new Float64Array(Math.ceil(count / ofBlocks) * dim));
  let stepError = state?.stepError ?? 0;
  if (draws.count < count) {
    const rows = rowsAtOnce(count, dim, network.hidden);
    const programs = await FlowPrograms.open({ device, bridge, network, rule, precision, rows });
    const own = componentSeed(seed, `${name}/evaluation`);
    try {
      while (draws.count < count) {
        // The last rows are as many as the others and begin among draws that are there already.
        const first = Math.min(draws.count, count - rows);
        const fresh = draws.count - first;
        const start = precision === 'float32' ? new Float32Array(rows * dim) : new Float64Array(rows * dim);
        const of = { firstChain: 0, chains: 1, firstDatum: first, data: rows, width: dim };
        fillNormals(start, { seed: own, stream: 'pathInitial', step: 0, ...of });
        const store = (stage: number, x: Floats): void => {
          for (let row = fresh; row < rows; row += 1) {
            if ((first + row) % ofBlocks !== 0) continue;
            const into = stages[stage] as Float64Array;
            for (let i = 0; i < dim; i += 1)
              into[((first + row) / ofBlocks) * dim + i] = scale * (x[row * dim + i] ?? NaN);
          }
        };
        store(0, start);
        const end = await through(programs, start, weights, steps, async (block, at) => {
          store(block + 1, at.x);
          const log = await programs.logDensity(at.x, block);
          const own = blocks[block] as DrawsState;
          for (let row = fresh; row < rows; row += 1) {
            energies[block] = (energies[block] ?? NaN) + (at.energy[row] ?? NaN);
            addDraw(own, (log[row] ?? NaN) - (at.logDensity[row] ?? NaN), at.x, row * dim, 1);
          }
        });
        const weight = await logWeights(programs, bridge, end);
        if (first === 0 && fresh === 0) {
          const finer = await logWeights(programs, bridge, await through(programs, start, weights, 2 * steps));
          stepError = finer.reduce((most, value, row) => Math.max(most, Math.abs(value - (weight[row] ?? NaN))), 0);
        }
        const scaled = Float64Array.from(end.x, (value) => scale * value);
        for (let row = fresh; row < rows; row += 1) {
          const draw = first + row;
          addDraw(draws, weight[row] ?? NaN, scaled, row * dim, 1);
          if (draw % stride !== 0) continue;
          samples.set(scaled.subarray(row * dim, (row + 1) * dim), (draw / stride) * dim);
          sampleLogWeights[draw / stride] = weight[row] ?? NaN;
        }
        const iteration = draws.count;
        const now = { iteration, blocks, draws, energies, samples, sampleLogWeights, stages, stepError };
        yield { iteration, report: {}, capture: () => structuredClone(now) };
      }
    } finally {
      await programs.dispose();
    }
  }
  return {
    ...summarised(draws),
    ...{ samples, sampleLogWeights, stages, stepError, gradientEvaluations: 0 },
    blocks: blocks.map((each, block) => {
      const { estimate, bound, effectiveSampleSize, dropped } = summarised(each);
      const finite = dropped === 0;
      return {
        logZ: finite ? estimate : NaN,
        elbo: finite ? bound.value : NaN,
        ess: effectiveSampleSize / each.count,
        energy: (energies[block] ?? NaN) / each.count,
      };
    }),
  };
}

/** Rows of the flow with log ρ there, nats. */
interface Reached {
  readonly x: Floats;
  /** `[rows]` */
  readonly logDensity: Float64Array;
}

/** Rows of the standard normal through all blocks. */
async function through(
  programs: FlowPrograms,
  start: Floats,
  weights: readonly Vectors[],
  steps: number,
  each?: (block: number, at: Reached & { readonly energy: Floats }) => Promise<void>,
): Promise<Reached> {
  const { dim, rows } = programs;
  let x = start;
  const logDensity = Float64Array.from({ length: rows }, (_, row) => standardNormalAt(start, row * dim, dim));
  for (const [block, own] of weights.entries()) {
    const moved = await programs.push(x, own, steps);
    for (let row = 0; row < rows; row += 1) logDensity[row] = (logDensity[row] ?? NaN) - (moved.divergence[row] ?? NaN);
    x = moved.x;
    await each?.(block, { x, logDensity, energy: moved.energy });
  }
  return { x, logDensity };
}

/** Against the last density of the bridge, which is the target also where fewer blocks were trained. */
async function logWeights(programs: FlowPrograms, bridge: Bridge, { x, logDensity }: Reached): Promise<Float64Array> {
  const log = await programs.logDensity(x, bridge.blocks.length - 1);
  return logDensity.map((value, row) => (log[row] ?? NaN) - value);
}
