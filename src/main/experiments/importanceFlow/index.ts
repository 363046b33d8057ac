import { InputError, RunError } from '../../../shared/errors';
import { importanceEdges, type ImportanceFlowSpec } from '../../../shared/runFile';
import { eventBridge, eventBridgeToNormal, isInEvent } from '../../trainers/flow/eventBridge';
import { evaluateAnnealingFlow, type FlowEvaluation, type FlowEvaluationSnapshot } from '../../trainers/flow/density';
import type { AnnealingFlow } from '../../trainers/flow/programs';
import { trainAnnealingFlow, type AnnealingFlowSettings, type AnnealingFlowSnapshot } from '../../trainers/flow/train';
import type { MethodContext } from '../../trainers/methodTypes';
import { ratioSums, type RatioSumsSnapshot } from '../../trainers/ratio/evaluate';
import { trainRatios, type RatioSnapshot, type TrainedRatios } from '../../trainers/ratio/train';
import { followed } from '../followed';
import { Meter } from '../meter';
import type { Outcome, RunContext, RunEvent } from '../types';
import { estimateBounds, importanceOutcome } from './outcome';
import { plainDraws } from './monteCarlo';
import { importancePlan, type ImportancePlan } from './plan';

/** Points of each block in a result. */
const keepOfBlocks = 600;

/** What the parts of a run share. */
interface Parts {
  readonly spec: ImportanceFlowSpec;
  readonly plan: ImportancePlan;
  readonly context: RunContext;
  readonly meter: Meter;
}

/**
 * Runs of kind `importance-flow`: the probability of a rare event under a standard normal. An annealing flow is trained along smoothed events
 * that move out to it; fresh draws of the flow, each weighted by the normal's density over its own exact one, give an unbiased estimate
 * however well the flow has learned. Beside it stand plain Monte Carlo with as many draws, the closed form, and where asked for what estimated
 * density ratios would have said.
 */
export async function* importanceFlow(
  spec: ImportanceFlowSpec,
  context: RunContext,
): AsyncGenerator<RunEvent, Outcome> {
  const { event, flow, precision, seed } = spec;
  const { device } = context;
  const meter = new Meter();
  meter.stage = 'loading';
  yield meter.event();
  if (precision === 'float64' && device.name !== 'cpu') {
    throw new InputError(
      'precision',
      `is "float64", which the device "${device.name}" does not have`,
      'Use the device "cpu".',
    );
  }
  const plan = importancePlan(spec);
  meter.plan(plan.total);
  const parts: Parts = { spec, plan, context, meter };
  const edges = importanceEdges(spec);
  const bridge = eventBridge(event, edges);
  const own = { name: 'flow', device, seed, precision };
  const trained = yield* followed({
    ...{ name: 'flow', iterations: plan.updates, units: plan.update, context, meter },
    start: (resume: AnnealingFlowSnapshot | undefined) => trainAnnealingFlow(settingsOf(spec), bridge, own, resume),
    kept: withoutMoments,
  });
  if (trained.blocks.length === 0) {
    throw new RunError(`The flow was never finite. Use a "flow.learningRate" below ${flow.learningRate}.`);
  }
  const draws = yield* drawn(parts, trained, own);
  const logWeights = insideOnly(spec, draws);
  const plain = yield* plainDraws(event, spec, meter);
  yield meter.event({ point: { temperatures: edges.length, bounds: estimateBounds(logWeights, plain.logWeights) } });
  const ratio = yield* estimatedRatios(parts, trained, draws);
  return importanceOutcome({ spec, edges, trained, draws, logWeights, plain, ratio });
}

function settingsOf(spec: ImportanceFlowSpec): AnnealingFlowSettings {
  const { event, flow } = spec;
  const { net, steps, gamma, iterations, batch, learningRate, clip, particles } = flow;
  return {
    network: { dim: event.dim, ...net },
    gammas: importanceEdges(spec).map(() => gamma),
    ...{ steps, rule: 'rk4', loss: 'type-1', divergence: 'exact', sigma: 1 },
    ...{ iterations, batch, learningRate, clip, particles },
  };
}

type OwnContext = Omit<MethodContext, 'target'>;

/** Fresh draws with log p − log ρ, all of them kept. */
async function* drawn(
  { spec, plan, context, meter }: Parts,
  flow: AnnealingFlow,
  own: OwnContext,
): AsyncGenerator<RunEvent, FlowEvaluation> {
  const { samples, steps } = spec.evaluate;
  const bridge = eventBridgeToNormal(spec.event, importanceEdges(spec));
  const options = { samples, steps, scale: 1, keep: samples, keepOfBlocks };
  const draws = yield* followed({
    ...{ name: 'flow', stage: 'drawing', iterations: samples, units: plan.draw, context, meter },
    start: (resume: FlowEvaluationSnapshot | undefined) => evaluateAnnealingFlow(flow, bridge, options, own, resume),
  });
  if (draws.dropped > 0) {
    throw new RunError(
      `${draws.dropped.toLocaleString('en')} of ${samples.toLocaleString('en')} draws of the flow are not finite. Use a "flow.learningRate" below ${spec.flow.learningRate}, or more "flow.steps".`,
    );
  }
  return draws;
}

/** log p − log ρ of draws in the event, −∞ of the others. */
function insideOnly({ event }: ImportanceFlowSpec, { samples, sampleLogWeights }: FlowEvaluation): Float64Array {
  return sampleLogWeights.map((value, row) => (isInEvent(event, samples, row * event.dim) ? value : -Infinity));
}

/** What networks make of the same draws. */
export interface EstimatedRatios {
  readonly trained: TrainedRatios;
  /** Σ_k r_k of each draw, nats. */
  readonly sums: Float64Array;
}

/** Undefined where it is not asked for. */
async function* estimatedRatios(
  { spec, plan, context, meter }: Parts,
  flow: AnnealingFlow,
  { samples }: FlowEvaluation,
): AsyncGenerator<RunEvent, EstimatedRatios | undefined> {
  const { ratio, seed, precision } = spec;
  if (ratio === undefined) return undefined;
  const own = { name: 'ratio', device: context.device, seed, precision };
  const settings = { ...ratio, steps: spec.flow.steps };
  const iterations = flow.blocks.length * ratio.iterations;
  const trained = yield* followed({
    ...{ name: 'ratio', iterations, units: plan.ratioUpdate, context, meter },
    start: (resume: RatioSnapshot | undefined) => trainRatios(flow, settings, own, resume),
  });
  const sums = yield* followed({
    ...{ name: 'ratio', stage: 'evaluating', iterations: spec.evaluate.samples, units: plan.ratioDraw },
    ...{ context, meter },
    start: (resume: RatioSumsSnapshot | undefined) => ratioSums(trained, samples, own, resume),
  });
  return { trained, sums };
}

/** Nothing is trained any further: what only the optimiser needs is not kept. */
function withoutMoments(last: AnnealingFlowSnapshot): AnnealingFlowSnapshot {
  return { ...last, weights: {}, optimiser: { updates: 0, first: {}, second: {} } };
}
