import type { PathSpec } from '../../../shared/runFile/methods/mcd';
import type { Parameters } from '../../models/network';
import { componentSeed } from '../componentSeed';
import { recordCurve, type CurveState, type TrainingCurve } from '../curve';
import { hostAdam, isFinite, startHostAdam, type HostAdamState } from '../hostAdam';
import { methodQuantities } from '../methodQuantities';
import { patience, type Divergence, type MethodContext, type MethodProgress } from '../methodTypes';
import { JointObjective } from './jointObjective';
import { networkOptimiser, type NetworkOptimiser, type NetworkState } from './networkOptimiser';
import type { Objective } from './objectiveTypes';
import { coefficientsOf, samplerParameterNames, type SamplerParameters } from './parameters';
import { ScoreObjective } from './scoreObjective';
import { initialScore } from './scoreNetwork';
import { pathSettings, type PathSettings } from './settings';
import { halved } from './stepSizes';
import { Validation } from './validation';

/** A sampler with its network, and the bound that they reached on the paths of {@link Validation}. */
interface Best {
  readonly bound: number;
  /** Updates made by then. */
  readonly iteration: number;
  readonly sampler: SamplerParameters;
  readonly network?: Parameters;
}

/** What changes with an update, without network and curve. */
interface State {
  /** Updates made or dropped. */
  readonly iteration: number;
  readonly sampler: SamplerParameters;
  readonly optimiser: HostAdamState;
  readonly best?: Best;
  readonly dropped: number;
  /** Updates dropped one after the other. */
  readonly inARow: number;
  readonly gradientEvaluations: number;
  readonly diverged?: Divergence;
}

/** Everything that a training goes on from, with equal bits. Survives structured cloning. */
export interface PathSnapshot extends State {
  readonly network?: NetworkState;
  readonly curve: CurveState;
}

export interface TrainedPath {
  readonly settings: PathSettings;
  /** Those of the highest bound on paths of fixed noise; the network's as well. */
  readonly sampler: SamplerParameters;
  readonly network?: Parameters;
  readonly curve: TrainingCurve;
  /** Updates made or dropped. */
  readonly iterations: number;
  /** Updates made when the parameters were those that are returned. */
  readonly bestIteration: number;
  readonly dropped: number;
  readonly diverged?: Divergence;
  /** Evaluations of the target's gradient and curvature, counted over rows. */
  readonly gradientEvaluations: number;
}

/** How often in a training the bound is looked at on fixed noise. */
const checks = 20;

/**
 * Maximises E[log w] over the sampler's numbers and a score network, if there is one (Doucet et al. 2022). The parameters that are returned had
 * the highest bound on paths of fixed noise. An update whose weights or gradient are not finite, or with a path that has exploded, is dropped,
 * and step sizes are halved.
 * @param resume goes on from there
 * @param memory bytes that the states of paths may take
 * @returns after one yield for each update; with `diverged` where it ended early
 * @throws InputError when a single path is too long for the memory
 */
export async function* trainPath(
  spec: PathSpec,
  context: MethodContext,
  resume?: PathSnapshot,
  memory?: number,
): AsyncGenerator<MethodProgress<PathSnapshot>, TrainedPath> {
  const { iterations, clip } = spec;
  const seed = componentSeed(context.seed, context.name);
  const settings = pathSettings(spec, context.target.dim, seed);
  const { network, trained } = settings;
  const recorder = recordCurve(iterations, resume?.curve);
  const { network: networkState, state: first } = resume === undefined ? begin(settings, seed) : split(resume);
  let state: State = first;
  const optimiser =
    network === undefined || networkState === undefined ? undefined : networkOptimiser(network, networkState);
  if (state.iteration < iterations || state.best === undefined) {
    const validation = await Validation.open(settings, context, componentSeed(seed, 'validation'));
    let objective: Objective | undefined;
    try {
      const look = async (): Promise<number> => {
        const bound = await validation.bound(state.sampler, optimiser?.memory.feeds);
        const gradientEvaluations = state.gradientEvaluations + validation.gradientEvaluations;
        state = { ...state, gradientEvaluations };
        if (state.best !== undefined && !(bound > state.best.bound)) return bound;
        const copy = optimiser === undefined ? {} : { network: optimiser.capture().parameters };
        state = { ...state, best: { bound, iteration: state.iteration, sampler: state.sampler, ...copy } };
        return bound;
      };
      if (state.best === undefined) await look();
      if (state.iteration < iterations) objective = await openObjective(settings, spec, context, seed, memory);
      while (objective !== undefined && state.iteration < iterations) {
        optimiser?.clear();
        const found = await objective.evaluate(state.sampler, optimiser?.memory, state.iteration);
        const gradientEvaluations = state.gradientEvaluations + objective.gradientEvaluations;
        const rate = remaining(spec, state.iteration);
        state = { ...state, iteration: state.iteration + 1, gradientEvaluations };
        let report: Record<string, number> = {};
        if ('broken' in found) {
          state = dropped(state, settings, found.broken, spec, context.name);
        } else {
          const moved =
            found.gradient === undefined
              ? { parameters: state.sampler, state: state.optimiser }
              : hostAdam(pick(state.sampler), pick(found.gradient), state.optimiser, {
                  trained,
                  learningRate: rate * spec.learningRate,
                  clip,
                });
          // Either both move or none does.
          const whole = isFinite(moved.parameters, trained) && updateNetwork(optimiser, spec, rate);
          state = whole
            ? { ...state, inARow: 0, sampler: moved.parameters, optimiser: moved.state }
            : dropped(state, settings, 0, spec, context.name);
          report = reportOf(found.bound, state.sampler, settings);
        }
        const { iteration } = state;
        if (
          iteration === iterations ||
          iteration % Math.ceil(iterations / checks) === 0 ||
          state.diverged !== undefined
        ) {
          const bound = await look();
          if (Number.isFinite(bound)) report = { ...report, [methodQuantities.fixedNoise]: bound };
        }
        const point = recorder.add(iteration, report);
        // A training that has diverged counts as ended, so that it is not begun again where a run is taken up.
        if (state.diverged !== undefined) state = { ...state, iteration: iterations };
        const now = state;
        const capture = (): PathSnapshot => ({
          ...structuredClone(now),
          ...(optimiser === undefined ? {} : { network: optimiser.capture() }),
          curve: recorder.capture(),
        });
        yield { iteration: now.iteration, report, capture, ...(point === undefined ? {} : { point }) };
      }
    } finally {
      await objective?.dispose();
      await validation.dispose();
    }
  }
  const { best, diverged } = state;
  return {
    settings,
    sampler: best?.sampler ?? state.sampler,
    ...(best?.network === undefined ? {} : { network: best.network }),
    curve: recorder.curve,
    iterations: diverged?.iteration ?? iterations,
    bestIteration: best?.iteration ?? 0,
    dropped: state.dropped,
    ...(diverged === undefined ? {} : { diverged }),
    gradientEvaluations: state.gradientEvaluations,
  };
}

function begin(settings: PathSettings, seed: number): { readonly state: State; readonly network?: NetworkState } {
  const { initial, trained, network } = settings;
  const optimiser = startHostAdam(pick(initial), trained);
  const state = { iteration: 0, sampler: initial, optimiser, dropped: 0, inARow: 0, gradientEvaluations: 0 };
  if (network === undefined) return { state };
  return { state, network: { parameters: initialScore(network, seed), updates: 0 } };
}

function split({ network, ...state }: PathSnapshot): {
  readonly state: State;
  readonly network?: NetworkState;
} {
  return network === undefined ? { state } : { state, network };
}

function openObjective(
  settings: PathSettings,
  { batch }: PathSpec,
  context: MethodContext,
  seed: number,
  memory?: number,
): Promise<Objective> {
  return settings.scoreOnly === undefined
    ? JointObjective.open(settings, batch, context, seed, memory)
    : ScoreObjective.open(settings, batch, context, seed);
}

/** The part of the learning rates that decay has left. */
function remaining({ decay, iterations }: PathSpec, iteration: number): number {
  return decay === 'constant' ? 1 : 0.5 * (1 + Math.cos((Math.PI * iteration) / iterations));
}

function updateNetwork(optimiser: NetworkOptimiser | undefined, spec: PathSpec, rate: number): boolean {
  if (optimiser === undefined || !('score' in spec)) return true;
  return optimiser.update(rate * spec.score.learningRate, spec.clip);
}

/** The state after an update that is left out: the last good parameters, with half of the steps that led to where it went wrong. */
function dropped(state: State, { sizes }: PathSettings, broken: number, spec: PathSpec, name: string): State {
  const { sampler, iteration } = state;
  const inARow = state.inARow + 1;
  const stepSizes = broken === 0 ? sampler.stepSizes : halved(sizes, sampler.stepSizes, (k) => k <= broken);
  const counted = { ...state, inARow, dropped: state.dropped + 1, sampler: { ...sampler, stepSizes } };
  if (inARow < patience) return counted;
  const { steps } = coefficientsOf(counted.sampler, sizes);
  const where = broken === 0 ? {} : { transition: broken, stepSize: steps[broken - 1] ?? Number.NaN };
  return {
    ...counted,
    diverged: { message: divergenceMessage(name, spec, { iteration, ...where }), iteration, ...where },
  };
}

function divergenceMessage(name: string, spec: PathSpec, at: Omit<Divergence, 'message'>): string {
  const { iteration, transition, stepSize } = at;
  const where =
    transition === undefined
      ? ''
      : ` at transition ${transition} with step size ${(stepSize ?? Number.NaN).toPrecision(3)}, after halvings,`;
  const advice =
    transition === undefined
      ? `a "learningRate" below ${'score' in spec ? Math.min(spec.learningRate, spec.score.learningRate) : spec.learningRate}, or a "start" where the density is finite`
      : `a "learningRate" below ${spec.learningRate} or a "stepSize" below ${spec.stepSize}`;
  return `The method "${name}" diverged: ${patience} updates in a row up to update ${iteration.toLocaleString('en')} were not finite${where} and were dropped. Use ${advice}.`;
}

function reportOf(bound: number, sampler: SamplerParameters, { sizes, path }: PathSettings): Record<string, number> {
  const { steps, refreshment } = coefficientsOf(sampler, sizes);
  return {
    [methodQuantities.bound]: bound,
    [methodQuantities.stepSize]: steps.reduce((a, b) => a + b, 0) / steps.length,
    ...(path.dynamics === 'underdamped' ? { [methodQuantities.refreshment]: refreshment } : {}),
  };
}

/** The same vectors as a record, without the interface. */
function pick(parameters: SamplerParameters): Record<keyof SamplerParameters, Float64Array> {
  return Object.fromEntries(samplerParameterNames.map((name) => [name, parameters[name]])) as Record<
    keyof SamplerParameters,
    Float64Array
  >;
}
