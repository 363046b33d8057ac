import { componentSeed } from '../componentSeed';
import { recordCurve, type CurveState } from '../curve';
import { hostAdam, isFinite, startHostAdam, type HostAdamState } from '../hostAdam';
import { isAveraged, noIterates, withIterate, type IterateAverage } from '../iterateAverage';
import { entropyOf, methodQuantities } from '../methodQuantities';
import { patience, type Divergence, type Fitted, type MethodContext, type MethodProgress } from '../methodTypes';
import { FlowObjective, type Broken } from './objective';
import { betasOf, chainParameterNames, etaOf, type ChainParameters } from './parameters';
import { flowSettings, type FlowSettings, type FlowSpec } from './settings';

/** Everything that a training goes on from, with equal bits. Survives structured cloning. */
export interface FlowSnapshot {
  /** Updates made or dropped. */
  readonly iteration: number;
  readonly parameters: ChainParameters;
  readonly optimiser: HostAdamState;
  readonly average: IterateAverage;
  readonly dropped: number;
  /** Updates dropped one after the other. */
  readonly inARow: number;
  readonly gradientEvaluations: number;
  readonly curve: CurveState;
  readonly diverged?: Divergence;
}

export interface TrainedFlow extends Fitted {
  /** Means of the last iterates: the chain whose q₀ is `average`. */
  readonly parameters: ChainParameters;
}

/**
 * Maximises the bound on log Z that differentiable annealed importance sampling gives, over everything that its chain is made of. Without
 * transitions it is that of variational inference, with several particles the importance-weighted one. An update whose weights or
 * gradient are not finite is dropped, and the step sizes of the transitions that led there are halved.
 * @param resume goes on from there
 * @param memory bytes that chains computed at once may take
 * @returns after one yield for each update; with `diverged` where it ended early
 * @throws InputError when a single chain is too long for the memory
 */
export async function* trainFlow(
  spec: FlowSpec,
  context: MethodContext,
  resume?: FlowSnapshot,
  memory?: number,
): AsyncGenerator<MethodProgress<FlowSnapshot>, TrainedFlow> {
  const { iterations, learningRate, clip, average: share } = spec;
  const settings = flowSettings(spec, context.target.dim);
  const { trained } = settings;
  const recorder = recordCurve(iterations, resume?.curve);
  let state: Omit<FlowSnapshot, 'curve'> = resume ?? begin(settings);
  if (state.iteration < iterations) {
    const seed = componentSeed(context.seed, context.name);
    const objective = await FlowObjective.open(settings, spec.batch, context, seed, memory);
    try {
      while (state.iteration < iterations) {
        const found = await objective.evaluate(state.parameters, state.iteration);
        const gradientEvaluations = state.gradientEvaluations + objective.gradientEvaluations;
        const iteration = state.iteration + 1;
        state = { ...state, iteration, gradientEvaluations };
        let report: Record<string, number> = {};
        if ('broken' in found) {
          state = dropped(state, found, spec, context.name);
        } else {
          report = reportOf(found.bound, state.parameters);
          const options = { trained, learningRate, clip };
          const updated = hostAdam(state.parameters, downhill(found.gradient), state.optimiser, options);
          const { average } = state;
          state = isFinite(updated.parameters, trained)
            ? { ...state, inARow: 0, parameters: updated.parameters, optimiser: updated.state }
            : dropped(state, { broken: 0, pass: 'forward' }, spec, context.name);
          if (state.inARow === 0 && isAveraged(iteration, iterations, share)) {
            state = { ...state, average: withIterate(average, pick(state.parameters)) };
          }
        }
        const point = recorder.add(iteration, report);
        // A training that has diverged counts as ended, so that it is not begun again where a run is taken up.
        if (state.diverged !== undefined) state = { ...state, iteration: iterations };
        const now = state;
        const capture = (): FlowSnapshot => structuredClone({ ...now, curve: recorder.capture() });
        yield { iteration: now.iteration, report, capture, ...(point === undefined ? {} : { point }) };
      }
    } finally {
      await objective.dispose();
    }
  }
  const { parameters: last, average, diverged, gradientEvaluations } = state;
  const parameters: ChainParameters = { ...last, ...average.mean };
  return {
    parameters,
    average: { mean: parameters.mean, logVariance: parameters.logVariance },
    curve: recorder.curve,
    iterations: diverged?.iteration ?? iterations,
    dropped: state.dropped,
    gradientEvaluations,
    ...(diverged === undefined ? {} : { diverged }),
  };
}

function begin({ initial, trained }: FlowSettings): Omit<FlowSnapshot, 'curve'> {
  return {
    iteration: 0,
    parameters: initial,
    optimiser: startHostAdam(pick(initial), trained),
    average: noIterates,
    dropped: 0,
    inARow: 0,
    gradientEvaluations: 0,
  };
}

/**
 * The state after an update that is left out: the last good parameters, with half the steps that led to where it went wrong. Numbers grow
 * over many transitions until one overflows, so that this one alone is not to blame.
 */
function dropped(
  state: Omit<FlowSnapshot, 'curve'>,
  { broken, pass }: Broken,
  spec: FlowSpec,
  name: string,
): Omit<FlowSnapshot, 'curve'> {
  const { parameters, iteration } = state;
  const inARow = state.inARow + 1;
  const led = (k: number): boolean => broken > 0 && (pass === 'forward' ? k <= broken : k >= broken);
  const logStep = parameters.logStep.map((value, index) => (led(index + 1) ? value - Math.LN2 : value));
  const counted = { ...state, inARow, dropped: state.dropped + 1, parameters: { ...parameters, logStep } };
  if (inARow < patience) return counted;
  const where = broken === 0 ? {} : { transition: broken, stepSize: Math.exp(parameters.logStep[broken - 1] ?? NaN) };
  const message = divergenceMessage(name, spec, { iteration, ...where });
  return { ...counted, diverged: { message, iteration, ...where } };
}

function divergenceMessage(name: string, spec: FlowSpec, at: Omit<Divergence, 'message'>): string {
  const { iteration, transition, stepSize } = at;
  const where =
    transition === undefined
      ? ''
      : ` at transition ${transition} with step size ${(stepSize ?? NaN).toPrecision(3)}, after halvings,`;
  const advice =
    spec.type === 'dais' && transition !== undefined
      ? `a "learningRate" below ${spec.learningRate} or a "stepSize" below ${spec.stepSize}`
      : `a "learningRate" below ${spec.learningRate}, or a "start" where the density is finite`;
  return `The method "${name}" diverged: ${patience} updates in a row up to update ${iteration.toLocaleString('en')} were not finite${where} and were dropped. Use ${advice}.`;
}

function reportOf(bound: number, parameters: ChainParameters): Record<string, number> {
  const { logVariance, schedule, refreshment } = parameters;
  const entropy = entropyOf(logVariance);
  if (schedule.length === 0) return { [methodQuantities.bound]: bound, [methodQuantities.entropy]: entropy };
  const betas = betasOf(schedule);
  return {
    [methodQuantities.bound]: bound,
    [methodQuantities.entropy]: entropy,
    [methodQuantities.eta]: etaOf(refreshment[0] ?? Number.NaN),
    [methodQuantities.betaGap]: betas.reduce((most, beta, k) => Math.max(most, beta - (betas[k - 1] ?? 0)), 0),
  };
}

/** Adam goes down, the bound is to go up. */
function downhill(gradient: ChainParameters): Record<keyof ChainParameters, Float64Array> {
  const down = pick(gradient);
  for (const name of chainParameterNames) down[name] = gradient[name].map((value) => -value);
  return down;
}

/** The same vectors as a record, without the interface. */
function pick(parameters: ChainParameters): Record<keyof ChainParameters, Float64Array> {
  return { ...parameters };
}
