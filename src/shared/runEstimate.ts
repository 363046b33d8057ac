import { formatNumber, missing } from './format';
import { formatProbability } from './rareEvent/answer';
import { rareEventOf } from './rareEvent/summary';
import type { Result } from './result';
import type { RunEstimate, RunRow } from './runRecord';

/**
 * The number that a run without bounds is about: the probability of a rare event, or the share of real items that have a generated one near
 * them. Null for other runs, and where none of the draws hit the event.
 */
export function estimateOf(result: Pick<Result, 'kind' | 'metrics' | 'coverage'>): RunEstimate | null {
  if (result.kind === 'coverage') {
    const value = result.coverage?.[0]?.card.metrics['coverage']?.value ?? null;
    return value === null ? null : { value, ci95: null };
  }
  const { value = null, ci95 = null, hits = 0 } = rareEventOf(result)?.probability ?? {};
  return value === null || hits === 0 ? null : { value, ci95 };
}

/** "(1.525 ± 0.024) × 10⁻⁸" of a rare event, "0.351" of coverage. */
export function estimateText({ quantity, estimate }: Pick<RunRow, 'quantity' | 'estimate'>): string {
  if (estimate === null) return missing;
  const { value, ci95 } = estimate;
  return quantity === 'coverage' ? formatNumber(value, 3) : formatProbability(value, ci95);
}

/** The same with what it is: "P ≈ (1.525 ± 0.024) × 10⁻⁸", "coverage 0.351". */
export function namedEstimate(row: Pick<RunRow, 'quantity' | 'estimate'>): string {
  return `${row.quantity === 'coverage' ? 'coverage' : 'P ≈'} ${estimateText(row)}`;
}
