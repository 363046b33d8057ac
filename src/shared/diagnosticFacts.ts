import { estimatorLabel } from './labels';
import { formatCount, formatNumber } from './format';
import type { Result } from './result';

export interface Fact {
  readonly label: string;
  readonly text: string;
}

/** The numbers of a result's diagnostics that a person looks at, in words; those that a run does not have are left out. */
export function diagnosticFacts({ diagnostics }: Result): Fact[] {
  const sizes = objectOf(diagnostics['effectiveSampleSize']);
  const importance = objectOf(diagnostics['importance']);
  return [
    ...fact('Acceptance', diagnostics['acceptance'], (value) => `${formatNumber(100 * value, 0)} %`),
    ...fact('Lowest acceptance', diagnostics['lowestAcceptance'], (value) => `${formatNumber(100 * value, 0)} %`),
    ...fact('Divergences', diagnostics['divergences'], formatCount),
    ...fact('Gradient evaluations', diagnostics['gradientEvaluations'], formatCount),
    ...fact('Transitions', diagnostics['transitions'], formatCount),
    ...fact('Effective sample size, forward', sizes['forward'], (value) => formatNumber(value, 1)),
    ...fact('Effective sample size, reverse', sizes['reverse'], (value) => formatNumber(value, 1)),
    ...Object.entries(importance).flatMap(([name, entry]) =>
      fact(`Effective sample size, ${estimatorLabel(name)}`, objectOf(entry)['effectiveSampleSize'], (value) =>
        formatNumber(value, 1),
      ),
    ),
  ];
}

function fact(label: string, value: unknown, text: (value: number) => string): Fact[] {
  return typeof value === 'number' && Number.isFinite(value) ? [{ label, text: text(value) }] : [];
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
