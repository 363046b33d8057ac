import type { Bound, Stages } from '../../../shared/result';
import type { NamedMethod } from '../../../shared/runFile';
import { mostDraws } from '../../metrics/keptDraws';
import type { Target } from '../../targets';
import {
  evaluatePath,
  type PathEvaluation,
  type PathEvaluationSnapshot,
  type TrainedSampler,
} from '../../trainers/mcd/evaluate';
import { evaluateReverse, type ReverseEvaluation, type ReverseSnapshot } from '../../trainers/mcd/evaluateReverse';
import { coefficientsOf } from '../../trainers/mcd/parameters';
import { scoreFile } from '../../trainers/mcd/scoreFile';
import { trainPath, type PathSnapshot, type TrainedPath } from '../../trainers/mcd/train';
import { followed } from '../followed';
import { curveSeries } from '../learned';
import { gradientUnits } from '../meter';
import type { RunEvent } from '../types';
import { massSeries, transitionSeries } from './coefficientSeries';
import { fitWarnings, followedBy, judged, methodContext } from './judge';
import type { MethodKind, MethodOutcome, MethodParts, Work } from './types';
import { sharesBack } from './weightShares';

type PathType = 'ula' | 'uha' | 'ula-mcd' | 'uha-mcd';
type PathMethod = Extract<NamedMethod, { type: PathType }>;

/** Numbers that exact samples may take. */
const mostExact = 2 ** 24;

/** Annealed paths, plain or with a learned reversal: a lower bound on log Z, and an upper one where the target can be sampled exactly. */
const kind = { work, judging, run };
export const ula: MethodKind<'ula'> = kind;
export const uha: MethodKind<'uha'> = kind;
export const ulaMcd: MethodKind<'ula-mcd'> = kind;
export const uhaMcd: MethodKind<'uha-mcd'> = kind;

function work(method: PathMethod): Work {
  const { batch, steps, iterations } = method;
  // Forces forward, products with curvatures backward, and as much again for the passes of the host.
  const path = (scoreOnly(method) ? 2 : 4) * gradientUnits * (steps + 1);
  const looked = scoreOnly(method) && 'transitions' in method ? (method.transitions ?? steps) : steps;
  return { perStep: batch * (path + 3 * looked * networkUnits(method)), steps: iterations };
}

function judging(method: PathMethod, draws: number): number {
  return 2 * draws * drawUnits(method);
}

function drawUnits(method: PathMethod): number {
  return (method.steps + 1) * 2 * gradientUnits + method.steps * networkUnits(method);
}

function scoreOnly(method: PathMethod): boolean {
  return 'train' in method && method.train === 'score-only';
}

/** What a row through the network costs: some thousand of its weights as much as a density of a few coordinates. */
function networkUnits(method: PathMethod): number {
  if (!('score' in method)) return 0;
  const { width, blocks } = method.score;
  return (4 * blocks * width * width) / 2000;
}

async function* run(method: PathMethod, parts: MethodParts): AsyncGenerator<RunEvent, MethodOutcome> {
  const { name, type } = method;
  const { target } = parts;
  const context = methodContext(name, parts);
  const trained: TrainedPath = yield* followed({
    ...followedBy(method, work(method), parts),
    start: (resume: PathSnapshot | undefined) => trainPath(method, context, resume),
    kept: withoutMoments,
  });
  const draws = yield* forward(method, parts, trained);
  const back = yield* reversed(method, parts, trained);
  const { bounds, metrics, warnings, ...rest } = judged(name, type, 1, draws, back?.logWeights);
  const gradientEvaluations =
    trained.gradientEvaluations + draws.gradientEvaluations + (back?.gradientEvaluations ?? 0);
  const { steps, betas, refreshment, mass } = coefficientsOf(trained.sampler, trained.settings.sizes);
  const underdamped = trained.settings.path.dynamics === 'underdamped';
  return {
    name,
    bounds: [...bounds, ...(back === undefined ? [] : [upperBound(method, back)])],
    approximations: [],
    metrics: {
      [name]: {
        ...metrics,
        ...(back === undefined ? {} : reverseMetrics(back)),
        mean: [...draws.mean],
        std: [...draws.std],
        ...(underdamped ? { refreshment } : {}),
        ...(draws.exploded === undefined ? {} : { exploded: draws.exploded }),
        ...(trained.dropped === 0 ? {} : { droppedUpdates: trained.dropped }),
        bestIteration: trained.bestIteration,
        gradientEvaluations,
      },
    },
    ...rest,
    series: [
      ...curveSeries(name, trained.curve),
      transitionSeries(name, 'step size', steps),
      transitionSeries(name, 'β', betas),
      ...(underdamped ? massSeries(name, mass) : []),
    ],
    warnings: [
      ...fitWarnings(name, trained),
      ...warnings,
      ...explosionWarning(method, draws),
      ...(back !== undefined && back.dropped > 0
        ? [`${name} has no upper bound: the weight of ${back.dropped} reverse paths is not finite.`]
        : []),
    ],
    gradientEvaluations,
    stages: [stagesOf(name, target, draws, betas)],
    ...(trained.network === undefined
      ? {}
      : { files: [{ name: `${name}.safetensors`, bytes: scoreFile(name, trained, method) }] }),
  };
}

function forward(method: PathMethod, parts: MethodParts, trained: TrainedSampler) {
  const { name } = method;
  const { spec, target, context, meter } = parts;
  const { samples } = spec.evaluate;
  return followed({
    ...{ name, stage: 'evaluating', iterations: samples, units: drawUnits(method), context, meter },
    start: (resume: PathEvaluationSnapshot | undefined) =>
      evaluatePath(
        trained,
        { samples, keep: mostDraws(target.dim), directions: axesOf(target).map(({ direction }) => direction) },
        methodContext(name, parts),
        resume,
      ),
  });
}

/** Undefined where the target has no exact samples. */
async function* reversed(
  method: PathMethod,
  parts: MethodParts,
  trained: TrainedSampler,
): AsyncGenerator<RunEvent, ReverseEvaluation | undefined> {
  const { name } = method;
  const { spec, target, context, meter } = parts;
  const { sample, dim } = target;
  if (sample === undefined) {
    yield meter.tick(spec.evaluate.samples * drawUnits(method));
    return undefined;
  }
  const count = Math.max(1, Math.min(spec.evaluate.samples, Math.floor(mostExact / dim)));
  const units = (drawUnits(method) * spec.evaluate.samples) / count;
  return yield* followed({
    ...{ name, stage: 'reversing', iterations: count, units, context, meter },
    start: (resume: ReverseSnapshot | undefined) =>
      evaluateReverse(trained, count, sample, methodContext(name, parts), resume),
  });
}

function upperBound({ name, type }: PathMethod, { bound, dropped }: ReverseEvaluation): Bound {
  const valid = dropped === 0 && Number.isFinite(bound.value);
  return {
    ...{ quantity: 'log-z', estimator: type, side: 'upper', method: name, samples: 1, n: bound.n },
    value: valid ? bound.value : null,
    ci95: valid ? bound.ci95 : null,
  };
}

function reverseMetrics({
  bound,
  dropped,
  estimate,
  effectiveSampleSize,
  logWeights,
}: ReverseEvaluation): Record<string, unknown> {
  const valid = dropped === 0 && Number.isFinite(bound.value);
  const { ess, largest } = sharesBack(logWeights);
  return {
    ...(valid ? { upperBound: bound.value, upperBoundCi95: bound.ci95 } : {}),
    logZEstimateReverse: estimate,
    essReverse: effectiveSampleSize,
    essForward: ess * bound.n,
    largestWeightReverse: largest,
  };
}

function explosionWarning({ name, maximum }: PathMethod, { exploded, bound }: PathEvaluation): string[] {
  if (exploded === undefined) return [];
  const { count, transition, stepSize } = exploded;
  const where =
    transition === 0 ? 'at the start' : `after transition ${transition} with δ = ${stepSize.toPrecision(3)}`;
  const paths = `${count.toLocaleString('en')} of ${(bound.n + count).toLocaleString('en')} paths`;
  return [`${name}: ${paths} exploded, most of them ${where}. Use a "maximum" below ${maximum} or more "steps".`];
}

/** Nothing is trained any further: what only the optimiser needs is not kept. */
function withoutMoments(last: PathSnapshot): PathSnapshot {
  if (last.network === undefined) return last;
  const { network, ...others } = last;
  return { ...others, network: { parameters: network.parameters, updates: network.updates } };
}

/** What paths are looked at along: the plane of the target, or its first coordinates. */
export function axesOf({ dim, plane, labels }: Target): { readonly label: string; readonly direction: Float64Array }[] {
  if (plane !== undefined) {
    return [plane.x, plane.y].map((direction, i) => ({ label: plane.labels[i] ?? '', direction }));
  }
  return Array.from({ length: Math.min(2, dim) }, (_, axis) => ({
    label: labels?.[axis] ?? (dim === 1 ? 'z' : `z${'₁₂'.charAt(axis)}`),
    direction: Float64Array.from({ length: dim }, (__, i) => Number(i === axis)),
  }));
}

function stagesOf(method: string, target: Target, { strip }: PathEvaluation, betas: Float64Array): Stages {
  return {
    method,
    by: 'transition',
    axes: axesOf(target).map(({ label }) => label),
    stages: strip.transitions.map(({ transition, points }) => ({
      index: transition,
      beta: transition === 0 ? 0 : (betas[transition - 1] ?? 1),
      points: points.map((point) => [...point]),
    })),
    histograms: strip.histograms.map(({ edges, counts }) => ({
      edges: [...edges],
      counts: counts.map((row) => [...row]),
    })),
  };
}
