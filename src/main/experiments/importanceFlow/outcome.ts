import type { z } from 'zod';
import { eventText, edgeOf, type EdgeSpec, type ImportanceFlowSpec } from '../../../shared/runFile';
import type { rareEventSchema } from '../../../shared/rareEvent/summary';
import type { Bound, Series } from '../../../shared/result';
import {
  eventProbability,
  relativeHalfWidth,
  runningProbability,
  type EventEstimate,
} from '../../metrics/eventProbability';
import { logProbability, plainVariance, type RareEvent } from '../../targets/oracles/rareEvents';
import type { FlowEvaluation } from '../../trainers/flow/density';
import { annealingFlowFile } from '../../trainers/flow/keep';
import type { TrainedAnnealingFlow } from '../../trainers/flow/train';
import { curveSeries } from '../learned';
import type { Outcome } from '../types';
import type { EstimatedRatios } from '.';
import type { PlainDraws } from './monteCarlo';
import { pictureOfEvent, stagesOfEvent } from './picture';
import { ratioFacts, ratioWarnings } from './ratioFacts';
import { importanceWarnings } from './warnings';

export interface OutcomeParts {
  readonly spec: ImportanceFlowSpec;
  readonly edges: readonly EdgeSpec[];
  readonly trained: TrainedAnnealingFlow;
  readonly draws: FlowEvaluation;
  /** log p − log ρ of draws in the event, −∞ of the others. */
  readonly logWeights: Float64Array;
  readonly plain: PlainDraws;
  readonly ratio: EstimatedRatios | undefined;
}

/** Everything that a run leaves. */
export function importanceOutcome(parts: OutcomeParts): Outcome {
  const { spec, edges, trained, draws, logWeights, plain, ratio } = parts;
  const { event, flow } = spec;
  const known = eventOf(spec);
  const truth = logProbability(known);
  const found = eventProbability(logWeights);
  const hit = eventProbability(plain.logWeights);
  const own = numbersOf(found, truth);
  const reduction = own.relativeVariance === null ? null : plainVariance(known) / own.relativeVariance;
  const facts: z.infer<typeof rareEventSchema> = {
    event: { text: eventText(event), type: event.type, dim: event.dim, edge: edgeOf(event) },
    probability: {
      ...own,
      varianceReduction: finite(reduction),
      equivalentDraws: finite(reduction === null ? null : reduction * found.draws),
      effectiveHits: finite(reduction === null ? null : reduction * found.draws * Math.exp(truth)),
    },
    monteCarlo: {
      ...numbersOf(hit, truth),
      interval: wilson(hit.hits, hit.draws),
      expectedHits: hit.draws * Math.exp(truth),
    },
    truth,
    truthProbability: Math.exp(truth),
    ...(ratio === undefined ? {} : { ratio: ratioFacts(ratio, logWeights, truth) }),
  };
  const perBlock = {
    edge: edges.slice(0, draws.blocks.length).map(({ edge }) => edge),
    sharpness: edges.slice(0, draws.blocks.length).map(({ sharpness }) => sharpness),
    logZ: draws.blocks.map(({ logZ }) => finite(logZ)),
    ess: draws.blocks.map(({ ess }) => finite(ess)),
    pathEnergy: draws.blocks.map(({ energy }) => finite(energy)),
  };
  const { network, rule, blocks } = trained;
  // What each block aims at is in the settings; none of them is tempered.
  const kept = { network, rule, blocks, steps: flow.steps, scale: 1, betas: blocks.map(() => 1) };
  return {
    status: 'done',
    bounds: [...estimateBounds(logWeights, plain.logWeights)],
    metrics: { ...facts, flow: { integrationError: draws.stepError, perBlock } },
    diagnostics: {
      gradientEvaluations: trained.gradientEvaluations,
      ...(trained.dropped === 0 ? {} : { droppedUpdates: trained.dropped }),
    },
    warnings: [
      ...importanceWarnings({ spec, trained, draws, found, truth }),
      ...(ratio === undefined ? [] : ratioWarnings(ratio, facts)),
    ],
    series: [
      ...runningSeries('running estimate', logWeights),
      ...runningSeries('running estimate, Monte Carlo', plain.logWeights),
      ...blockSeries(perBlock),
      ...curveSeries('flow', trained.curve),
      ...curveSeries('ratio', ratio?.trained.curve),
    ],
    picture: pictureOfEvent(event, draws, plain),
    stages: [stagesOfEvent(event, draws)],
    files: [{ name: 'flow.safetensors', bytes: annealingFlowFile('flow', kept, { event, edges, ...flow }) }],
  };
}

/** The event as closed forms take it. */
function eventOf({ event }: Pick<ImportanceFlowSpec, 'event'>): RareEvent {
  return event.type === 'half-space' ? { type: 'half-space', edge: event.threshold } : event;
}

/** log P by either kind of draws: estimates, which bound nothing. Without a hit there is none. */
export function estimateBounds(logWeights: Float64Array, plain: Float64Array): Bound[] {
  return [
    { estimator: 'importance-flow', found: eventProbability(logWeights) },
    { estimator: 'monte-carlo', found: eventProbability(plain) },
  ].flatMap(({ estimator, found }): Bound[] => {
    if (found.hits === 0) return [];
    const { logValue, draws } = found;
    const width = finite(relativeHalfWidth(found));
    return [{ quantity: 'log-probability', estimator, side: 'estimate', value: logValue, ci95: width, n: draws }];
  });
}

function numbersOf(found: EventEstimate, truth: number) {
  const { draws, hits, logValue, relativeVariance, effectiveSampleSize, largestShare } = found;
  const width = relativeHalfWidth(found);
  const value = Math.exp(logValue);
  const ratio = Math.exp(logValue - truth);
  return {
    ...{ value, ci95: hits === 0 ? null : finite(value * width), logValue: finite(logValue) },
    ...{ relativeVariance: finite(relativeVariance), draws, hits },
    ...{ ess: effectiveSampleSize, largestWeight: hits === 0 ? null : largestShare },
    ...{ ratio, ratioCi95: hits === 0 ? null : finite(ratio * width) },
  };
}

/** Wilson's 95 % interval of a share. */
function wilson(hits: number, draws: number): [number, number] {
  const z = 1.959963984540054;
  const share = hits / draws;
  const scale = 1 + (z * z) / draws;
  const middle = (share + (z * z) / (2 * draws)) / scale;
  const half = (z / scale) * Math.sqrt((share * (1 - share)) / draws + (z * z) / (4 * draws * draws));
  return [Math.max(0, middle - half), middle + half];
}

/** A running estimate and the ends of its 95 % interval, by draws. */
function runningSeries(name: string, logWeights: Float64Array): Series[] {
  const points = runningProbability(logWeights);
  const x = { label: 'draws', values: points.map(({ draws }) => draws) };
  const values = points.map(({ logValue }) => Math.exp(logValue));
  const widths = points.map((point) => relativeHalfWidth(point));
  const end = (sign: number): (number | null)[] =>
    values.map((value, i) => finite(value * (1 + sign * (widths[i] ?? NaN))));
  return [
    { name, x, y: { label: 'P', values } },
    { name: `${name}, lower end`, x, y: { label: 'P', values: end(-1) } },
    { name: `${name}, upper end`, x, y: { label: 'P', values: end(1) } },
  ];
}

function blockSeries({ edge, logZ, ess }: Record<'edge' | 'logZ' | 'ess', (number | null)[]>): Series[] {
  const x = { label: 'block', values: edge.map((_, k) => k + 1) };
  return [
    { name: 'edge by block', x, y: { label: 'edge', values: edge } },
    { name: 'log probability of the smoothed event by block', x, y: { label: 'log P', unit: 'nats', values: logZ } },
    { name: 'effective share by block', x, y: { label: 'effective share', values: ess } },
  ];
}

function finite(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null;
}
