import { decimalsFor, formatNumber, formatPlusMinus } from '../../format';
import type { TargetSummary } from '../../targetRun/summary';
import { intervalCell, numberCell, textCell, type DataTable } from '../../tables';
import type { Mark } from '../encoding';
import { escapeHtml } from '../text';
import { methodLooks } from './looks';

/** A bound on log Z, nats. */
export interface End {
  readonly value: number;
  readonly ci95: number | null;
}

/** What one method says of log Z. */
export interface Row {
  readonly label: string;
  readonly lower: End | null;
  readonly upper: End | null;
  /** Log-mean-exp of all weights, which bounds nothing. */
  readonly estimate: number | null;
  /** log Z minus the lower bound. */
  readonly gap: number | null;
  readonly mark: Mark;
  /** What an ideal method would give: nothing that was trained. */
  readonly ideal: boolean;
}

/** Trained methods first, the tightest on top; then the ideal ones. */
export function rowsOf({ methods, oracles }: TargetSummary): Row[] {
  const looks = methodLooks(methods.map(({ name }) => name));
  const trained = methods.flatMap(({ name, label, bound, upper, estimate, gap }): Row[] =>
    bound === null && upper === null
      ? []
      : [{ ...{ label, lower: bound, upper, estimate, gap, ideal: false }, mark: looks(name).mark }],
  );
  const ideal = oracles.flatMap(({ name, bound, gap }): Row[] =>
    bound === null
      ? []
      : [
          {
            ...{ label: name, lower: { value: bound, ci95: null }, upper: null, estimate: null, gap, ideal: true },
            mark: { symbol: 'diamond', dash: [], hollow: true },
          },
        ],
  );
  const tightest = (a: Row, b: Row): number => (b.lower?.value ?? -Infinity) - (a.lower?.value ?? -Infinity);
  return [...trained.sort(tightest), ...ideal.sort(tightest)];
}

export function wordsOf({ label, lower, upper, estimate }: Row): string {
  const parts = [
    ...(lower === null ? [] : [`log Z is at least ${formatPlusMinus(lower.value, lower.ci95)}`]),
    ...(upper === null ? [] : [`at most ${formatPlusMinus(upper.value, upper.ci95)}`]),
    ...(estimate === null ? [] : [`about ${formatNumber(estimate)}`]),
  ];
  return `${label}: ${parts.join(', ')} nats.`;
}

/** Whatever of a row is drawn. */
export function reachOf({ lower, upper, estimate }: Row): number[] {
  const ends = [lower, upper].flatMap((end) =>
    end === null ? [] : [end.value - (end.ci95 ?? 0), end.value + (end.ci95 ?? 0)],
  );
  return [...ends, ...(estimate === null ? [] : [estimate])];
}

/** From a known truth down to the lower bound; else between the two bounds; the bound itself where there is neither. */
export function gapText({ lower, upper, gap }: Row, logZ: number | null, narrow: boolean): string {
  const [value, ci95] =
    logZ !== null
      ? [gap, lower?.ci95 ?? null]
      : lower !== null && upper !== null
        ? [upper.value - lower.value, sum(lower.ci95, upper.ci95)]
        : [null, null];
  if (value === null)
    return upper !== null || lower === null || logZ !== null
      ? ''
      : narrow
        ? formatNumber(lower.value, Math.max(2, decimalsFor(lower.ci95)))
        : formatPlusMinus(lower.value, lower.ci95);
  const small = Math.abs(value) < 0.1 ? 3 : 2;
  if (narrow) return formatNumber(value, Math.max(small, decimalsFor(ci95)));
  return ci95 === null ? formatNumber(value, small) : formatPlusMinus(value, ci95);
}

/** Half-widths of two bounds from draws of their own. */
function sum(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : Math.hypot(a, b);
}

/** With a lower bound alone the gap is what it falls short of log Z by; beside an upper bound that has a name of its own. */
export function gapLabel(rows: readonly Row[], logZ: number | null): string {
  return logZ !== null && rows.some(({ upper }) => upper !== null) ? 'below truth' : 'gap';
}

export function tip(row: Row | undefined, logZ: number | null): string {
  if (row === undefined) return '';
  const { lower, upper, estimate, gap } = row;
  const line = (name: string, value: number | null, ci95: number | null = null): string =>
    value === null
      ? ''
      : `<tr><td>${name}</td><td class="value">${formatNumber(value, Math.max(2, decimalsFor(ci95)))}</td><td>${ci95 === null ? '' : `± ${formatNumber(ci95, decimalsFor(ci95))}`}</td></tr>`;
  const lines = [
    line('≤', upper?.value ?? null, upper?.ci95),
    line('≥', lower?.value ?? null, lower?.ci95),
    line('≈', estimate),
    line('truth', logZ),
    line(gapLabel([row], logZ), gap),
  ];
  return `<p>${escapeHtml(row.label)}${row.ideal ? ', not trained' : ''}</p><table>${lines.join('')}</table>`;
}

export function table(rows: readonly Row[], logZ: number | null): DataTable {
  const [sandwiched, estimated] = [
    rows.some(({ upper }) => upper !== null),
    rows.some(({ estimate }) => estimate !== null),
  ];
  const nats = { unit: 'nats', numeric: true };
  return {
    columns: [
      { name: 'method', label: 'method', numeric: false },
      { name: 'kind', label: 'kind', numeric: false },
      { name: 'bound_nats', label: 'log Z ≥', ...nats, interval: true },
      ...(sandwiched ? [{ name: 'upper_bound_nats', label: 'log Z ≤', ...nats, interval: true }] : []),
      ...(estimated ? [{ name: 'estimate_nats', label: 'log Z ≈', ...nats }] : []),
      ...(logZ === null
        ? []
        : [
            { name: 'truth_nats', label: 'truth', ...nats },
            { name: 'gap_nats', label: gapLabel(rows, logZ), ...nats },
          ]),
    ],
    rows: rows.map(({ label, lower, upper, estimate, gap, ideal }) => [
      ...[label, ideal ? 'ideal' : 'trained'].map(textCell),
      intervalCell(lower?.value, lower?.ci95),
      ...(sandwiched ? [intervalCell(upper?.value, upper?.ci95)] : []),
      ...(estimated ? [numberCell(estimate, 3)] : []),
      ...(logZ === null ? [] : [numberCell(logZ, 4), numberCell(gap, Math.max(2, decimalsFor(lower?.ci95)))]),
    ]),
  };
}
