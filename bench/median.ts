/** The middle of some numbers, the upper one of two. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** @param share of the numbers that are smaller, 0 to 1 */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
