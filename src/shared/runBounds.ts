import { estimatorLabel, quantityLabel, sideLabels } from './labels';
import { quantities, type Bound, type Result } from './result';
import type { RunDetail, RunPoint } from './runRecord';
import { intervalCell, textCell, type DataTable } from './tables';

const order: readonly Bound['side'][] = ['upper', 'lower', 'estimate'];

/** Upper bounds above lower ones, so that the bracket closes from top to bottom; estimates, which bound nothing, last. */
export function sortedBounds(bounds: readonly Bound[]): Bound[] {
  return [...bounds].sort(
    (a, b) =>
      quantities.indexOf(a.quantity) - quantities.indexOf(b.quantity) ||
      order.indexOf(a.side) - order.indexOf(b.side) ||
      (b.value ?? -Infinity) - (a.value ?? -Infinity),
  );
}

/** The bounds of a run as a table for a file. */
export function boundsTable(bounds: readonly Bound[]): DataTable {
  return {
    columns: [
      { name: 'quantity', label: 'quantity', numeric: false },
      { name: 'estimator', label: 'estimator', numeric: false },
      { name: 'side', label: 'side', numeric: false },
      { name: 'value_nats', label: 'value', unit: 'nats', numeric: true, interval: true },
    ],
    rows: sortedBounds(bounds).map(({ quantity, estimator, side, value, ci95 }) => [
      textCell(quantityLabel(quantity)),
      textCell(estimatorLabel(estimator)),
      textCell(sideLabels[side].word),
      intervalCell(value, ci95),
    ]),
  };
}

/** What a run knows by now: its result, or the bounds of its last round in the shape of one. Undefined before the first round. */
export function resultSoFar({ row, spec, result }: RunDetail, points: readonly RunPoint[]): Result | undefined {
  if (result !== null && result.bounds.length > 0) return result;
  const last = points.at(-1);
  if (last === undefined) return result ?? undefined;
  return {
    run: row.id,
    kind: row.kind,
    spec: { ...spec },
    device: row.device,
    status: 'done',
    seconds: last.seconds,
    bounds: [...last.bounds],
    metrics: row.truth === null ? {} : { truth: row.truth },
    diagnostics: { temperatures: last.temperatures },
    warnings: result?.warnings ?? [],
    series: [],
    artifacts: [],
    ...(result?.error === undefined ? {} : { error: result.error }),
  };
}
