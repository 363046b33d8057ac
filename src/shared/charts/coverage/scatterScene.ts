import { standingsOf, type Standing } from '../../coverageStandings';
import { modeName } from '../../coverageTexts';
import type { CoverageOf, CoverageView, Picture } from '../../result';
import type { Range } from '../figure';
import { padded } from '../ticks';
import { modeHue } from './looks';

export type Point = readonly [x: number, y: number];

export interface ScatterInput {
  readonly coverage: CoverageOf;
  /** "Annealing flow" */
  readonly label: string;
  /** Its density is drawn where its axes are those of the points. */
  readonly picture?: Picture | undefined;
  /** A mode that stands out. */
  readonly highlight?: number | null | undefined;
  /** Whether points are as large as their importance weights say. */
  readonly sized?: boolean;
  /** Keys of what is switched off. */
  readonly hidden?: ReadonlySet<string>;
}

/** Modes at one place of the plane: patterns of signs of other coordinates lie over each other. */
export interface Place {
  readonly at: Point;
  readonly modes: readonly number[];
  /** Of these, the ones of the worst standing that there is. */
  readonly affected: readonly number[];
  readonly standing: Standing | 'found';
}

export interface Scene {
  readonly view: CoverageView;
  readonly x: Range;
  readonly y: Range;
  readonly density: Picture['density'] | undefined;
  /** Points of modes by their hue, and those that are of none or far from theirs. */
  readonly good: readonly { readonly hue: number; readonly dots: readonly Dot[] }[];
  readonly poor: readonly Dot[];
  readonly places: readonly Place[];
  readonly reference: { readonly covered: readonly Point[]; readonly uncovered: readonly Point[] } | null;
  name(mode: number): string;
  /** True weight, where it is known. */
  weight(mode: number): number | undefined;
  /** Share of the samples, where it is known. */
  share(mode: number): number | undefined;
}

export interface Dot {
  readonly at: Point;
  readonly mode: number | null;
  /** Importance weight, 1 on average. */
  readonly weight: number;
}

export function sceneOf({ coverage, picture }: ScatterInput): Scene | null {
  const { view, card } = coverage;
  if (view === undefined || view.points.length === 0) return null;
  const line = view.axes.length === 1;
  const density = densityOf(view, picture);
  const lift = line ? liftOf(density) : undefined;
  const placed = (point: readonly number[], index: number): Point => [
    point[0] ?? NaN,
    lift === undefined ? (point[1] ?? NaN) : lift(point[0] ?? NaN, index),
  ];
  const dots = view.points.map((point, index): Dot & { readonly good: boolean } => ({
    at: placed(point, index),
    mode: view.modes[index] ?? null,
    weight: view.weights?.[index] ?? 1,
    good: view.good[index] === true,
  }));
  const kept = dots.filter(({ at }) => at.every(Number.isFinite));
  const isGood = (dot: (typeof dots)[number]): boolean => dot.good && dot.mode !== null;
  const groups = Map.groupBy(kept.filter(isGood), ({ mode }) => modeHue(mode ?? 0));
  const places = placesOf(view, standingsOf(card), line);
  const { reference } = view;
  const real = reference?.points.map((point, index) => ({
    ...{ at: placed(point, index), covered: reference.covered[index] === true },
  }));
  const reach = (axis: 0 | 1): Range =>
    line && axis === 1
      ? [0, 1.04]
      : rangeOf(
          kept.map(({ at }) => at[axis]),
          [
            ...places.map(({ at }) => at[axis]),
            ...spread((real ?? []).map(({ at }) => at[axis])),
            ...ends(axis === 0 ? density?.x : density?.y),
          ],
        );
  return {
    view,
    density,
    x: reach(0),
    y: reach(1),
    good: [...groups].sort(([a], [b]) => a - b).map(([hue, members]) => ({ hue, dots: members })),
    poor: kept.filter((dot) => !isGood(dot)),
    places,
    reference:
      real === undefined
        ? null
        : {
            covered: real.filter(({ covered }) => covered).map(({ at }) => at),
            uncovered: real.filter(({ covered }) => !covered).map(({ at }) => at),
          },
    name: (mode) => modeName(card, mode, view.signs),
    share: (mode) => card.modes?.raw[mode],
    weight: (mode) => card.modes?.weights[mode] ?? card.missed.find((one) => one.mode === mode)?.weight,
  };
}

/** A density of other axes would be a slice of nothing. */
function densityOf(view: CoverageView, picture: Picture | undefined): Picture['density'] | undefined {
  const same =
    picture?.axes.length === view.axes.length && picture.axes.every((label, index) => label === view.axes[index]);
  return same ? picture.density : undefined;
}

/** On a line points have no height: they fill the area below the density, at places that depend on their number alone. */
function liftOf(density: Picture['density'] | undefined): (x: number, index: number) => number {
  const heights = density === undefined ? undefined : lineHeights(density);
  return (x, index) => {
    const share = (0.5 + index * 0.618_033_988_749_895) % 1;
    if (density === undefined || heights === undefined) return 0.6 * share;
    const next = density.x.findIndex((at) => at >= x);
    return share * Math.max(0.06, next <= 0 ? 0 : (heights[next] ?? 0));
  };
}

/** A density on a line, its highest value 1. */
export function lineHeights({ values }: NonNullable<Picture['density']>): number[] {
  const top = values.reduce<number>((best, value) => Math.max(best, value ?? best), Number.NEGATIVE_INFINITY);
  return values.map((value) => (value === null ? 0 : Math.exp(value - top)));
}

const worstFirst = ['missed', 'short', 'undecidable'] as const;

function placesOf({ locations = [] }: CoverageView, standings: ReadonlyMap<number, Standing>, line: boolean): Place[] {
  const finite = locations
    .map((location, mode) => ({ mode, at: [location[0] ?? NaN, line ? 0 : (location[1] ?? NaN)] as const }))
    .filter(({ at }) => at.every(Number.isFinite));
  const groups = Map.groupBy(finite, ({ at }) => at.map((value) => value.toPrecision(6)).join(' '));
  return [...groups.values()].map((members) => {
    const modes = members.map(({ mode }) => mode);
    const standing = worstFirst.find((one) => modes.some((mode) => standings.get(mode) === one)) ?? 'found';
    const affected = modes.filter((mode) => standings.get(mode) === standing);
    return { at: members[0]?.at ?? [0, 0], modes, affected, standing };
  });
}

/** What nearly all points reach, and everything that must be in sight. */
function rangeOf(values: readonly number[], always: readonly number[]): Range {
  const all = [...spread(values), ...always];
  return all.length === 0 ? [-1, 1] : padded(all, 0.05, 1e-6);
}

function spread(values: readonly number[]): number[] {
  const sorted = Float64Array.from(values.filter(Number.isFinite)).sort();
  return sorted.length === 0 ? [] : [0.002, 0.998].map((share) => sorted[Math.round(share * (sorted.length - 1))] ?? 0);
}

function ends(list: readonly number[] | undefined): number[] {
  return list === undefined || list.length === 0 ? [] : [list[0] ?? 0, list.at(-1) ?? 0];
}
