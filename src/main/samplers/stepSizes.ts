/** Step sizes found by a pilot: one for each inverse temperature of its own schedule, ascending in β. */
export interface StepSizeTable {
  readonly betas: readonly number[];
  readonly stepSizes: readonly number[];
}

/**
 * The step size at β, interpolated in log ε between the table's temperatures and constant beyond its ends.
 */
export function stepSizeAt(table: StepSizeTable, beta: number): number {
  const { betas, stepSizes } = table;
  let low = 0;
  let high = betas.length - 1;
  if (beta <= (betas[low] ?? 0)) return stepSizes[low] ?? Number.NaN;
  if (beta >= (betas[high] ?? 1)) return stepSizes[high] ?? Number.NaN;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((betas[middle] ?? 0) <= beta) low = middle;
    else high = middle;
  }
  const [left, right] = [betas[low] ?? 0, betas[high] ?? 1];
  const weight = (beta - left) / (right - left);
  return Math.exp((1 - weight) * Math.log(stepSizes[low] ?? 1) + weight * Math.log(stepSizes[high] ?? 1));
}
