import type { Bound } from '../../../shared/result';
import { annealingBetas } from '../../../shared/runFile/methods/annealingFlow';
import { mostDraws } from '../../metrics/keptDraws';
import { baseWarning } from '../../trainers/flow/baseScale';
import type { Bridge } from '../../trainers/flow/bridge';
import { correctAnnealingFlow, type CorrectedEvaluation, type CorrectionSnapshot } from '../../trainers/flow/correct';
import { evaluateAnnealingFlow, type FlowEvaluationSnapshot } from '../../trainers/flow/density';
import { evaluateInverse, type InverseEvaluation, type InverseSnapshot } from '../../trainers/flow/inverse';
import { annealingFlowFile } from '../../trainers/flow/keep';
import type { AnnealingFlow } from '../../trainers/flow/programs';
import { annealingFlowSettings } from '../../trainers/flow/settings';
import { trainAnnealingFlow, type AnnealingFlowSnapshot } from '../../trainers/flow/train';
import { followed } from '../followed';
import { curveSeries } from '../learned';
import type { RunEvent } from '../types';
import { bridgeLogZ } from './bridgeTruth';
import { blockSeries, perBlockOf, stagesOf } from './flowBlocks';
import { collapseWarning, integrationWarning } from './flowWarnings';
import { correctionUnits, flowWork, forwardUnits } from './flowWork';
import { readGiven } from './givenFlow';
import { fitWarnings, followedBy, judged, methodContext } from './judge';
import type { Kind, MethodKind, MethodOutcome, MethodParts } from './types';
import { sharesBack } from './weightShares';

type Method = Kind<'annealing-flow'>;

/** Points of each block in a result. */
const keepOfBlocks = 600;
/** Numbers that exact samples may take. */
const mostExact = 2 ** 24;

/**
 * Annealing flow: a lower bound on log Z from its own draws, an upper one from exact samples where the target has them, and where asked for
 * another lower one from blocks corrected by sequential Monte Carlo.
 */
export const annealingFlow: MethodKind<'annealing-flow'> = {
  work: flowWork,
  judging: (method, draws) => 2 * draws * forwardUnits(method) + draws * correctionUnits(method),
  run,
};

async function* run(given: Method, parts: MethodParts): AsyncGenerator<RunEvent, MethodOutcome> {
  const { target, spec } = parts;
  const { method, flow } = await readGiven(given, target.dim, parts.context.directory);
  const { name, type } = method;
  const { settings, bridge } = annealingFlowSettings(method, target);
  const context = methodContext(name, parts);
  const trained =
    flow ??
    (yield* followed({
      ...followedBy(method, flowWork(method), parts),
      start: (resume: AnnealingFlowSnapshot | undefined) => trainAnnealingFlow(settings, bridge, context, resume),
      kept: withoutMoments,
    }));
  const draws = yield* forward(method, parts, trained, bridge);
  const back = yield* backward(method, parts, trained, bridge);
  const corrected = yield* correction(method, parts, trained, bridge);
  const { bounds, metrics, warnings, ...rest } = judged(name, type, 1, draws, back?.logWeights);
  const betas = annealingBetas(method);
  const perBlock = perBlockOf(method, target, draws);
  const truths = await bridgeLogZ([0, ...betas].slice(0, draws.stages.length), method.baseScale, draws.stages, {
    target,
    device: parts.context.device,
    precision: spec.precision,
    seed: spec.seed,
  });
  const kept = { ...trained, steps: settings.steps, scale: method.baseScale, betas, gammas: settings.gammas };
  const smc = corrected && judgedCorrection(method, corrected);
  const gradientEvaluations = trained.gradientEvaluations + (corrected?.gradientEvaluations ?? 0);
  return {
    name,
    bounds: [...bounds, ...(back === undefined ? [] : [upperBound(method, back)]), ...(smc?.bounds ?? [])],
    approximations: [],
    metrics: {
      [name]: {
        ...metrics,
        ...(back === undefined ? {} : inverseMetrics(back)),
        ...{ mean: [...draws.mean], std: [...draws.std] },
        integrationError: draws.stepError,
        ...(trained.dropped === 0 ? {} : { droppedUpdates: trained.dropped }),
        perBlock,
        gradientEvaluations: trained.gradientEvaluations,
      },
      ...smc?.metrics,
    },
    samples: [...rest.samples, ...(smc?.samples ?? [])],
    draws: [...(rest.draws ?? []), ...(smc?.draws ?? [])],
    series: [...curveSeries(name, trained.curve), ...blockSeries(name, perBlock)],
    warnings: [
      ...present(baseWarning(`${name}: it`, target.modes, target.dim, method.baseScale, spec.seed)),
      ...fitWarnings(name, trained),
      ...warnings,
      ...present(integrationWarning(method, draws)),
      ...present(back && collapseWarning(name, draws, back)),
      ...(smc?.warnings ?? []),
    ],
    gradientEvaluations,
    stages: [stagesOf(name, target, draws, betas, truths)],
    ...(trained.blocks.length === 0 || flow !== undefined
      ? {}
      : { files: [{ name: `${name}.safetensors`, bytes: annealingFlowFile(name, kept, method) }] }),
  };
}

function forward(method: Method, { spec, target, context, meter }: MethodParts, flow: AnnealingFlow, bridge: Bridge) {
  const { name, ode, baseScale } = method;
  const { samples } = spec.evaluate;
  const options = { samples, steps: ode.steps, scale: baseScale, keep: mostDraws(target.dim), keepOfBlocks };
  return followed({
    ...{ name, stage: 'evaluating', iterations: samples, units: forwardUnits(method), context, meter },
    start: (resume: FlowEvaluationSnapshot | undefined) =>
      evaluateAnnealingFlow(
        flow,
        bridge,
        options,
        { name, device: context.device, seed: spec.seed, precision: spec.precision },
        resume,
      ),
  });
}

/** Undefined where the target has no exact samples. */
async function* backward(
  method: Method,
  { spec, target, context, meter }: MethodParts,
  flow: AnnealingFlow,
  bridge: Bridge,
): AsyncGenerator<RunEvent, InverseEvaluation | undefined> {
  const { name, ode, baseScale } = method;
  const { sample, dim } = target;
  const planned = spec.evaluate.samples * forwardUnits(method);
  if (sample === undefined) {
    yield meter.tick(planned);
    return undefined;
  }
  const count = Math.max(1, Math.min(spec.evaluate.samples, Math.floor(mostExact / dim)));
  const options = { exact: sample(count, spec.seed), steps: ode.inverseSteps, scale: baseScale };
  return yield* followed({
    ...{ name, stage: 'reversing', iterations: count, units: planned / count, context, meter },
    start: (resume: InverseSnapshot | undefined) =>
      evaluateInverse(flow, bridge, options, { device: context.device, precision: spec.precision }, resume),
  });
}

/** Undefined where it is not asked for. */
async function* correction(
  method: Method,
  { spec, context, meter }: MethodParts,
  flow: AnnealingFlow,
  bridge: Bridge,
): AsyncGenerator<RunEvent, CorrectedEvaluation | undefined> {
  const { name, ode, baseScale } = method;
  const { enabled, ...settings } = method.correction;
  if (!enabled) return undefined;
  const { samples } = spec.evaluate;
  const iterations = flow.blocks.length;
  const units = (samples * correctionUnits(method)) / Math.max(1, iterations);
  return yield* followed({
    ...{ name, stage: 'correcting', iterations, units, context, meter },
    start: (resume: CorrectionSnapshot | undefined) =>
      correctAnnealingFlow(
        flow,
        bridge,
        { ...settings, samples, steps: ode.steps, scale: baseScale },
        { name, device: context.device, seed: spec.seed, precision: spec.precision },
        resume,
      ),
  });
}

function judgedCorrection({ name, type }: Method, corrected: CorrectedEvaluation) {
  const own = name.replace(type, `${type}-smc`);
  const each = Math.floor(corrected.sampleLogWeights.length / corrected.bound.n);
  const { metrics, ...rest } = judged(own, `${type}-smc`, each, corrected);
  const { mean, std, acceptance, resampled, effective, gradientEvaluations } = corrected;
  return {
    ...rest,
    metrics: {
      [own]: {
        ...metrics,
        ...{ mean: [...mean], std: [...std], gradientEvaluations },
        ...(Number.isFinite(acceptance) ? { acceptance } : {}),
        perBlock: { resampled: [...resampled], effectiveShare: [...effective] },
      },
    },
  };
}

function upperBound({ name, type }: Method, { bound, dropped }: InverseEvaluation): Bound {
  const valid = dropped === 0 && Number.isFinite(bound.value);
  return {
    ...{ quantity: 'log-z', estimator: type, side: 'upper', method: name, samples: 1, n: bound.n },
    value: valid ? bound.value : null,
    ci95: valid ? bound.ci95 : null,
  };
}

function inverseMetrics(back: InverseEvaluation): Record<string, unknown> {
  const { bound, dropped, estimate, ess, reconstruction, logWeights } = back;
  const valid = dropped === 0 && Number.isFinite(bound.value);
  return {
    ...(valid ? { upperBound: bound.value, upperBoundCi95: bound.ci95 } : {}),
    ...(Number.isFinite(estimate) ? { logZEstimateReverse: estimate } : {}),
    essForward: ess * bound.n,
    largestWeightReverse: sharesBack(logWeights).largest,
    reconstructionError: reconstruction,
  };
}

/** Nothing is trained any further: what only the optimiser needs is not kept. */
function withoutMoments(last: AnnealingFlowSnapshot): AnnealingFlowSnapshot {
  return { ...last, weights: {}, optimiser: { updates: 0, first: {}, second: {} } };
}

function present(sentence: string | undefined): string[] {
  return sentence === undefined ? [] : [sentence];
}
