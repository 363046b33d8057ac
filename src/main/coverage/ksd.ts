import { addInto, PairMemory, partsOfRows, roomOfParts, transposeInto } from './pairs';
import { take, type Points } from './points';
import { choose, seeded } from './random';
import { medianDistance } from './bandwidth';
import { Turns } from './turns';

/** (1 + r²/c²)^−½, or exp(−r²/(2c²)). */
export interface SteinKernel {
  readonly type: 'imq' | 'gaussian';
  readonly scale: number;
}

export interface SteinDiscrepancy {
  /** KSD² over pairs i ≠ j: unbiased, may be negative; the one to report. */
  readonly u: number;
  /** KSD² over all pairs. */
  readonly v: number;
  /** With importance weights, over pairs i ≠ j and 1 − Σ W². */
  readonly weighted?: number;
  /** Of u, to first order. */
  readonly error: number;
  readonly scale: number;
  readonly samples: number;
}

export interface SteinOptions {
  readonly kernel?: SteinKernel['type'];
  readonly scale?: number | undefined;
  readonly weights?: Float64Array | undefined;
  readonly cap?: number;
  readonly seed?: number;
}

/**
 * Kernel Stein discrepancy (Liu, Lee and Jordan 2016; Chwialkowski et al. 2016; IMQ kernel: Gorham and Mackey 2017) of samples with
 * scores s = ∇ log q: the mean of
 *
 *     u(x, x′) = s·s′ k + s·∇′k + s′·∇k + tr ∇∇′k
 *
 * It needs no samples of the truth and sees local misfit. It is blind to missing modes far away: never read it as coverage. O(n² d).
 * In turns of some hundredths of a second.
 * @param scores `[n, d]`, rows as those of the points
 */
export function* steinSteps(
  points: Points,
  scores: Points,
  { kernel = 'imq', scale, weights, cap = 3000, seed = 0 }: SteinOptions = {},
): Generator<undefined, SteinDiscrepancy> {
  const all = points.count <= cap;
  const chosen = all ? undefined : choose(points.count, cap, seeded(seed, 'stein'));
  const x = chosen === undefined ? points : take(points, chosen);
  const s = chosen === undefined ? scores : take(scores, chosen);
  const w = chosen === undefined || weights === undefined ? weights : renormalised(weights, chosen);
  const c = scale ?? medianDistance(x);
  const n = x.count;
  const own = new Float64Array(n);
  let [diagonal, weighted] = [0, 0];
  yield* steinRows(x, s, { type: kernel, scale: c }, (i, row) => {
    let dot = 0;
    for (let j = 0; j < n; j += 1) {
      if (j === i) continue;
      own[i] = (own[i] ?? NaN) + (row[j] ?? NaN);
      if (w !== undefined) dot += (w[j] ?? NaN) * (row[j] ?? NaN);
    }
    diagonal += row[i] ?? NaN;
    if (w !== undefined) weighted += (w[i] ?? NaN) * dot;
  });
  const off = own.reduce((a, b) => a + b, 0);
  const u = off / (n * (n - 1));
  const variance = own.reduce((sum, value) => sum + (value / (n - 1) - u) ** 2, 0) / (n - 1);
  return {
    u,
    v: (off + diagonal) / (n * n),
    ...(w === undefined ? {} : { weighted: weighted / (1 - w.reduce((sum, value) => sum + value * value, 0)) }),
    error: 2 * Math.sqrt(variance / n),
    scale: c,
    samples: n,
  };
}

const rowsAtOnce = 32;

/** One row of the matrix after another; the row is overwritten by the next. */
function* steinRows(
  x: Points,
  s: Points,
  kernel: SteinKernel,
  visit: (i: number, row: Float64Array) => void,
): Generator<undefined, void> {
  const turns = new Turns();
  const { count: n, dim } = x;
  const stride = Math.ceil(n / 4) * 4;
  const memory = new PairMemory();
  const { kernels } = memory;
  const place = (numbers: number): number => memory.reserve(numbers);
  const at = {
    x: place(roomOfParts(rowsAtOnce, dim)),
    s: place(roomOfParts(rowsAtOnce, dim)),
    xt: place(dim * stride),
    st: place(dim * stride),
  };
  const sums = { squares: 0, ss: 0, sx: 0, xs: 0, part: 0 };
  for (const name of ['squares', 'ss', 'sx', 'xs', 'part'] as const) sums[name] = place(rowsAtOnce * stride);
  const view = (from: number): Float64Array => memory.view(from, rowsAtOnce * stride);
  const [squares, ss, sx, xs] = [view(sums.squares), view(sums.ss), view(sums.sx), view(sums.xs)];
  const part = view(sums.part);
  transposeInto(memory.view(at.xt, dim * stride), x, 0, n, stride);
  transposeInto(memory.view(at.st, dim * stride), s, 0, n, stride);
  const room = roomOfParts(rowsAtOnce, dim);
  const [rowX, rowS] = [memory.view(at.x, room), memory.view(at.s, room)];
  // s_i · x_i, so that s·(x − x′) is a difference of products.
  const along = Float64Array.from({ length: n }, (_, i) => {
    let total = 0;
    for (let k = 0; k < dim; k += 1) total += (x.data[i * dim + k] ?? NaN) * (s.data[i * dim + k] ?? NaN);
    return total;
  });
  const row = new Float64Array(n);
  for (let from = 0; from < n; from += rowsAtOnce) {
    const rows = Math.min(rowsAtOnce, n - from);
    const padded = Math.ceil(rows / 4) * 4;
    const scores = partsOfRows(rowS, s, from, rows);
    for (const { first, width } of partsOfRows(rowX, x, from, rows)) {
      scores.next();
      const [xt, st] = [at.xt + 8 * first * stride, at.st + 8 * first * stride];
      for (const [kernel, left, right, sum, total] of [
        [kernels.squares, at.x, xt, sums.squares, squares],
        [kernels.products, at.s, st, sums.ss, ss],
        [kernels.products, at.s, xt, sums.sx, sx],
        [kernels.products, at.x, st, sums.xs, xs],
      ] as const) {
        kernel(left, padded, right, stride, width, first === 0 ? sum : sums.part);
        if (first > 0) addInto(total, part, rows * stride);
      }
    }
    for (let r = 0; r < rows; r += 1) {
      const i = from + r;
      for (let j = 0; j < n; j += 1) {
        const cell = r * stride + j;
        // s·(x − x′) − s′·(x − x′)
        const drift = (along[i] ?? NaN) - (sx[cell] ?? NaN) - (xs[cell] ?? NaN) + (along[j] ?? NaN);
        row[j] = steinValue(kernel, dim, squares[cell] ?? NaN, ss[cell] ?? NaN, drift);
      }
      visit(i, row);
    }
    yield* turns.after(rows * n * (dim + 10));
  }
}

/** u of a pair with squared distance r², s·s′, and (s − s′)·(x − x′). */
function steinValue(
  { type, scale }: SteinKernel,
  dim: number,
  squared: number,
  product: number,
  drift: number,
): number {
  const c2 = scale * scale;
  if (type === 'gaussian') {
    const k = Math.exp(-squared / (2 * c2));
    return k * (product + drift / c2 + dim / c2 - squared / (c2 * c2));
  }
  const q = 1 + squared / c2;
  const k = 1 / Math.sqrt(q);
  return k * (product + (drift / c2 + dim / c2) / q - (3 * squared) / (c2 * c2 * q * q));
}

function renormalised(weights: Float64Array, chosen: Uint32Array): Float64Array {
  const some = Float64Array.from(chosen, (i) => weights[i] ?? NaN);
  const total = some.reduce((a, b) => a + b, 0);
  return some.map((value) => value / total);
}
