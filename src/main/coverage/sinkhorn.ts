import { squaredCosts } from './exactWasserstein';
import { PairMemory } from './pairs';
import { take, type Points } from './points';
import { choose, seeded } from './random';

/** A value of entropic transport: min ⟨C, P⟩ + ε KL(P ‖ a⊗b), C = |x − y|². */
export interface EntropicTransport {
  readonly value: number;
  readonly iterations: number;
  /** Σ_i |Σ_j P_ij − a_i| */
  readonly marginalError: number;
  readonly converged: boolean;
}

export interface SinkhornOptions {
  /** Largest marginal error at which iterations stop. */
  readonly tolerance?: number;
  readonly iterations?: number;
}

/**
 * Entropic optimal transport by Sinkhorn's iterations on potentials (Cuturi 2013; Peyré and Cuturi 2019, section 4.4), from a large ε
 * halved down to the one asked for. In logarithms throughout, so that no ε is too small for the arithmetic.
 * @param cost `[n, m]`
 * @param a weights of rows, of sum 1; likewise b of columns
 */
export function* entropicTransport(
  cost: Float64Array,
  a: Float64Array,
  b: Float64Array,
  epsilon: number,
  { tolerance = 1e-4, iterations = 2000 }: SinkhornOptions = {},
): Generator<number, EntropicTransport> {
  const rows = layOut(cost, a.length, b, false);
  const columns = layOut(cost, b.length, a, true);
  const f = new Float64Array(a.length);
  const g = new Float64Array(b.length);
  const scales = epsilons(cost, epsilon);
  let [done, error] = [0, Number.POSITIVE_INFINITY];
  for (const [at, eps] of scales.entries()) {
    const last = at === scales.length - 1;
    // On the way down a rough solution is enough.
    const wanted = last ? tolerance : Math.max(tolerance, 0.05);
    for (error = Number.POSITIVE_INFINITY; error > wanted && done < iterations; done += 1) {
      // f(g) makes row sums exact; how far they were from it before is the error of the plan of (f, g).
      const next = rows.potential(g, eps);
      error = marginalError(f, next, a, eps);
      f.set(next);
      if (error > wanted) g.set(columns.potential(f, eps));
      yield done / iterations;
    }
  }
  let value = 0;
  for (let i = 0; i < f.length; i += 1) value += (a[i] ?? NaN) * (f[i] ?? NaN);
  for (let j = 0; j < g.length; j += 1) value += (b[j] ?? NaN) * (g[j] ?? NaN);
  return { value, iterations: done, marginalError: error, converged: error <= tolerance };
}

/** A set against itself has one potential; its averaged fixed point converges in a few dozen turns (Feydy et al. 2019, section 3.1). */
export function* selfTransport(
  cost: Float64Array,
  a: Float64Array,
  epsilon: number,
  { tolerance = 1e-4, iterations = 2000 }: SinkhornOptions = {},
): Generator<number, EntropicTransport> {
  const rows = layOut(cost, a.length, a, false);
  let f: Float64Array = new Float64Array(a.length);
  const scales = epsilons(cost, epsilon);
  let [done, error] = [0, Number.POSITIVE_INFINITY];
  for (const [at, eps] of scales.entries()) {
    const wanted = at === scales.length - 1 ? tolerance : Math.max(tolerance, 0.05);
    for (error = Number.POSITIVE_INFINITY; error > wanted && done < iterations; done += 1) {
      const next = rows.potential(f, eps);
      error = marginalError(f, next, a, eps);
      f = f.map((value, i) => (value + (next[i] ?? NaN)) / 2);
      yield done / iterations;
    }
  }
  const value = 2 * f.reduce((total, potential, i) => total + (a[i] ?? NaN) * potential, 0);
  return { value, iterations: done, marginalError: error, converged: error <= tolerance };
}

export interface SinkhornDivergence {
  /** OT_ε(x, y) − ½ OT_ε(x, x) − ½ OT_ε(y, y): zero for equal sets, |D|² for a shift D, whatever ε. */
  readonly value: number;
  readonly epsilon: number;
  readonly converged: boolean;
  readonly iterations: number;
  /** Of each set, that were compared. */
  readonly x: number;
  readonly y: number;
}

/**
 * Sinkhorn divergence (Genevay et al. 2018; Feydy et al. 2019). Raw OT_ε is no distance and is not shown. O(n m) for each of the
 * iterations; at most 2,000 samples of each set, drawn at random where there are more. Yields the share done.
 * @param epsilon in units of the cost; else 0.05 times its median
 */
export function* sinkhornDivergence(
  x: Points,
  y: Points,
  {
    epsilon,
    cap = 2000,
    seed = 0,
    ...options
  }: SinkhornOptions & { epsilon?: number | undefined; cap?: number; seed?: number } = {},
): Generator<number, SinkhornDivergence> {
  const random = seeded(seed, 'sinkhorn');
  const most = Math.min(cap, 2000);
  const part = (points: Points): Points =>
    points.count <= most ? points : take(points, choose(points.count, most, random));
  const [p, q] = [part(x), part(y)];
  const uniform = (n: number): Float64Array => new Float64Array(n).fill(1 / n);
  const [a, b] = [uniform(p.count), uniform(q.count)];
  const cost = squaredCosts(p, q);
  const eps = epsilon ?? Math.max(Number.MIN_VALUE, 0.05 * median(cost));
  const both = yield* third(0, entropicTransport(cost, a, b, eps, options));
  const own = yield* third(1, selfTransport(squaredCosts(p, p), a, eps, options));
  const other = yield* third(2, selfTransport(squaredCosts(q, q), b, eps, options));
  return {
    value: both.value - own.value / 2 - other.value / 2,
    epsilon: eps,
    converged: both.converged && own.converged && other.converged,
    iterations: both.iterations + own.iterations + other.iterations,
    x: p.count,
    y: q.count,
  };
}

/** Shares done of one of three parts, as shares of all. */
function* third<T>(part: number, steps: Generator<number, T>): Generator<number, T> {
  for (;;) {
    const next = steps.next();
    if (next.done === true) return next.value;
    yield (part + next.value) / 3;
  }
}

/** From the largest cost by halves down to ε. */
function epsilons(cost: Float64Array, epsilon: number): number[] {
  let largest = 0;
  for (const value of cost) if (value > largest) largest = value;
  const steps = Math.max(0, Math.ceil(Math.log2(largest / epsilon)));
  return Array.from({ length: steps + 1 }, (_, step) => epsilon * 2 ** (steps - step));
}

/** Σ_i a_i |exp((f_i − f′_i)/ε) − 1| where f′ is what makes row sums exact. */
function marginalError(f: Float64Array, exact: Float64Array, a: Float64Array, epsilon: number): number {
  let total = 0;
  for (let i = 0; i < f.length; i += 1)
    total += (a[i] ?? NaN) * Math.abs(Math.expm1(((f[i] ?? NaN) - (exact[i] ?? NaN)) / epsilon));
  return total;
}

interface Half {
  /** −ε log Σ_j exp((g_j − C_ij)/ε) w_j for each row i. */
  potential(g: Float64Array, epsilon: number): Float64Array;
}

/** The cost, or its transpose, in the kernels' memory, rows of an even number of entries. */
function layOut(cost: Float64Array, rows: number, weights: Float64Array, transposed: boolean): Half {
  const columns = weights.length;
  const stride = columns + (columns % 2);
  const memory = new PairMemory();
  const at = {
    cost: memory.reserve(rows * stride),
    potential: memory.reserve(stride),
    out: memory.reserve(rows),
  };
  const matrix = memory.view(at.cost, rows * stride).fill(Number.POSITIVE_INFINITY);
  for (let i = 0; i < rows; i += 1)
    if (transposed) for (let j = 0; j < columns; j += 1) matrix[i * stride + j] = cost[j * rows + i] ?? NaN;
    else matrix.set(cost.subarray(i * columns, (i + 1) * columns), i * stride);
  const potentials = memory.view(at.potential, stride);
  const out = memory.view(at.out, rows);
  const logs = weights.map(Math.log);
  return {
    potential(g, epsilon) {
      for (let j = 0; j < columns; j += 1) potentials[j] = (g[j] ?? NaN) + epsilon * (logs[j] ?? NaN);
      memory.kernels.softmaxRows(at.cost, rows, at.potential, stride, 1 / epsilon, at.out);
      return out.map((value) => -epsilon * value);
    },
  };
}

function median(values: Float64Array): number {
  const sorted = values.slice().sort();
  return ((sorted[(sorted.length - 1) >> 1] ?? NaN) + (sorted[sorted.length >> 1] ?? NaN)) / 2;
}
