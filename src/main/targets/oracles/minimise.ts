/** Value and gradient of a smooth function. */
export type Objective = (x: Float64Array) => { readonly value: number; readonly gradient: Float64Array };

export interface Minimum {
  readonly x: Float64Array;
  readonly value: number;
  readonly iterations: number;
}

const history = 20;

/**
 * Limited-memory BFGS (Nocedal and Wright 2006, algorithm 7.5) with a bracketing search for the weak Wolfe conditions. For smooth
 * functions of few variables in float64; ends where rounding leaves nothing to gain.
 * @param tolerance largest entry of the gradient at which the search ends
 */
export function minimise(
  objective: Objective,
  start: ArrayLike<number>,
  { tolerance = 1e-10, iterations = 2000 }: { tolerance?: number; iterations?: number } = {},
): Minimum {
  let x: Float64Array = Float64Array.from(start);
  let { value, gradient } = objective(x);
  const pairs: { s: Float64Array; y: Float64Array; rho: number }[] = [];
  let iteration = 0;
  for (; iteration < iterations; iteration += 1) {
    if (gradient.every((g) => Math.abs(g) <= tolerance)) break;
    let direction = descent(gradient, pairs);
    if (!(dot(direction, gradient) < 0)) {
      pairs.length = 0;
      direction = gradient.map((g) => -g);
    }
    // The first step has no curvature to go by.
    const first = pairs.length === 0 ? Math.min(1, 1 / Math.sqrt(dot(gradient, gradient))) : 1;
    const found = search(objective, x, value, gradient, direction, first);
    if (found === undefined) break;
    const s = found.x.map((entry, i) => entry - (x[i] ?? NaN));
    const y = found.gradient.map((entry, i) => entry - (gradient[i] ?? NaN));
    const curvature = dot(s, y);
    if (curvature > 0) pairs.push({ s, y, rho: 1 / curvature });
    if (pairs.length > history) pairs.shift();
    ({ x, value, gradient } = found);
  }
  return { x, value, iterations: iteration };
}

/** −H g by the two loops over the last pairs. */
function descent(
  gradient: Float64Array,
  pairs: readonly { s: Float64Array; y: Float64Array; rho: number }[],
): Float64Array {
  const q = gradient.slice();
  const alphas = new Float64Array(pairs.length);
  for (let p = pairs.length - 1; p >= 0; p -= 1) {
    const { s, y, rho } = pairs[p] as (typeof pairs)[number];
    const alpha = rho * dot(s, q);
    alphas[p] = alpha;
    y.forEach((entry, i) => (q[i] = (q[i] ?? NaN) - alpha * entry));
  }
  const last = pairs.at(-1);
  const scale = last === undefined ? 1 : 1 / (last.rho * dot(last.y, last.y));
  q.forEach((entry, i) => (q[i] = entry * scale));
  pairs.forEach(({ s, y, rho }, p) => {
    const beta = rho * dot(y, q);
    s.forEach((entry, i) => (q[i] = (q[i] ?? NaN) + ((alphas[p] ?? NaN) - beta) * entry));
  });
  return q.map((entry) => -entry);
}

function search(
  objective: Objective,
  x: Float64Array,
  value: number,
  gradient: Float64Array,
  direction: Float64Array,
  first: number,
): { x: Float64Array; value: number; gradient: Float64Array } | undefined {
  const slope = dot(gradient, direction);
  let [low, high, step] = [0, Infinity, first];
  let best: { x: Float64Array; value: number; gradient: Float64Array } | undefined;
  for (let trial = 0; trial < 60; trial += 1) {
    const at = x.map((entry, i) => entry + step * (direction[i] ?? NaN));
    const there = objective(at);
    if (!(there.value <= value + 1e-4 * step * slope)) high = step;
    else {
      best = { x: at, ...there };
      if (dot(there.gradient, direction) >= 0.9 * slope) return best;
      low = step;
    }
    step = high === Infinity ? 2 * low : 0.5 * (low + high);
  }
  return best !== undefined && best.value < value ? best : undefined;
}

/** The objective of a function without a gradient, by central differences. */
export function byDifferences(fn: (x: Float64Array) => number, step = 1e-5): Objective {
  return (x) => ({
    value: fn(x),
    gradient: x.map((entry, i) => {
      const [up, down] = [x.slice(), x.slice()];
      up[i] = entry + step;
      down[i] = entry - step;
      return (fn(up) - fn(down)) / (2 * step);
    }),
  });
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((total, entry, i) => total + entry * (b[i] ?? NaN), 0);
}
