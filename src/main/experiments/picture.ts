import type { Approximation, Picture } from '../../shared/result';
import type { Target } from '../targets';

/** Samples of one method, `[count, d]`. */
export interface MethodSamples {
  readonly method: string;
  readonly values: ArrayLike<number>;
  /** `[count]`, up to a constant; left out where draws count alike. */
  readonly logWeights?: ArrayLike<number>;
}

/** What a screen shows of samples, and the points of a density along one axis. */
const mostPoints = 1500;
const along = 200;
const across = 90;

/**
 * A target with what methods made of it, on its plane, or on its axis in one dimension.
 * @param logZ of the target where it is known or bracketed, so that the density is normalised
 */
export function pictureOf(
  target: Target,
  samples: readonly MethodSamples[],
  approximations: readonly Approximation[],
  axisLogDensity?: (x: Float64Array) => Promise<Float64Array>,
): Promise<Picture> {
  return target.dim === 1
    ? lineOf(target, samples, approximations, axisLogDensity)
    : Promise.resolve(planeOf(target, samples, approximations));
}

async function lineOf(
  { labels = ['z'] }: Target,
  samples: readonly MethodSamples[],
  approximations: readonly Approximation[],
  logDensity: ((x: Float64Array) => Promise<Float64Array>) | undefined,
): Promise<Picture> {
  const points = samples.map(({ method, values }) => ({
    method,
    points: thinned(values, 1).map((row) => [values[row] ?? NaN]),
  }));
  const normals = approximations.map(({ method, mean, std }) => ({
    method,
    mean: [...mean],
    covariance: std.map((value) => value * value),
  }));
  const [low, high] = extent(
    points.flatMap((each) => each.points.map(([x]) => x ?? NaN)),
    normals.map(({ mean, covariance }) => ({ mean: mean[0] ?? NaN, std: Math.sqrt(covariance[0] ?? NaN) })),
  );
  const x = spaced(low, high, along);
  const values = logDensity === undefined ? undefined : await logDensity(Float64Array.from(x));
  return {
    axes: [labels[0] ?? 'z'],
    ...(values === undefined ? {} : { density: { x, values: Array.from(values, finite) } }),
    samples: points,
    normals,
  };
}

function planeOf(target: Target, samples: readonly MethodSamples[], approximations: readonly Approximation[]): Picture {
  const { plane, dim } = target;
  const [first, second] = [plane?.x ?? axis(dim, 0), plane?.y ?? axis(dim, 1)];
  const points = samples.map(({ method, values }) => ({
    method,
    points: thinned(values, dim).map((row) => [dot(first, values, row * dim), dot(second, values, row * dim)]),
  }));
  const normals = approximations.map(({ method, mean, std }) => {
    const between = (a: Float64Array, b: Float64Array): number =>
      std.reduce((total, value, index) => total + (a[index] ?? 0) * (b[index] ?? 0) * value * value, 0);
    return {
      method,
      mean: [dot(first, mean), dot(second, mean)],
      covariance: [between(first, first), between(first, second), between(first, second), between(second, second)],
    };
  });
  const spread = (index: 0 | 1): [number, number] =>
    extent(
      points.flatMap((each) => each.points.map((point) => point[index] ?? NaN)),
      normals.map(({ mean, covariance }) => ({
        mean: mean[index] ?? NaN,
        std: Math.sqrt(covariance[3 * index] ?? NaN),
      })),
    );
  const [x, y] = [spaced(...spread(0), across), spaced(...spread(1), across)];
  const logDensity = plane?.logDensity;
  return {
    axes: [...(plane?.labels ?? ['z₁', 'z₂'])],
    ...(logDensity === undefined
      ? {}
      : { density: { x, y, values: y.flatMap((v) => x.map((u) => finite(logDensity(u, v)))) } }),
    samples: points,
    normals,
  };
}

/** Rows spread over all of the samples, of those that are finite. */
function thinned(values: ArrayLike<number>, dim: number): number[] {
  const count = Math.floor(values.length / dim);
  const stride = Math.max(1, Math.ceil(count / mostPoints));
  const finiteRow = (row: number): boolean => {
    for (let at = row * dim; at < (row + 1) * dim; at += 1) if (!Number.isFinite(values[at])) return false;
    return true;
  };
  return Array.from({ length: Math.ceil(count / stride) }, (_, place) => place * stride).filter(finiteRow);
}

/** From the smallest to the largest of nearly all samples, and two and a half standard deviations of every normal. */
function extent(
  values: readonly number[],
  normals: readonly { readonly mean: number; readonly std: number }[],
): [number, number] {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  const quantile = (share: number): number[] => {
    const value = sorted[Math.round(share * (sorted.length - 1))];
    return value === undefined ? [] : [value];
  };
  const ends = normals.flatMap(({ mean, std }) => [mean - 2.5 * std, mean + 2.5 * std]).filter(Number.isFinite);
  const all = [...quantile(0.002), ...quantile(0.998), ...ends];
  const [low, high] = all.length === 0 ? [-3, 3] : [Math.min(...all), Math.max(...all)];
  const margin = 0.08 * Math.max(high - low, 1e-6);
  return [low - margin, high + margin];
}

function spaced(low: number, high: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => low + ((high - low) * index) / (count - 1));
}

function dot(direction: Float64Array, values: ArrayLike<number>, from = 0): number {
  let total = 0;
  for (let index = 0; index < direction.length; index += 1)
    total += (direction[index] ?? 0) * (values[from + index] ?? NaN);
  return total;
}

function axis(dim: number, index: number): Float64Array {
  const vector = new Float64Array(dim);
  vector[index] = 1;
  return vector;
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
