import { slice, take, type Points } from './points';
import { choose, seeded } from './random';

/** What climbing needs of a density. */
export interface Climbable {
  /** log q̃ of rows `[n, d]`, in nats. */
  readonly logDensity: (points: Points) => Promise<Float64Array> | Float64Array;
  /** ∇ log q̃, `[n, d]`. */
  readonly score: (points: Points) => Promise<Float64Array> | Float64Array;
}

export interface Maximum {
  readonly location: Float64Array;
  /** log q̃ there, nats. */
  readonly logDensity: number;
  /** Samples that climbed to it. */
  readonly samples: number;
}

export interface ClimbOptions {
  readonly starts?: number;
  readonly steps?: number;
  readonly merge?: number;
  readonly seed?: number;
}

/**
 * Modes of a density whose truth is unknown: gradient ascent from some samples, each with a step of its own that grows while it
 * climbs and shrinks when it does not, and maxima merged that are nearer than 1e-2 times the scale of the data. Their weights stay unknown.
 * Goes on step by step of all samples at once; yields the share of the steps that is done, at the most.
 */
export async function* climbSteps(
  samples: Points,
  density: Climbable,
  { starts = 500, steps = 500, merge = 1e-2, seed = 0 }: ClimbOptions = {},
): AsyncGenerator<number, Maximum[]> {
  const points = take(samples, choose(samples.count, starts, seeded(seed, 'climb')));
  const { count, dim } = points;
  const at = Float64Array.from(points.data);
  const scale = scaleOf(samples);
  const here = { data: at, count, dim };
  let values = await density.logDensity(here);
  let slopes = await density.score(here);
  const rates = Float64Array.from({ length: count }, (_, row) => (0.01 * scale) / (1e-12 + lengthOf(slopes, row, dim)));
  for (let step = 0; step < steps; step += 1) {
    yield step / steps;
    const tried = {
      data: at.map((value, i) => value + (rates[Math.floor(i / dim)] ?? NaN) * (slopes[i] ?? NaN)),
      count,
      dim,
    };
    const next = await density.logDensity(tried);
    let moved = 0;
    for (let row = 0; row < count; row += 1) {
      if (!((next[row] ?? NaN) > (values[row] ?? NaN))) {
        rates[row] = (rates[row] ?? NaN) / 2;
        continue;
      }
      moved = Math.max(moved, (rates[row] ?? NaN) * lengthOf(slopes, row, dim));
      rates[row] = (rates[row] ?? NaN) * 1.2;
      at.set(tried.data.subarray(row * dim, (row + 1) * dim), row * dim);
    }
    const kept = values;
    values = next.map((value, row) => Math.max(value, kept[row] ?? NaN));
    slopes = await density.score(here);
    if (
      step > 20 &&
      moved < 1e-6 * scale &&
      Math.max(...rates.map((r, row) => r * lengthOf(slopes, row, dim))) < 1e-4 * scale
    )
      break;
  }
  return merged(here, values, merge * scale);
}

/** The highest first takes what is near it. */
function merged(points: Points, values: Float64Array, within: number): Maximum[] {
  const order = Array.from(values.keys()).sort((a, b) => (values[b] ?? NaN) - (values[a] ?? NaN));
  const found: { location: Float64Array; logDensity: number; samples: number }[] = [];
  for (const row of order) {
    const { data } = slice(points, row, row + 1);
    const near = found.find(({ location }) => distance(location, data) <= within);
    if (near === undefined)
      found.push({ location: Float64Array.from(data), logDensity: values[row] ?? NaN, samples: 1 });
    else near.samples += 1;
  }
  return found;
}

/** Root mean square distance to the mean, over √d. */
function scaleOf({ data, count, dim }: Points): number {
  let total = 0;
  for (let k = 0; k < dim; k += 1) {
    let [mean, squares] = [0, 0];
    for (let row = 0; row < count; row += 1) mean += (data[row * dim + k] ?? NaN) / count;
    for (let row = 0; row < count; row += 1) squares += ((data[row * dim + k] ?? NaN) - mean) ** 2;
    total += squares / count / dim;
  }
  return Math.sqrt(total);
}

function lengthOf(rows: ArrayLike<number>, row: number, dim: number): number {
  let total = 0;
  for (let k = 0; k < dim; k += 1) total += (rows[row * dim + k] ?? NaN) ** 2;
  return Math.sqrt(total);
}

function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let total = 0;
  for (let k = 0; k < a.length; k += 1) total += ((a[k] ?? NaN) - (b[k] ?? NaN)) ** 2;
  return Math.sqrt(total);
}
