import type { MscSpec } from '../../shared/runFile';
import { componentSeed } from './componentSeed';
import { ConditionalImportance, type ClimbStep, type ScaledNormal } from './conditionalImportance';
import { recordCurve, type CurveState } from './curve';
import { hostAdam, startHostAdam, type HostAdamState } from './hostAdam';
import { isAveraged, noIterates, withIterate, type IterateAverage } from './iterateAverage';
import { entropyOf, methodQuantities } from './methodQuantities';
import { patience, type Divergence, type Fitted, type MethodContext, type MethodProgress } from './methodTypes';

/** Everything that a climb goes on from, with equal bits. Survives structured cloning. */
export interface MscSnapshot {
  /** Updates made or dropped. */
  readonly iteration: number;
  readonly parameters: Record<'mean' | 'logStd', Float64Array>;
  /** The points that chains hold, `[C, d]`. */
  readonly retained: Float64Array;
  readonly optimiser: HostAdamState;
  /** Of μ, σ² and the effective samples. */
  readonly average: IterateAverage;
  readonly dropped: number;
  /** Updates dropped one after the other. */
  readonly inARow: number;
  readonly curve: CurveState;
  readonly diverged?: Divergence;
}

export interface Climbed extends Fitted {
  /** 1/Σw² of the S candidates, averaged as the iterates are; near 1 the weights say nothing. */
  readonly effectiveSampleSize: number;
}

const trained = ['mean', 'logStd'] as const;

/**
 * Markovian score climbing (Naesseth, Lindsten and Blei 2020): follows the score of q at points that conditional importance sampling draws
 * from π, weighted rather than drawn, toward the smallest KL(π ‖ q). Several chains side by side average their scores.
 * @param resume goes on from there
 * @returns after one yield for each update, the averages of μ and σ²; with `diverged` where it ended early
 */
export async function* climbScores(
  spec: MscSpec,
  context: MethodContext,
  resume?: MscSnapshot,
): AsyncGenerator<MethodProgress<MscSnapshot>, Climbed> {
  const { samples: candidates, chains, iterations } = spec;
  const recorder = recordCurve(iterations, resume?.curve);
  const initial = startOf(spec, context.target.dim);
  let state: Omit<MscSnapshot, 'curve'> | undefined = resume;
  if (state === undefined || state.iteration < iterations) {
    const seed = componentSeed(context.seed, context.name);
    const sampler = await ConditionalImportance.open(context, { candidates, chains, seed });
    try {
      state ??= {
        ...{ iteration: 0, parameters: initial, retained: sampler.start(initial), dropped: 0, inARow: 0 },
        ...{ optimiser: startHostAdam(initial, trained), average: noIterates },
      };
      while (state.iteration < iterations) {
        const iteration = state.iteration + 1;
        const step = await sampler.step(state.parameters, state.retained, state.iteration);
        let report: Record<string, number> = {};
        if (step === undefined) {
          state = withoutUpdate({ ...state, iteration }, spec, context.name);
        } else {
          report = reportOf(state.parameters, step);
          state = withUpdate({ ...state, iteration }, step, spec);
        }
        const point = recorder.add(iteration, report);
        // A climb that has diverged counts as ended, so that it is not begun again where a run is taken up.
        if (state.diverged !== undefined) state = { ...state, iteration: iterations };
        const now = state;
        const capture = (): MscSnapshot => structuredClone({ ...now, curve: recorder.capture() });
        yield { iteration: now.iteration, report, capture, ...(point === undefined ? {} : { point }) };
      }
    } finally {
      await sampler.dispose();
    }
  }
  const { parameters, average, diverged, dropped } = state;
  const { mean = parameters.mean, variance, effective } = average.mean;
  return {
    average: {
      mean,
      logVariance: variance?.map(Math.log) ?? parameters.logStd.map((value) => 2 * value),
    },
    effectiveSampleSize: effective?.[0] ?? Number.NaN,
    curve: recorder.curve,
    iterations: diverged?.iteration ?? iterations,
    dropped,
    gradientEvaluations: 0,
    ...(diverged === undefined ? {} : { diverged }),
  };
}

function startOf({ start }: MscSpec, dim: number): Record<'mean' | 'logStd', Float64Array> {
  return {
    mean: new Float64Array(dim).fill(start.mean),
    logStd: new Float64Array(dim).fill(Math.log(start.std)),
  };
}

function withUpdate(
  state: Omit<MscSnapshot, 'curve'>,
  { score, retained, effective }: ClimbStep,
  { learningRate, iterations, average: share }: MscSpec,
): Omit<MscSnapshot, 'curve'> {
  const down = { mean: negative(score.mean), logStd: negative(score.logStd) };
  const updated = hostAdam(state.parameters, down, state.optimiser, { trained, learningRate });
  const { mean, logStd } = updated.parameters;
  const variance = logStd.map((value) => Math.exp(2 * value));
  const average = isAveraged(state.iteration, iterations, share)
    ? withIterate(state.average, { mean, variance, effective: Float64Array.of(effective) })
    : state.average;
  return { ...state, parameters: updated.parameters, optimiser: updated.state, retained, average, inARow: 0 };
}

function withoutUpdate(
  state: Omit<MscSnapshot, 'curve'>,
  { learningRate }: MscSpec,
  name: string,
): Omit<MscSnapshot, 'curve'> {
  const { iteration } = state;
  const inARow = state.inARow + 1;
  const counted = { ...state, inARow, dropped: state.dropped + 1 };
  if (inARow < patience) return counted;
  const message = `The method "${name}" diverged: ${patience} updates in a row up to update ${iteration.toLocaleString('en')} had weights that are no numbers and were dropped. Use a "learningRate" below ${learningRate}, or a "start" where the density is finite.`;
  return { ...counted, diverged: { message, iteration } };
}

function reportOf({ logStd }: ScaledNormal, { bound, effective }: ClimbStep): Record<string, number> {
  return {
    [methodQuantities.bound]: bound,
    [methodQuantities.entropy]: entropyOf(logStd.map((value) => 2 * value)),
    [methodQuantities.effective]: effective,
  };
}

function negative(values: Float64Array): Float64Array {
  return values.map((value) => -value);
}
