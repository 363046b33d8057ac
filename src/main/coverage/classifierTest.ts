import { column, pool, take, type Points } from './points';
import { choose, seeded } from './random';
import { wilsonInterval } from './special';
import { Turns } from './turns';

export interface ClassifierTest {
  /** On held-out halves; 0.5 where the sets cannot be told apart. */
  readonly accuracy: number;
  /** Wilson, 95 %. */
  readonly interval: readonly [number, number];
  readonly heldOut: number;
}

/**
 * Classifier two-sample test (Lopez-Paz and Oquab 2017): a logistic regression on half of each set, judged on the other half. Equal
 * numbers are taken of both. O(n d²) for each of a few Newton steps. In turns of some hundredths of a second.
 */
export function* classifierSteps(
  x: Points,
  y: Points,
  { seed = 0 }: { seed?: number } = {},
): Generator<undefined, ClassifierTest> {
  const random = seeded(seed, 'classifier');
  const half = Math.floor(Math.min(x.count, y.count) / 2);
  const [a, b] = [choose(x.count, 2 * half, random), choose(y.count, 2 * half, random)];
  const side = (from: number): Points =>
    pool(take(x, a.subarray(from, from + half)), take(y, b.subarray(from, from + half)));
  const [train, test] = [side(0), side(half)];
  const scale = standardisation(train);
  const weights = yield* logisticRegression(scaled(train, scale), half);
  const rows = scaled(test, scale);
  let right = 0;
  for (let row = 0; row < rows.count; row += 1) {
    const score = scoreOf(rows, row, weights);
    right += score === 0 ? 0.5 : Number(score > 0 === row < half);
  }
  return { accuracy: right / rows.count, interval: wilsonInterval(right, rows.count), heldOut: rows.count };
}

/** Maximum of the penalised likelihood, first rows against the rest, by Newton's steps; the last weight is the intercept. */
function* logisticRegression(points: Points, first: number, penalty = 1e-3): Generator<undefined, Float64Array> {
  const turns = new Turns();
  const size = points.dim + 1;
  const weights = new Float64Array(size);
  for (let step = 0; step < 12; step += 1) {
    const gradient = weights.map((weight) => -penalty * points.count * weight);
    const hessian = new Float64Array(size * size);
    for (let k = 0; k < size; k += 1) hessian[k * size + k] = penalty * points.count + 1e-9;
    const row = new Float64Array(size);
    for (let i = 0; i < points.count; i += 1) {
      row.set(points.data.subarray(i * points.dim, (i + 1) * points.dim));
      row[points.dim] = 1;
      const p = 1 / (1 + Math.exp(-scoreOf(points, i, weights)));
      const residual = Number(i < first) - p;
      for (let k = 0; k < size; k += 1) {
        gradient[k] = (gradient[k] ?? NaN) + residual * (row[k] ?? NaN);
        const scaledValue = p * (1 - p) * (row[k] ?? NaN);
        for (let l = 0; l <= k; l += 1)
          hessian[k * size + l] = (hessian[k * size + l] ?? NaN) + scaledValue * (row[l] ?? NaN);
      }
      yield* turns.after(size ** 2 / 2);
    }
    const change = yield* solve(hessian, gradient, size);
    change.forEach((value, k) => (weights[k] = (weights[k] ?? NaN) + value));
    if (change.every((value) => Math.abs(value) < 1e-8)) break;
  }
  return weights;
}

/** Cholesky's solution of A x = b from the lower triangle of A, which it overwrites. */
function* solve(a: Float64Array, b: Float64Array, size: number): Generator<undefined, Float64Array> {
  const turns = new Turns();
  const at = (row: number, col: number): number => a[row * size + col] ?? NaN;
  for (let j = 0; j < size; j += 1) {
    for (let i = j; i < size; i += 1) {
      let value = at(i, j);
      for (let k = 0; k < j; k += 1) value -= at(i, k) * at(j, k);
      a[i * size + j] = i === j ? Math.sqrt(value) : value / at(j, j);
    }
    yield* turns.after(j * (size - j));
  }
  const out = b.slice();
  for (let i = 0; i < size; i += 1) {
    for (let k = 0; k < i; k += 1) out[i] = (out[i] ?? NaN) - at(i, k) * (out[k] ?? NaN);
    out[i] = (out[i] ?? NaN) / at(i, i);
  }
  for (let i = size - 1; i >= 0; i -= 1) {
    for (let k = i + 1; k < size; k += 1) out[i] = (out[i] ?? NaN) - at(k, i) * (out[k] ?? NaN);
    out[i] = (out[i] ?? NaN) / at(i, i);
  }
  return out;
}

interface Scale {
  readonly mean: number;
  readonly sd: number;
}

function standardisation(points: Points): Scale[] {
  return Array.from({ length: points.dim }, (_, k) => {
    const values = column(points, k);
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
    return { mean, sd: sd > 0 ? sd : 1 };
  });
}

function scaled({ data, count, dim }: Points, scale: readonly Scale[]): Points {
  const out = Float64Array.from(data.subarray(0, count * dim), (value, at) => {
    const { mean = 0, sd = 1 } = scale[at % dim] ?? {};
    return (value - mean) / sd;
  });
  return { data: out, count, dim };
}

function scoreOf({ data, dim }: Points, row: number, weights: Float64Array): number {
  let total = weights[dim] ?? NaN;
  for (let k = 0; k < dim; k += 1) total += (data[row * dim + k] ?? NaN) * (weights[k] ?? NaN);
  return total;
}
