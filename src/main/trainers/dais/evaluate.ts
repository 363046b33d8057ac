import { componentSeed } from '../componentSeed';
import type { Evaluation, FactorisedNormal, MethodContext, MethodProgress } from '../methodTypes';
import { planBlocks } from './blocks';
import { AnnealedFlow } from './chain';
import { addDraw, noDraws, summarised, type DrawsState } from './draws';
import { flowNoise } from './noise';
import type { ChainParameters } from './parameters';

export interface EvaluationOptions {
  /** Draws in all; those of a last group that is not whole count for everything but the bound. */
  readonly samples: number;
  /** N: draws under one logarithm. */
  readonly particles: number;
  /** How many draws are kept for plots at the most. */
  readonly keep?: number;
}

/** Everything that an evaluation goes on from, with equal bits. Survives structured cloning. */
export interface EvaluationSnapshot {
  /** Draws so far. */
  readonly iteration: number;
  readonly draws: DrawsState;
  readonly samples: Float64Array;
  readonly sampleLogWeights: Float64Array;
}

/** Chains that are drawn at once, at the most, and the bytes that they may take. */
const mostRows = 8192;
const memory = 2 ** 27;

/**
 * Draws fresh chains and sums up what their weights say of log Z and of the target's moments: log-mean-exp of N weights is at most log Z in
 * expectation, and w itself is unbiased for Z.
 * @param resume goes on from there
 */
export async function* evaluateFlow(
  parameters: ChainParameters,
  { samples: count, particles, keep = 2000 }: EvaluationOptions,
  { name, target, device, seed, precision }: MethodContext,
  resume?: EvaluationSnapshot,
): AsyncGenerator<MethodProgress<EvaluationSnapshot>, Evaluation> {
  const steps = parameters.logStep.length;
  const { dim } = target;
  const stride = Math.ceil(count / Math.max(1, keep));
  const kept = Math.ceil(count / stride);
  const draws = resume === undefined ? noDraws(dim) : structuredClone(resume.draws);
  const samples = resume?.samples.slice() ?? new Float64Array(kept * dim);
  const sampleLogWeights = resume?.sampleLogWeights.slice() ?? new Float64Array(kept);
  const fits = planBlocks({ name, target, precision, steps: 0, particles: 1, batch: count }, memory).rows;
  const rows = Math.min(count, mostRows, fits);
  if (draws.count < count) {
    const noise = flowNoise(componentSeed(seed, `${name}/evaluation`), dim, steps);
    const flow = await AnnealedFlow.open({ device, target, precision, rows, steps, gradients: false });
    try {
      while (draws.count < count) {
        // The last block is as large as the others and begins among draws that are there already.
        const firstDatum = Math.min(draws.count, count - rows);
        await flow.run(parameters, noise(0, { firstChain: 0, chains: 1, firstDatum, data: rows }));
        for (let row = draws.count - firstDatum; row < rows; row += 1) {
          const [draw, logWeight] = [firstDatum + row, flow.logWeights[row] ?? Number.NaN];
          addDraw(draws, logWeight, flow.ends, row * dim, particles);
          if (draw % stride !== 0) continue;
          samples.set(flow.ends.subarray(row * dim, (row + 1) * dim), (draw / stride) * dim);
          sampleLogWeights[draw / stride] = logWeight;
        }
        const iteration = draws.count;
        const capture = (): EvaluationSnapshot => structuredClone({ iteration, draws, samples, sampleLogWeights });
        yield { iteration, report: {}, capture };
      }
    } finally {
      await flow.dispose();
    }
  }
  return { ...summarised(draws), samples, sampleLogWeights, gradientEvaluations: count * steps };
}

/** The same for a factorised normal alone: importance samples, and with N = 1 the evidence lower bound. */
export function evaluateInitial(
  { mean, logVariance }: FactorisedNormal,
  options: EvaluationOptions,
  context: MethodContext,
  resume?: EvaluationSnapshot,
): AsyncGenerator<MethodProgress<EvaluationSnapshot>, Evaluation> {
  const none = new Float64Array(0);
  const [logMass, refreshment] = [Float64Array.of(0), Float64Array.of(0)];
  const parameters = { mean, logVariance, schedule: none, logStep: none, logMass, refreshment };
  return evaluateFlow(parameters, options, context, resume);
}
