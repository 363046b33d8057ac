import type { Picture } from '../../result';
import { targetSummary, type Summarised, type TargetSummary } from '../../targetRun/summary';
import type { Range } from '../figure';
import { padded } from '../ticks';
import { methodLooks, type MethodLook } from './looks';

export interface MarginalInput extends Summarised {
  readonly picture?: Picture | undefined;
  /** An axis of the picture, or a coordinate of the target. */
  readonly of: MarginalChoice['value'];
  readonly hidden?: ReadonlySet<string>;
}

/** What marginals there are: along the axes of the picture, where draws are kept, and of every coordinate. */
export interface MarginalChoice {
  readonly value: `axis-${number}` | `coordinate-${number}`;
  readonly label: string;
}

export interface Histogram {
  /** One more than there are counts. */
  readonly edges: readonly number[];
  /** Per unit of the axis. */
  readonly densities: readonly number[];
}

/** What one method, or the target itself, has along the axis. */
export interface MarginalPart {
  readonly key: string;
  readonly label: string;
  readonly look: MethodLook;
  readonly draws: Histogram | null;
  readonly normal: { readonly mean: number; readonly std: number } | null;
  /** The truth is drawn as a normal of its moments where nothing more is known of it. */
  readonly isTruth: boolean;
}

export interface MarginalData {
  readonly axis: string;
  readonly range: Range;
  /** The target's own density, scaled to an area of 1. */
  readonly density: { readonly x: readonly number[]; readonly values: readonly number[] } | null;
  readonly parts: readonly MarginalPart[];
}

const bins = 48;

export function marginalChoices(input: Summarised & { readonly picture?: Picture | undefined }): MarginalChoice[] {
  const axes = input.picture?.axes ?? [];
  const { approximations, truth } = targetSummary(input);
  const count = approximations[0]?.mean.length ?? truth.mean?.length ?? 0;
  // In one or two dimensions the axes are the coordinates.
  const coordinates = count <= axes.length ? 0 : count;
  return [
    ...axes.map((label, index) => ({ value: `axis-${index}` as const, label })),
    ...Array.from({ length: coordinates }, (_, index) => ({
      value: `coordinate-${index}` as const,
      label: `coordinate ${index + 1}`,
    })),
  ];
}

/** Null where nothing is known along the axis. */
export function marginalData(input: MarginalInput): MarginalData | null {
  const [kind, place] = input.of.split('-');
  const index = Number(place);
  const summary = targetSummary(input);
  return kind === 'axis' ? alongAxis(input.picture, index, summary) : ofCoordinate(index, summary);
}

function alongAxis(picture: Picture | undefined, axis: number, { label }: TargetSummary): MarginalData | null {
  const title = picture?.axes[axis];
  if (picture === undefined || title === undefined) return null;
  const density = densityAlong(picture, axis);
  const normals = new Map(
    picture.normals.map(({ method, mean, covariance }) => {
      const variance = covariance[picture.axes.length === 1 ? 0 : 3 * axis] ?? NaN;
      return [method, { mean: mean[axis] ?? NaN, std: Math.sqrt(variance) }] as const;
    }),
  );
  const draws = new Map(
    picture.samples.map(({ method, points }) => [method, points.map((point) => point[axis] ?? NaN)] as const),
  );
  const range = density === null ? rangeOf([...normals.values()], [...draws.values()].flat()) : ends(density.x);
  const names = [...new Set([...draws.keys(), ...normals.keys()])];
  const looks = methodLooks(names.filter((name) => name !== 'target'));
  const parts = names.flatMap((name): MarginalPart[] => {
    const normal = normals.get(name) ?? null;
    const exact = name === 'target';
    // The curve says more than draws from it, and so does a normal.
    if (exact && density !== null) return [];
    const own = normal === null ? (draws.get(name) ?? []) : [];
    if (own.length === 0 && normal === null) return [];
    return [
      {
        ...{ key: name, label: exact ? 'exact draws' : label(name), look: looks(exact ? 'hmc' : name) },
        draws: own.length === 0 ? null : histogram(own, range),
        normal,
        isTruth: exact,
      },
    ];
  });
  return { axis: title, range, density, parts };
}

/** Of one coordinate only means and standard deviations are kept. */
function ofCoordinate(index: number, { methods, truth, label, approximations }: TargetSummary): MarginalData | null {
  const looks = methodLooks(methods.map(({ name }) => name));
  const normals = approximations.map(({ method, mean, std }): MarginalPart => {
    const normal = { mean: mean[index] ?? NaN, std: std[index] ?? NaN };
    return { key: method, label: label(method), look: looks(method), draws: null, normal, isTruth: false };
  });
  const [mean, std] = [truth.mean?.[index], truth.std?.[index]];
  const known: MarginalPart[] =
    mean === undefined || std === undefined
      ? []
      : [
          {
            ...{ key: 'truth', label: 'true moments, as a normal', look: looks('hmc'), draws: null },
            ...{ normal: { mean, std }, isTruth: true },
          },
        ];
  const parts = [...known, ...normals].filter(({ normal }) => Number.isFinite(normal?.mean));
  if (parts.length === 0) return null;
  const range = rangeOf(
    parts.flatMap(({ normal }) => normal ?? []),
    [],
  );
  return { axis: `coordinate ${index + 1}`, range, density: null, parts };
}

/** The target along one axis, scaled to an area of 1. On a plane the other axis is summed over. */
export function densityAlong({ density, axes }: Picture, axis: number): MarginalData['density'] {
  if (density === undefined) return null;
  const { x, y, values } = density;
  const top = values.reduce<number>((best, value) => Math.max(best, value ?? -Infinity), -Infinity);
  if (!Number.isFinite(top)) return null;
  const share = (index: number): number => Math.exp((values[index] ?? -Infinity) - top);
  const along = axes.length === 1 ? x : axis === 0 ? x : (y ?? []);
  const heights = along.map((_, place) => {
    if (y === undefined) return share(place);
    if (axis === 0) return y.reduce((total, _v, row) => total + share(row * x.length + place), 0);
    return x.reduce((total, _v, column) => total + share(place * x.length + column), 0);
  });
  const area = along.slice(1).reduce((total, at, index) => {
    const step = at - (along[index] ?? at);
    return total + (step * ((heights[index] ?? 0) + (heights[index + 1] ?? 0))) / 2;
  }, 0);
  return area > 0 ? { x: along, values: heights.map((height) => height / area) } : null;
}

/** @returns densities over bins of one width; what lies outside counts to the whole and to no bin */
export function histogram(values: readonly number[], [low, high]: Range): Histogram {
  const width = (high - low) / bins;
  const counts = new Array<number>(bins).fill(0);
  for (const value of values) {
    const bin = Math.floor((value - low) / width);
    if (bin >= 0 && bin < bins) counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return {
    edges: Array.from({ length: bins + 1 }, (_, index) => low + index * width),
    densities: counts.map((count) => count / (values.length * width)),
  };
}

function rangeOf(normals: readonly { readonly mean: number; readonly std: number }[], draws: readonly number[]): Range {
  const sorted = draws.filter(Number.isFinite).sort((a, b) => a - b);
  const edges =
    sorted.length === 0 ? [] : [0.002, 0.998].map((share) => sorted[Math.round(share * (sorted.length - 1))] ?? 0);
  const all = [...edges, ...normals.flatMap(({ mean, std }) => [mean - 3 * std, mean + 3 * std])].filter(
    Number.isFinite,
  );
  return all.length === 0 ? [-1, 1] : padded(all, 0.03, 1e-9);
}

function ends(x: readonly number[]): Range {
  return [x[0] ?? 0, x.at(-1) ?? 1];
}

export function normalDensity(x: number, { mean, std }: { readonly mean: number; readonly std: number }): number {
  return Math.exp(-0.5 * ((x - mean) / std) ** 2) / (std * Math.sqrt(2 * Math.PI));
}
