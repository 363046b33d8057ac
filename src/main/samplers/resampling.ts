/**
 * Systematic resampling (Kitagawa 1996): particle i has ⌊N W_i⌋ or ⌈N W_i⌉ offspring and N W_i of them on average, by one uniform for all.
 * @param weights of sum 1, `[N]`
 * @param uniform in [0, 1)
 * @returns the parent of each offspring, ascending
 */
export function systematic(weights: Float64Array, uniform: number): Int32Array {
  const count = weights.length;
  const parents = new Int32Array(count);
  // Rounding may leave the last sum below the last point: it belongs to the last particle that has any weight.
  let last = count - 1;
  while (last > 0 && !((weights[last] as number) > 0)) last -= 1;
  let [parent, sum] = [0, weights[0] as number];
  for (let i = 0; i < count; i += 1) {
    const point = (i + uniform) / count;
    while (sum <= point && parent < last) {
      parent += 1;
      sum += weights[parent] as number;
    }
    parents[i] = parent;
  }
  return parents;
}

/** Log of Σ e^x; −∞ where all are, NaN where one is. */
export function logSumExp(values: Float64Array): number {
  let top = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (Number.isNaN(value)) return Number.NaN;
    if (value > top) top = value;
  }
  if (!Number.isFinite(top)) return top;
  let sum = 0;
  for (const value of values) sum += Math.exp(value - top);
  return top + Math.log(sum);
}

/** (Σw)²/Σw² of weights of sum 1. */
export function effectiveSize(weights: Float64Array): number {
  let squares = 0;
  for (const weight of weights) squares += weight * weight;
  return 1 / squares;
}

/**
 * Conditional effective sample size of a step from β to β + δ (Zhou, Johansen and Aston 2016): N (ΣW v)² / ΣW v² with v = e^{δ Δ}. Unlike the
 * effective sample size it does not count what was lost before; it falls from N to N times the least as δ grows.
 * @param weights W, of sum 1
 * @param logRatios Δ
 * @returns as a share of N
 */
export function conditionalEffectiveShare(weights: Float64Array, logRatios: Float64Array, delta: number): number {
  let top = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < weights.length; i += 1) {
    if ((weights[i] as number) > 0) top = Math.max(top, delta * (logRatios[i] as number));
  }
  let [first, second] = [0, 0];
  for (let i = 0; i < weights.length; i += 1) {
    const weight = weights[i] as number;
    if (!(weight > 0)) continue;
    const v = Math.exp(delta * (logRatios[i] as number) - top);
    first += weight * v;
    second += weight * v * v;
  }
  return (first * first) / second;
}

/**
 * The β whose step from the last one loses as much as is allowed, by bisection; 1 where going there at once loses less.
 * @param share of the conditional effective sample size to keep, in (0, 1)
 */
export function nextBeta(weights: Float64Array, logRatios: Float64Array, beta: number, share: number): number {
  if (conditionalEffectiveShare(weights, logRatios, 1 - beta) >= share) return 1;
  let [low, high] = [0, 1 - beta];
  for (let step = 0; step < 60 && high - low > 1e-12; step += 1) {
    const middle = (low + high) / 2;
    if (conditionalEffectiveShare(weights, logRatios, middle) >= share) low = middle;
    else high = middle;
  }
  // A step of nothing would never arrive.
  return Math.min(1, beta + Math.max(low, 1e-9));
}
