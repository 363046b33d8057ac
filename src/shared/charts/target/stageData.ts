import { formatCount, formatNumber } from '../../format';
import type { Picture, Stages } from '../../result';
import { methodNames, methodsIn } from '../../targetRun/names';
import type { Summarised } from '../../targetRun/summary';
import type { Range } from '../figure';
import { padded } from '../ticks';
import type { Field, Point } from './contours';
import { methodLooks, type MethodLook } from './looks';

export interface StagesInput extends Summarised {
  readonly picture?: Picture | undefined;
  readonly stages?: readonly Stages[] | undefined;
  /** As results call it. */
  readonly method: string;
}

export type Stage = Stages['stages'][number];

/** A method whose draws were looked at on their way. */
export interface StageChoice {
  readonly value: string;
  readonly label: string;
  readonly by: Stages['by'];
}

export interface StagesOf extends Stages {
  readonly label: string;
  readonly look: MethodLook;
}

export function stageChoices({ spec, stages = [] }: Pick<StagesInput, 'spec' | 'stages'>): StageChoice[] {
  const label = methodNames(methodsIn(spec));
  return stages
    .filter(({ stages: own }) => own.length > 1 && own.some(({ points }) => points.length > 0))
    .map(({ method, by }) => ({ value: method, label: label(method), by }));
}

/** Undefined where the method has none. */
export function stagesOf({ spec, stages = [], method }: StagesInput): StagesOf | undefined {
  const found = stages.find((one) => one.method === method);
  if (found === undefined || found.stages.length < 2) return undefined;
  const methods = methodsIn(spec);
  return {
    ...found,
    label: methodNames(methods)(method),
    look: methodLooks(stages.map((one) => one.method))(method),
  };
}

/** "start", "k = 8", "block 3" */
export function stageName({ by }: Pick<Stages, 'by'>, { index }: Stage): string {
  if (index === 0) return 'start';
  return by === 'block' ? `block ${formatCount(index)}` : `k = ${formatCount(index)}`;
}

/** "β = 0.25"; empty where it has none. */
export function betaText({ beta }: Stage): string {
  return beta === null ? '' : `β = ${formatNumber(beta, beta === 0 || beta === 1 ? 0 : beta < 0.1 ? 3 : 2)}`;
}

/** So many stages, evenly chosen, the first and the last among them. */
export function selected<T>(stages: readonly T[], most: number): T[] {
  if (stages.length <= most) return [...stages];
  const chosen = Array.from({ length: most }, (_, i) => Math.round((i * (stages.length - 1)) / (most - 1)));
  return [...new Set(chosen)].flatMap((place) => {
    const stage = stages[place];
    return stage === undefined ? [] : [stage];
  });
}

/** Draws that are followed through all stages: spread evenly over where they end along an axis. Their places in a stage's points. */
export function followedDraws(stages: readonly Stage[], axis: number, count: number): number[] {
  const points = stages.at(-1)?.points ?? [];
  const known = points
    .map((point, place) => ({ place, at: point[axis] ?? NaN }))
    .filter(({ place }) => stages.every((stage) => stage.points[place]?.every(Number.isFinite) === true))
    .sort((a, b) => a.at - b.at);
  const chosen = Array.from({ length: count }, (_, i) => Math.floor(((i + 0.5) / count) * known.length));
  return [...new Set(chosen)].flatMap((rank) => known[rank]?.place ?? []);
}

/** What of both axes to show: the target's own extent, and nearly all draws of every stage. */
export function stagesRange({ stages }: Stages, picture: Picture | undefined, axis: 0 | 1): Range {
  const given = axis === 0 ? picture?.density?.x : picture?.density?.y;
  const all = stages.flatMap(({ points }) => {
    const sorted = points
      .map((point) => point[axis] ?? NaN)
      .filter(Number.isFinite)
      .sort((a, b) => a - b);
    return [0.015, 0.985].flatMap((share) => sorted[Math.round(share * (sorted.length - 1))] ?? []);
  });
  const ends = [...all, ...(given?.[0] === undefined ? [] : [given[0], given.at(-1) ?? given[0]])];
  return ends.length === 0 ? [-1, 1] : padded(ends, 0.02, 1e-6);
}

/** Coordinates of a stage's draws in the plane. */
export function planePoints({ points }: Stage): Point[] {
  return points.map(([x = NaN, y = NaN]): Point => [x, y]);
}

/**
 * Log density that a block of a flow aims at on the grid of the picture, (1 − β) log N(x; 0, s₀² I) + β log q̃, up to a constant; that of
 * the target itself for other methods, and in more dimensions than are seen. Undefined where no density is known.
 */
export function aimedAt({ spec, picture, method }: StagesInput, { stages }: Stages, stage: Stage): Field | undefined {
  const density = picture?.density;
  if (density?.y === undefined) return undefined;
  const field = { x: density.x, y: density.y, values: density.values };
  const flow = methodsIn(spec).find(({ name }) => name === method);
  // Only in one dimension or two is the truth known by quadrature, and the plane the whole space.
  const seen = stages.some(({ truth }) => truth !== undefined);
  const { beta } = stage;
  if (flow?.type !== 'annealing-flow' || !seen || beta === null || beta === 1) return field;
  if (beta === 0) return normalField(flow.baseScale);
  const { x, y, values } = field;
  const normal = (place: number): number => {
    const [u, v] = [x[place % x.length] ?? NaN, y[Math.floor(place / x.length)] ?? NaN];
    return (-0.5 * (u * u + v * v)) / flow.baseScale ** 2;
  };
  const bridged = (value: number, place: number): number => (1 - beta) * normal(place) + beta * value;
  return { x, y, values: values.map((value, place) => (value === null ? null : bridged(value, place))) };
}

/** log N(x; 0, s₀² I) up to a constant, as far out as contours go. */
function normalField(scale: number): Field {
  const count = 61;
  const x = Array.from({ length: count }, (_, i) => 4.5 * scale * ((2 * i) / (count - 1) - 1));
  return { x, y: x, values: x.flatMap((v) => x.map((u) => (-0.5 * (u * u + v * v)) / scale ** 2)) };
}
