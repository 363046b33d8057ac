import { boundKey, boundLabels } from '../boundNames';
import { quantityLabel } from '../labels';
import type { Bound } from '../result';
import type { RunPoint } from '../runRecord';
import { sortedBounds } from '../runBounds';
import { intervalCell, textCell, type DataTable } from '../tables';
import type { CompareLine, LineValue } from './lines';
import { linePoints } from './points';

/** One bound in every line that has it. */
export interface ComparedBound {
  readonly key: string;
  readonly bound: Bound;
  /** "IWAE, q, K = 1,000" */
  readonly label: string;
  /** One for each line; null where a line has no such bound. */
  readonly values: readonly (LineValue | null)[];
  /** Indices of the lines where it is tightest, where all bound the same number. */
  readonly best: ReadonlySet<number>;
}

/** The last bounds of all lines, each once; upper ones above lower ones, loosest to tightest of the first line that has them. */
export function comparedBounds(
  lines: readonly CompareLine[],
  pointsOf: (id: string) => readonly RunPoint[],
): ComparedBound[] {
  const own = lines.map((line) => linePoints(line, pointsOf).at(-1)?.bounds ?? []);
  const all = new Map(own.flatMap((bounds) => bounds.map((bound) => [boundKey(bound), bound] as const)));
  const maps = own.map((bounds) => new Map(bounds.map((bound) => [boundKey(bound), bound])));
  const label = boundLabels([...all.values()]);
  const same = new Set(lines.map(({ rows: [row] }) => JSON.stringify([row?.model, row?.data]))).size === 1;
  return sortedBounds([...all.values()]).map((bound) => {
    const key = boundKey(bound);
    const values = maps.map((map): LineValue | null => {
      const found = map.get(key);
      return found === undefined || found.value === null ? null : { value: found.value, ci95: found.ci95 };
    });
    return { key, bound, label: label(bound), values, best: same ? tightest(values, bound.side) : new Set() };
  });
}

function tightest(values: readonly (LineValue | null)[], side: Bound['side']): ReadonlySet<number> {
  const known = values.flatMap((value, index) => (value === null ? [] : [{ index, value: value.value }]));
  if (side === 'estimate' || known.length < 2) return new Set();
  const best = (side === 'lower' ? Math.max : Math.min)(...known.map(({ value }) => value));
  return new Set(known.filter(({ value }) => value === best).map(({ index }) => index));
}

/** The same for other programs and for papers: a row for each bound, a column for each line. */
export function comparedBoundsTable(lines: readonly CompareLine[], compared: readonly ComparedBound[]): DataTable {
  return {
    columns: [
      ...['quantity', 'bound', 'side'].map((name) => ({ name, label: name, numeric: false })),
      ...lines.map(({ name }, index) => ({
        name: `${name.replaceAll(/\W+/g, '_')}_${index + 1}_nats`,
        label: name,
        unit: 'nats',
        numeric: true,
        interval: true,
      })),
    ],
    rows: compared.map(({ bound, label, values, best }) => [
      ...[quantityLabel(bound.quantity), label, bound.side].map(textCell),
      ...values.map((value, index) => intervalCell(value?.value, value?.ci95, best.has(index))),
    ]),
  };
}
