import { tQuantile975 } from '../../../shared/statistics';
import { componentSeed } from '../componentSeed';
import type { MethodContext, MethodProgress } from '../methodTypes';
import { openFixedFields } from '../paths/fixedFields';
import { ReversePath } from '../paths/reverse';
import type { ForwardScore } from '../paths/types';
import { networkFeeds, type TrainedSampler } from './evaluate';
import { pathNoise } from './noise';
import { coefficientsOf, startOf } from './parameters';
import { rowBlocks } from './rows';
import { ScoreChunk } from './scoreChunk';
import { forwardEvaluations } from './settings';

/** What paths from exact samples of the target down to the start say. In nats. */
export interface ReverseEvaluation {
  /** Mean log w: at least log Z in expectation. */
  readonly bound: { readonly value: number; readonly ci95: number | null; readonly n: number };
  /** −log mean 1/w */
  readonly estimate: number;
  /** (Σ1/w)²/Σ1/w² */
  readonly effectiveSampleSize: number;
  readonly logWeights: Float64Array;
  /** Paths whose weight was not finite; they are in nothing above. */
  readonly dropped: number;
  readonly gradientEvaluations: number;
}

/** Survives structured cloning. */
export interface ReverseSnapshot {
  /** Paths so far. */
  readonly iteration: number;
  readonly logWeights: Float64Array;
}

const mostRows = 4096;
const memory = 2 ** 27;

/**
 * Draws paths backward from exact samples, with the same kernels in the same order: E[log w] ≥ log Z over them, E[1/w] = 1/Z.
 * @param sample exact samples of the normalised target, `[count, d]`
 * @param resume goes on from there
 */
export async function* evaluateReverse(
  trained: TrainedSampler,
  count: number,
  sample: (count: number, seed: number) => Float64Array,
  context: MethodContext,
  resume?: ReverseSnapshot,
): AsyncGenerator<MethodProgress<ReverseSnapshot>, ReverseEvaluation> {
  const { settings, sampler } = trained;
  const { device, target, precision, name } = context;
  const { dim } = target;
  const { steps } = settings.path;
  const logWeights = resume?.logWeights.slice() ?? new Float64Array(count);
  let done = resume?.iteration ?? 0;
  if (done < count) {
    const { rows } = rowBlocks(context, { count, steps: 0, most: mostRows, memory });
    const exact = sample(count, componentSeed(context.seed, `${name}/exact`));
    const noise = pathNoise(componentSeed(context.seed, `${name}/reverse`), dim, steps);
    const fields = await openFixedFields({ device, target, precision, rows, gradients: false });
    const path = ReversePath.open(fields, settings.path);
    const scored = await openScore(trained, rows, context);
    try {
      const coefficients = coefficientsOf(sampler, settings.sizes);
      while (done < count) {
        const first = Math.min(done, count - rows);
        const ends = exact.subarray(first * dim, (first + rows) * dim);
        await path.run(ends, startOf(sampler), coefficients, noise(0, first, rows), scored?.score);
        logWeights.set(path.logWeights, first);
        done = first + rows;
        const iteration = done;
        yield { iteration, report: {}, capture: () => ({ iteration, logWeights: logWeights.slice() }) };
      }
    } finally {
      await path.dispose();
      await scored?.dispose();
    }
  }
  return { ...summary(logWeights), logWeights, gradientEvaluations: count * forwardEvaluations(settings.path) };
}

async function openScore(
  trained: TrainedSampler,
  rows: number,
  { device, precision }: MethodContext,
): Promise<{ readonly score: ForwardScore; readonly dispose: () => Promise<void> } | undefined> {
  const { network } = trained.settings;
  const feeds = networkFeeds(trained);
  if (network === undefined || feeds === undefined) return undefined;
  const chunk = await ScoreChunk.open({ device, network, rows, precision, transitions: 1, gradients: 'none' });
  return {
    score: async (k, input, out) => {
      chunk.place(0, k, input);
      await chunk.run(feeds);
      out.set(chunk.score(0));
    },
    dispose: () => chunk.dispose(),
  };
}

function summary(logWeights: Float64Array): Omit<ReverseEvaluation, 'logWeights' | 'gradientEvaluations'> {
  const finite = logWeights.filter(Number.isFinite);
  const n = finite.length;
  const mean = finite.reduce((a, b) => a + b, 0) / n;
  const spread = finite.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const least = finite.reduce((a, b) => Math.min(a, b), Infinity);
  const inverse = finite.map((value) => Math.exp(least - value));
  const [total, squares] = [inverse.reduce((a, b) => a + b, 0), inverse.reduce((sum, value) => sum + value * value, 0)];
  return {
    bound: { value: mean, ci95: n > 1 ? tQuantile975(n - 1) * Math.sqrt(spread / (n - 1) / n) : null, n },
    estimate: least - Math.log(total / n),
    effectiveSampleSize: (total * total) / squares,
    dropped: logWeights.length - n,
  };
}
