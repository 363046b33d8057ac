import { bracketOf } from './answer';
import { boundKey, boundLabels } from './boundNames';
import { boundPairs, overDifferentData, type BoundPair } from './boundPairs';
import { nameCells, nameColumnsOf, namedIn } from './nameCells';
import { informationOf } from './estimatorFacts';
import { estimatorLabel, quantityLabel } from './labels';
import type { Bound } from './result';
import type { RunDetail } from './runRecord';
import { intervalCell, numberCell, textCell, type Cell, type DataTable } from './tables';

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
      // What came later stands last: other programs may count columns.
      ...['base', 'critic'].map((name) => column(name)),
      ...['samples', 'ba_nats', 'contrastive_nats', 'bound_seconds'].map((name) => column(name, true)),
      column('information'),
      column('method'),
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
        ...[bound.base ?? '', bound.critic ?? ''].map(textCell),
        numberCell(bound.samples ?? null, 0),
        numberCell(bound.terms?.ba ?? null),
        numberCell(bound.terms?.contrastive ?? null),
        numberCell(bound.seconds ?? null),
        textCell(informationOf(bound) ?? ''),
        textCell(bound.method ?? ''),
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
    rows: runs.map(({ row, result, points }) => {
      const own = boundsOf({ result, points }).filter(({ quantity }) => quantity === row.quantity);
      const label = boundLabels(own);
      const bracket = result === null ? undefined : bracketOf(result);
      const [lower, upper] = [bracket?.lower ?? row.lower, bracket?.upper ?? row.upper];
      return [
        textCell(row.name),
        textCell(quantityLabel(row.quantity)),
        numberCell(row.temperatures, 0),
        intervalCell(lower?.value, lower?.ci95),
        textCell(lower ? label(lower) : ''),
        intervalCell(upper?.value, upper?.ci95),
        textCell(upper ? label(upper) : ''),
        intervalCell(row.gap, row.gapCi95),
      ];
    }),
  };
}

/**
 * The bounds of one run, each estimator's sides in one row, as a paper prints them: by quantity, from the most information to the least.
 * Columns that no bound fills are left out.
 */
export function estimatorsTable(bounds: readonly Bound[]): DataTable {
  const pairs = boundPairs(bounds);
  const named = namedIn(bounds);
  const [terms, seconds, estimates] = [
    pairs.some((pair) => pair.terms !== undefined),
    pairs.some((pair) => pair.seconds !== null),
    pairs.some(({ sides }) => sides.estimate !== undefined),
  ];
  const counted = overDifferentData(bounds);
  const nats = { unit: 'nats', numeric: true };
  const interval = ({ sides }: BoundPair, side: Bound['side']): Cell =>
    intervalCell(sides[side]?.value, sides[side]?.ci95);
  return {
    columns: [
      { name: 'quantity', label: 'Quantity', numeric: false },
      { name: 'estimator', label: 'Estimator', numeric: false },
      { name: 'information', label: 'Uses', numeric: false },
      ...nameColumnsOf(named),
      { name: 'lower_nats', label: 'Lower', ...nats, interval: true },
      { name: 'upper_nats', label: 'Upper', ...nats, interval: true },
      ...(estimates ? [{ name: 'estimate_nats', label: 'Estimate', ...nats, interval: true }] : []),
      ...(counted ? [{ name: 'n', label: 'Data', numeric: true }] : []),
      ...(terms
        ? [
            { name: 'ba_nats', label: 'BA term', ...nats },
            { name: 'contrastive_nats', label: 'Contrastive', ...nats },
            { name: 'log_k_nats', label: 'log K', ...nats },
          ]
        : []),
      ...(seconds ? [{ name: 'seconds', label: 'Time', unit: 's', numeric: true }] : []),
    ],
    rows: pairs.map((pair) => [
      textCell(quantityLabel(pair.name.quantity)),
      textCell(estimatorLabel(pair.name.estimator)),
      textCell(pair.information ?? ''),
      ...nameCells(pair.name, named),
      interval(pair, 'lower'),
      interval(pair, 'upper'),
      ...(estimates ? [interval(pair, 'estimate')] : []),
      ...(counted ? [numberCell(pair.name.n, 0)] : []),
      ...(terms
        ? [pair.terms?.ba, pair.terms?.contrastive, pair.ceiling].map((value) => numberCell(value ?? null))
        : []),
      ...(seconds ? [numberCell(pair.seconds, 1)] : []),
    ]),
  };
}

/** The bounds of a result, else of the last round. Results are the same whenever a run is taken up again; times stand in its rounds. */
export function boundsOf({ result, points }: Pick<BoundsOf, 'result' | 'points'>): readonly Bound[] {
  const last = points.at(-1)?.bounds ?? [];
  if (result === null) return last;
  const times = new Map(last.map((bound) => [boundKey(bound), bound.seconds]));
  return result.bounds.map((bound) => {
    const seconds = bound.seconds ?? times.get(boundKey(bound));
    return seconds === undefined ? bound : { ...bound, seconds };
  });
}
