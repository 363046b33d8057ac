/** log Σ exp(sign · v_i); −∞ for nothing, NaN where a NaN is among them. */
export function logSumExp(values: ArrayLike<number>, factor = 1): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i += 1) {
    const value = factor * (values[i] ?? NaN);
    if (Number.isNaN(value)) return NaN;
    if (value > most) most = value;
  }
  if (!Number.isFinite(most)) return most;
  let total = 0;
  for (let i = 0; i < values.length; i += 1) total += Math.exp(factor * (values[i] ?? NaN) - most);
  return most + Math.log(total);
}

/** W = softmax(log weights), of sum 1. */
export function normalisedWeights(logWeights: ArrayLike<number>): Float64Array {
  const total = logSumExp(logWeights);
  return Float64Array.from(logWeights, (value) => Math.exp(value - total));
}

/** Mean, and its standard error over independent values. */
export function meanWithError(values: ArrayLike<number>): { readonly value: number; readonly error: number | null } {
  const n = values.length;
  let total = 0;
  for (let i = 0; i < n; i += 1) total += values[i] ?? NaN;
  const value = total / n;
  let squares = 0;
  for (let i = 0; i < n; i += 1) squares += ((values[i] ?? NaN) - value) ** 2;
  return { value, error: n < 2 ? null : Math.sqrt(squares / (n * (n - 1))) };
}
