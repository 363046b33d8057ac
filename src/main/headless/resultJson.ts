import { plainJson } from '../../shared/plainJson';
import type { Reported } from './report';

/**
 * A result as JSON text. JSON has no NaN and no infinities: they become null, and where that concerns a bound a warning says so.
 * Typed arrays become lists.
 */
export function resultJson(result: Reported): string {
  const broken = result.bounds.filter((bound) => isUnwritable(bound.value) || isUnwritable(bound.ci95));
  const warnings = broken.map(
    (bound) => `${bound.estimator} (${bound.side}) is not a finite number and is written as null.`,
  );
  const text = JSON.stringify({ ...result, warnings: [...result.warnings, ...warnings] }, plainJson, 2);
  return `${text}\n`;
}

function isUnwritable(value: number | null): boolean {
  return value !== null && !Number.isFinite(value);
}
