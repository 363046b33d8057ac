import type { Vectors } from './hostAdam';

/** The mean of the last iterates, as far as there are any. */
export interface IterateAverage {
  readonly count: number;
  readonly mean: Vectors;
}

export const noIterates: IterateAverage = { count: 0, mean: {} };

/** Whether an update is among the last ones that are averaged: a share of all, and the very last at least. */
export function isAveraged(iteration: number, iterations: number, share: number): boolean {
  return iteration > iterations - Math.max(1, Math.round(share * iterations));
}

/** Nothing given is written to. */
export function withIterate({ count, mean }: IterateAverage, iterate: Vectors): IterateAverage {
  const weight = 1 / (count + 1);
  return {
    count: count + 1,
    mean: Object.fromEntries(
      Object.entries(iterate).map(([name, values]) => {
        const before = mean[name];
        const moved = before?.map((value, i) => value + weight * ((values[i] ?? NaN) - value));
        return [name, moved ?? values.slice()];
      }),
    ),
  };
}
