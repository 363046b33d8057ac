import type { RunRow } from '../../shared/runRecord';

/** A linear scale from nats to a share of the width, 0 to 1. */
export interface Scale {
  readonly from: number;
  readonly to: number;
}

export type Bracketed = Pick<RunRow, 'lower' | 'upper' | 'truth'>;

/**
 * The scale that shows most brackets well: from the 5th percentile of lower bounds to the 95th of upper bounds with some air. What
 * lies outside is drawn at the edge with an arrow, so that one hopeless bound does not squeeze all others into a line.
 */
export function sharedScale(rows: readonly Bracketed[]): Scale | null {
  const lows = sorted(rows.map(({ lower, upper }) => lower?.value ?? upper?.value));
  const highs = sorted(rows.map(({ lower, upper }) => upper?.value ?? lower?.value));
  if (lows.length === 0) return null;
  const from = lows[Math.floor((lows.length - 1) * 0.05)] as number;
  const to = highs[Math.ceil((highs.length - 1) * 0.95)] as number;
  const span = to - from;
  // One run alone, closed: its own interval, or a nat, gives the width.
  const air = span > 0 ? span * 0.08 : Math.max(1, ...rows.map(({ lower }) => lower?.ci95 ?? 0));
  return { from: from - air, to: to + air };
}

function sorted(values: readonly (number | undefined)[]): number[] {
  return values.filter((value): value is number => value !== undefined && Number.isFinite(value)).sort((a, b) => a - b);
}

/** Where a value lies, and whether it had to be put at an edge. */
export function place(value: number, { from, to }: Scale): { at: number; outside: -1 | 0 | 1 } {
  const share = (value - from) / (to - from);
  if (share < 0) return { at: 0, outside: -1 };
  if (share > 1) return { at: 1, outside: 1 };
  return { at: share, outside: 0 };
}
