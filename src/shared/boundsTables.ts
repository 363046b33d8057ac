import { bracketOf } from './answer';
import { estimatorLabel, quantityLabel } from './labels';
import type { Bound } from './result';
import type { RunDetail } from './runRecord';
import { intervalCell, numberCell, textCell, type DataTable } from './tables';

/** A run with its bounds: those of its result, or of its last round where it has not ended. */
export type BoundsOf = Pick<RunDetail, 'row' | 'result' | 'points'>;

/** Every bound of some runs, one a row, with what they depend on: for other programs. */
export function allBoundsTable(runs: readonly BoundsOf[]): DataTable {
  const column = (name: string, numeric = false) => ({ name, label: name, numeric });
  return {
    columns: [
      ...['run', 'name', 'status', 'kind', 'model', 'data', 'device'].map((name) => column(name)),
      ...['seed', 'temperatures', 'chains'].map((name) => column(name, true)),
      ...['quantity', 'estimator', 'side'].map((name) => column(name)),
      { name: 'value_nats', label: 'value', unit: 'nats', numeric: true, interval: true },
      ...['n', 'seconds'].map((name) => column(name, true)),
    ],
    rows: runs.flatMap((run) => {
      const { id, name, status, kind, model, data, device, seed, temperatures, chains, seconds } = run.row;
      return boundsOf(run).map((bound) => [
        ...[id, name, status, kind, model, data, device].map(textCell),
        ...[seed, temperatures, chains].map((value) => numberCell(value, 0)),
        ...[bound.quantity, bound.estimator, bound.side].map(textCell),
        intervalCell(bound.value, bound.ci95),
        numberCell(bound.n, 0),
        numberCell(seconds, 1),
      ]);
    }),
  };
}

/** The bracket of each run, as a paper prints it. */
export function bracketsTable(runs: readonly BoundsOf[]): DataTable {
  const nats = { unit: 'nats', numeric: true, interval: true };
  return {
    columns: [
      { name: 'name', label: 'Run', numeric: false },
      { name: 'quantity', label: 'Quantity', numeric: false },
      { name: 'temperatures', label: 'T', numeric: true },
      { name: 'lower_nats', label: 'Lower', ...nats },
      { name: 'lower_estimator', label: 'by', numeric: false },
      { name: 'upper_nats', label: 'Upper', ...nats },
      { name: 'upper_estimator', label: 'by', numeric: false },
      { name: 'gap_nats', label: 'Gap', ...nats },
    ],
    rows: runs.map(({ row, result }) => {
      const bracket = result === null ? undefined : bracketOf(result);
      const [lower, upper] = [bracket?.lower ?? row.lower, bracket?.upper ?? row.upper];
      return [
        textCell(row.name),
        textCell(quantityLabel(row.quantity)),
        numberCell(row.temperatures, 0),
        intervalCell(lower?.value, lower?.ci95),
        textCell(lower ? estimatorLabel(lower.estimator) : ''),
        intervalCell(upper?.value, upper?.ci95),
        textCell(upper ? estimatorLabel(upper.estimator) : ''),
        intervalCell(row.gap, row.gapCi95),
      ];
    }),
  };
}

export function boundsOf({ result, points }: Pick<BoundsOf, 'result' | 'points'>): readonly Bound[] {
  return result?.bounds ?? points.at(-1)?.bounds ?? [];
}
