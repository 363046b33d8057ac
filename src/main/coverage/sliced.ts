import type { Points } from './points';
import { seeded, type Random } from './random';
import { sorting, Turns } from './turns';
import { transportOnLine } from './wasserstein1d';

export interface Sliced {
  /** SW2², the mean of W2² over directions. */
  readonly squared: number;
  /** Of it, over directions. */
  readonly error: number;
  readonly directions: number;
}

/**
 * Sliced Wasserstein distance (Rabin et al. 2012; Bonneel et al. 2015): W2² of projections on random directions, averaged;
 * O(L n (d + log n)). A shift D has |D|²/d. In turns of some hundredths of a second.
 */
export function* slicedSteps(
  x: Points,
  y: Points,
  { directions = 200, seed = 0 }: { directions?: number; seed?: number } = {},
): Generator<undefined, Sliced> {
  const turns = new Turns();
  const random = seeded(seed, 'sliced');
  let [total, squares] = [0, 0];
  for (let turn = 0; turn < directions; turn += 1) {
    const direction = unitVector(x.dim, random);
    const value = transportOnLine(projected(x, direction).sort(), projected(y, direction).sort(), 2);
    total += value;
    squares += value * value;
    yield* turns.after((x.count + y.count) * (x.dim + sorting));
  }
  const mean = total / directions;
  const variance = Math.max(0, squares / directions - mean * mean) / Math.max(1, directions - 1);
  return { squared: mean, error: Math.sqrt(variance), directions };
}

export interface MaxSliced {
  /** W2² along the best direction found, a lower bound on the largest one. */
  readonly squared: number;
  readonly direction: Float64Array;
}

/**
 * Max-sliced Wasserstein distance (Deshpande et al. 2019): from the best of some random directions, gradient ascent of W2² of the
 * projections over the sphere, in which the matching is held fixed for the gradient. Sets of unequal sizes are cut to the smaller one.
 * In turns of some hundredths of a second.
 */
export function* maxSlicedSteps(
  x: Points,
  y: Points,
  { steps = 50, starts = 20, seed = 0 }: { steps?: number; starts?: number; seed?: number } = {},
): Generator<undefined, MaxSliced> {
  const turns = new Turns();
  const random = seeded(seed, 'max-sliced');
  const count = Math.min(x.count, y.count);
  const valueOf = (direction: Float64Array): number =>
    transportOnLine(projected(x, direction).sort(), projected(y, direction).sort(), 2);
  let best: MaxSliced = { squared: Number.NEGATIVE_INFINITY, direction: new Float64Array(x.dim) };
  for (let start = 0; start < starts; start += 1) {
    const direction = unitVector(x.dim, random);
    const squared = valueOf(direction);
    if (squared > best.squared) best = { squared, direction };
    yield* turns.after((x.count + y.count) * (x.dim + sorting));
  }
  for (let step = 0; step < steps; step += 1) {
    const gradient = matchedGradient(x, y, best.direction, count);
    // W2² of projections is a quadratic form in the direction for a fixed matching: one step of power iteration raises it.
    const direction = normalised(gradient);
    const squared = valueOf(direction);
    if (!(squared > best.squared * (1 + 1e-12))) break;
    best = { squared, direction };
    yield* turns.after(4 * (x.count + y.count) * (x.dim + sorting));
  }
  return best;
}

/** Σ over matched pairs of (x − y) ((x − y)·θ): half the gradient of their squared projected differences. */
function matchedGradient(x: Points, y: Points, direction: Float64Array, count: number): Float64Array {
  const [a, b] = [orderAlong(x, direction), orderAlong(y, direction)];
  const gradient = new Float64Array(x.dim);
  const difference = new Float64Array(x.dim);
  for (let place = 0; place < count; place += 1) {
    const [i, j] = [a[Math.floor((place * a.length) / count)] ?? 0, b[Math.floor((place * b.length) / count)] ?? 0];
    let along = 0;
    for (let k = 0; k < x.dim; k += 1) {
      difference[k] = (x.data[i * x.dim + k] ?? NaN) - (y.data[j * x.dim + k] ?? NaN);
      along += (difference[k] ?? NaN) * (direction[k] ?? NaN);
    }
    for (let k = 0; k < x.dim; k += 1) gradient[k] = (gradient[k] ?? NaN) + along * (difference[k] ?? NaN);
  }
  return gradient;
}

function orderAlong(points: Points, direction: Float64Array): Uint32Array {
  const values = projected(points, direction);
  return Uint32Array.from(values, (_, index) => index).sort((a, b) => (values[a] ?? NaN) - (values[b] ?? NaN));
}

function projected({ data, count, dim }: Points, direction: Float64Array): Float64Array {
  const out = new Float64Array(count);
  for (let row = 0; row < count; row += 1) {
    let total = 0;
    for (let k = 0; k < dim; k += 1) total += (data[row * dim + k] ?? NaN) * (direction[k] ?? NaN);
    out[row] = total;
  }
  return out;
}

function unitVector(dim: number, { normal }: Random): Float64Array {
  return normalised(Float64Array.from({ length: dim }, normal));
}

function normalised(vector: Float64Array): Float64Array {
  const length = Math.sqrt(vector.reduce((total, value) => total + value * value, 0));
  return length > 0 ? vector.map((value) => value / length) : vector;
}
