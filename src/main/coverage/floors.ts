/** What a metric says of two exact sets of the same sizes: below its band a value is as good as perfect, above it something is wrong. */
export interface Floor {
  readonly mean: number;
  /** 5 and 95 % of the repeats. */
  readonly low: number;
  readonly high: number;
  readonly repeats: number;
}

export function floorOf(values: readonly number[]): Floor {
  const sorted = [...values].sort((a, b) => a - b);
  return {
    mean: values.reduce((a, b) => a + b, 0) / values.length,
    low: quantileOf(sorted, 0.05),
    high: quantileOf(sorted, 0.95),
    repeats: values.length,
  };
}

/** Between the two nearest ranks. */
export function quantileOf(sorted: ArrayLike<number>, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const [a, b] = [sorted[below] ?? NaN, sorted[Math.min(sorted.length - 1, below + 1)] ?? NaN];
  return a + (place - below) * (b - a);
}
