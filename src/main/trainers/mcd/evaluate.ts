import type { Parameters } from '../../models/network';
import type { Feeds } from '../../tensor/types';
import { componentSeed } from '../componentSeed';
import { addDraw, noDraws, summarised, type DrawsState } from '../dais/draws';
import type { Evaluation, MethodContext, MethodProgress } from '../methodTypes';
import { ForwardPaths } from './forwardPaths';
import { pathNoise } from './noise';
import { coefficientsOf, type SamplerParameters } from './parameters';
import { rowBlocks } from './rows';
import { forwardEvaluations, type PathSettings } from './settings';
import { lookAt, noStrip, stripOf, type PathStrip, type StripState } from './strip';

/** A sampler with its network, if it has one. */
export interface TrainedSampler {
  readonly settings: PathSettings;
  readonly sampler: SamplerParameters;
  readonly network?: Parameters;
}

export interface PathEvaluationOptions {
  /** Paths in all. */
  readonly samples: number;
  /** How many ends are kept for plots at the most. */
  readonly keep: number;
  /** One or two directions `[d]` that paths are looked at along. */
  readonly directions: readonly Float64Array[];
}

/** Paths that left the numbers or went beyond 10⁶. */
export interface Exploded {
  readonly count: number;
  /** The transition after which most of them had, and its step size. */
  readonly transition: number;
  readonly stepSize: number;
}

export interface PathEvaluation extends Evaluation {
  readonly exploded?: Exploded;
  readonly strip: PathStrip;
}

/** Everything that an evaluation goes on from, with equal bits. Survives structured cloning. */
export interface PathEvaluationSnapshot {
  /** Draws so far. */
  readonly iteration: number;
  readonly draws: DrawsState;
  readonly samples: Float64Array;
  readonly sampleLogWeights: Float64Array;
  readonly strip: StripState;
  /** Of exploded paths by their transition, from 0 to K. */
  readonly exploded: Int32Array;
}

/** Paths that are drawn at once, at the most, and the bytes that their states may take. */
const mostRows = 4096;
const memory = 2 ** 28;

/**
 * Draws fresh paths and sums up what their weights say of log Z and of the target's moments: E[log w] ≤ log Z, E[w] = Z.
 * @param resume goes on from there
 */
export async function* evaluatePath(
  trained: TrainedSampler,
  { samples: count, keep, directions }: PathEvaluationOptions,
  context: MethodContext,
  resume?: PathEvaluationSnapshot,
): AsyncGenerator<MethodProgress<PathEvaluationSnapshot>, PathEvaluation> {
  const { settings, sampler } = trained;
  const { dim } = context.target;
  const { steps } = settings.path;
  const stride = Math.ceil(count / Math.max(1, keep));
  const kept = Math.ceil(count / stride);
  const states = settings.network === undefined ? 0 : steps;
  const { rows } = rowBlocks(context, { count, steps: states, most: mostRows, memory });
  const state = structuredClone(resume) ?? {
    ...{ iteration: 0, draws: noDraws(dim), strip: noStrip(steps, directions.length, rows) },
    ...{ samples: new Float64Array(kept * dim), sampleLogWeights: new Float64Array(kept) },
    exploded: new Int32Array(steps + 1),
  };
  const { draws, samples, sampleLogWeights, strip, exploded } = state;
  if (draws.count < count) {
    const noise = pathNoise(componentSeed(context.seed, `${context.name}/evaluation`), dim, steps);
    const paths = await ForwardPaths.open(settings, rows, context);
    const { path } = paths;
    try {
      while (draws.count < count) {
        // The last block is as large as the others and begins among draws that are there already.
        const first = Math.min(draws.count, count - rows);
        const visit = (k: number): void => {
          if (k === 1) lookAt(strip, 0, path.position(0), directions);
          lookAt(strip, k, path.position(k), directions);
        };
        const looks = draws.count === 0 ? visit : undefined;
        await paths.run(sampler, networkFeeds(trained), noise(0, first, rows), looks);
        for (let row = draws.count - first; row < rows; row += 1) {
          const [draw, logWeight, broken] = [first + row, path.logWeights[row] ?? Number.NaN, path.broken[row] ?? -1];
          if (broken >= 0) exploded[broken] = (exploded[broken] ?? 0) + 1;
          addDraw(draws, logWeight, path.ends, row * dim, 1);
          if (draw % stride !== 0) continue;
          samples.set(path.ends.subarray(row * dim, (row + 1) * dim), (draw / stride) * dim);
          sampleLogWeights[draw / stride] = logWeight;
        }
        const iteration = draws.count;
        const capture = (): PathEvaluationSnapshot => structuredClone({ ...state, iteration });
        yield { iteration, report: {}, capture };
      }
    } finally {
      await paths.dispose();
    }
  }
  const gradientEvaluations = count * forwardEvaluations(settings.path);
  const where = explodedIn(exploded, coefficientsOf(sampler, settings.sizes).steps);
  return {
    ...summarised(draws),
    ...{ samples, sampleLogWeights, gradientEvaluations, strip: stripOf(strip) },
    ...(where === undefined ? {} : { exploded: where }),
  };
}

/** A network as programs read it. */
export function networkFeeds({ network }: Pick<TrainedSampler, 'network'>): Feeds | undefined {
  if (network === undefined) return undefined;
  return Object.fromEntries(Object.entries(network).map(([name, values]) => [`parameters/${name}`, values]));
}

function explodedIn(byTransition: Int32Array, steps: Float64Array): Exploded | undefined {
  const count = byTransition.reduce((a, b) => a + b, 0);
  if (count === 0) return undefined;
  const transition = byTransition.reduce((most, value, k) => (value > (byTransition[most] ?? 0) ? k : most), 0);
  return { count, transition, stepSize: steps[Math.max(0, transition - 1)] ?? Number.NaN };
}
