import { furthestMode, predictedLags } from '../../../shared/annealingLag';
import type { Bound, Series, Stages } from '../../../shared/result';
import { annealingBetas, annealingGammas } from '../../../shared/runFile/methods/annealingFlow';
import { mostDraws } from '../../metrics/keptDraws';
import type { Target } from '../../targets';
import { baseWarning } from '../../trainers/flow/baseScale';
import type { Bridge } from '../../trainers/flow/bridge';
import { correctAnnealingFlow, type CorrectedEvaluation, type CorrectionSnapshot } from '../../trainers/flow/correct';
import { evaluateAnnealingFlow, type FlowEvaluation, type FlowEvaluationSnapshot } from '../../trainers/flow/density';
import { evaluateInverse, type InverseEvaluation, type InverseSnapshot } from '../../trainers/flow/inverse';
import { annealingFlowFile } from '../../trainers/flow/keep';
import type { AnnealingFlow } from '../../trainers/flow/programs';
import { annealingFlowSettings } from '../../trainers/flow/settings';
import { trainAnnealingFlow, type AnnealingFlowSnapshot } from '../../trainers/flow/train';
import { followed } from '../followed';
import { curveSeries } from '../learned';
import { gradientUnits } from '../meter';
import type { RunEvent } from '../types';
import { bridgeLogZ } from './bridgeTruth';
import { readGiven } from './givenFlow';
import { fitWarnings, followedBy, judged, methodContext } from './judge';
import { axesOf } from './mcd';
import type { Kind, MethodKind, MethodOutcome, MethodParts, Work } from './types';
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
  work,
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
      ...followedBy(method, work(method), parts),
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

/** One number a block of everything that is told of blocks. */
interface PerBlock extends Record<string, (number | null)[]> {
  readonly beta: (number | null)[];
  readonly logZ: (number | null)[];
  readonly ess: (number | null)[];
}

function perBlockOf(method: Method, target: Target, { blocks }: FlowEvaluation): PerBlock {
  const betas = annealingBetas(method).slice(0, blocks.length);
  const gamma = annealingGammas(method, blocks.length);
  const mode = furthestMode(target.modes);
  return {
    ...{ beta: betas, gamma },
    logZ: blocks.map(({ logZ }) => finite(logZ)),
    elbo: blocks.map(({ elbo }) => finite(elbo)),
    ess: blocks.map(({ ess }) => finite(ess)),
    pathEnergy: blocks.map(({ energy }) => finite(energy)),
    ...(mode === undefined ? {} : { predictedLag: predictedLags(betas, gamma, mode, method.baseScale) }),
  };
}

function blockSeries(name: string, { beta, logZ, ess }: PerBlock): Series[] {
  const x = { label: 'inverse temperature', values: beta.map((value) => value ?? 1) };
  return [
    { name: `${name}, log Z by block`, x, y: { label: 'log Z', unit: 'nats', values: logZ } },
    { name: `${name}, effective share by block`, x, y: { label: 'effective share', values: ess } },
  ];
}

/** The draws of the picture's scrubber, on its axes. */
function stagesOf(
  method: string,
  target: Target,
  draws: FlowEvaluation,
  betas: readonly number[],
  truths: readonly (number | null)[] | undefined,
): Stages {
  const axes = axesOf(target);
  const { dim } = target;
  const on = (values: Float64Array, row: number): number[] =>
    axes.map(({ direction }) =>
      direction.reduce((sum, value, i) => sum + value * (values[row * dim + i] ?? Number.NaN), 0),
    );
  const count = (draws.stages[0]?.length ?? 0) / dim;
  const points = draws.stages.map((values) => Array.from({ length: count }, (_, row) => on(values, row)));
  // A draw that is lost on the way is left out of every stage.
  const whole = Array.from({ length: count }, (_, row) => points.every((each) => each[row]?.every(Number.isFinite)));
  return {
    ...{ method, by: 'block', axes: axes.map(({ label }) => label) },
    stages: points.map((each, index) => ({
      ...{ index, beta: index === 0 ? 0 : (betas[index - 1] ?? 1), points: each.filter((_, row) => whole[row]) },
      ...(index === 0
        ? {}
        : {
            logZ: finite(draws.blocks[index - 1]?.logZ ?? NaN),
            ess: finite(draws.blocks[index - 1]?.ess ?? NaN),
            ...(truths === undefined ? {} : { truth: truths[index] ?? null }),
          }),
    })),
  };
}

/** Nats that log weights may change by with twice the steps. */
const mostStepError = 0.1;

function integrationWarning({ name, ode }: Method, { stepError }: FlowEvaluation): string | undefined {
  if (stepError <= mostStepError) return undefined;
  return `${name}: with twice the steps a log weight changes by ${stepError.toPrecision(2)} nats. Use more "ode.steps" than ${ode.steps}, or more "blocks".`;
}

/** Draws of a flow cannot show what it has lost; exact samples can. */
function collapseWarning(name: string, draws: FlowEvaluation, back: InverseEvaluation): string | undefined {
  const gap = back.bound.value - draws.bound.value;
  const error = Math.hypot(
    Math.sqrt(Math.max(0, 1 / draws.effectiveSampleSize - 1 / draws.bound.n)),
    Math.sqrt(Math.max(0, 1 / (back.ess * back.bound.n) - 1 / back.bound.n)),
  );
  if (!(gap > 1 || Math.abs(back.estimate - draws.estimate) > 5 * error)) return undefined;
  return `${name}: exact samples put log Z below ${back.bound.value.toFixed(2)} and near ${back.estimate.toFixed(2)}, the flow's own draws above ${draws.bound.value.toFixed(2)} and near ${draws.estimate.toFixed(2)} nats. It has lost a part of the target or is far from it, whatever its effective draws say.`;
}

/** Nothing is trained any further: what only the optimiser needs is not kept. */
function withoutMoments(last: AnnealingFlowSnapshot): AnnealingFlowSnapshot {
  return { ...last, weights: {}, optimiser: { updates: 0, first: {}, second: {} } };
}

/** What a row through a velocity and its divergence costs: some two thousand products as much as a density of a few coordinates. */
function velocityUnits({ net }: Method): number {
  const widths = [2, ...net.hidden, 2];
  return widths.slice(1).reduce((sum, width, layer) => sum + width * (widths[layer] ?? 0), 0) / 1000;
}

function work(method: Method): Work {
  const { batch, ode, iterations } = method;
  const evaluations = 4 * ode.steps * velocityUnits(method);
  const steps = method.flow === undefined ? iterations * annealingBetas(method).length : 0;
  return { perStep: batch * gradientUnits * (1 + evaluations), steps };
}

/** Of a draw through all blocks. */
function forwardUnits(method: Method): number {
  return annealingBetas(method).length * (1 + 4 * method.ode.steps * velocityUnits(method));
}

function correctionUnits(method: Method): number {
  const { enabled, moves, leapfrog } = method.correction;
  if (!enabled) return 0;
  return forwardUnits(method) + annealingBetas(method).length * moves * leapfrog * gradientUnits;
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function present(sentence: string | undefined): string[] {
  return sentence === undefined ? [] : [sentence];
}
