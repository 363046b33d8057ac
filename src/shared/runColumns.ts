import { estimatorLabel, isSandwich, kindLabel, modelLabel, quantityLabel } from './labels';
import { estimateText } from './runEstimate';
import type { RunRow } from './runRecord';
import { statusLabels } from './statusLabels';
import { intervalCell, numberCell, textCell, type Cell, type DataTable, type TableColumn } from './tables';
import { formatMoment } from './when';

/** A column of the table of runs; CSV, LaTeX and the comparison derive from the same list. */
export interface RunColumn extends TableColumn {
  readonly id: string;
  /** What it says, for its tooltip. */
  readonly help: string;
  /** Pixels; a column that grows takes what is left. */
  readonly width: number;
  readonly grows?: boolean;
  /** `always` cannot be hidden; `room` is shown by itself where there is room for it. */
  readonly shown: 'always' | 'room' | 'asked';
  /** What sorting compares; rows without it come last either way. */
  readonly sort: (row: RunRow) => string | number | null;
  /** Null for a drawing, which no file holds. */
  readonly cell: ((row: RunRow) => Cell) | null;
}

const text = (of: (row: RunRow) => string): Pick<RunColumn, 'sort' | 'cell' | 'numeric'> => ({
  numeric: false,
  sort: (row) => of(row).toLowerCase(),
  cell: (row) => textCell(of(row)),
});

const count = (of: (row: RunRow) => number | null): Pick<RunColumn, 'sort' | 'cell' | 'numeric'> => ({
  numeric: true,
  sort: of,
  cell: (row) => numberCell(of(row), 0),
});

const interval = (
  value: (row: RunRow) => number | null | undefined,
  ci95: (row: RunRow) => number | null | undefined,
): Pick<RunColumn, 'sort' | 'cell' | 'numeric' | 'interval' | 'unit'> => ({
  numeric: true,
  interval: true,
  unit: 'nats',
  sort: (row) => value(row) ?? null,
  cell: (row) => intervalCell(value(row), ci95(row)),
});

export const runColumns = [
  {
    id: 'name',
    name: 'name',
    label: 'Name',
    width: 166,
    grows: true,
    shown: 'always',
    help: 'What the run is called.',
    ...text(({ name }) => name),
  },
  {
    id: 'status',
    name: 'status',
    label: 'Status',
    width: 96,
    shown: 'asked',
    help: 'Where the run stands.',
    ...text(({ status }) => statusLabels[status]),
  },
  {
    id: 'quantity',
    name: 'quantity',
    label: 'Quantity',
    width: 84,
    shown: 'room',
    help: 'The quantity that is bracketed or estimated.',
    ...text(({ quantity }) => quantityLabel(quantity)),
  },
  {
    id: 'kind',
    name: 'kind',
    label: 'Kind',
    width: 140,
    shown: 'asked',
    help: 'The kind of experiment.',
    ...text(({ kind }) => kindLabel(kind)),
  },
  {
    id: 'model',
    name: 'model',
    label: 'Model',
    width: 128,
    shown: 'room',
    help: 'The checkpoint, or the target.',
    ...text(({ model }) => modelLabel(model)),
  },
  {
    id: 'data',
    name: 'data',
    label: 'Data',
    width: 120,
    shown: 'asked',
    help: 'What the bounds are averaged over.',
    ...text(({ data }) => data),
  },
  {
    id: 'bracket',
    name: 'bracket',
    label: 'Bracket',
    width: 160,
    shown: 'room',
    numeric: false,
    cell: null,
    help: 'Lower and upper bound on a scale that the rows share, with their 95 % intervals; a tick for the truth where it is known. Of a run without bounds, its estimate.',
    sort: ({ lower, upper, estimate }) => lower?.value ?? upper?.value ?? estimate?.value ?? null,
  },
  {
    id: 'estimate',
    name: 'estimate',
    label: 'Estimate',
    width: 156,
    shown: 'asked',
    numeric: true,
    interval: true,
    help: 'Of a run without bounds: the probability of a rare event ± its 95 % interval, or the share of real items that generated ones cover.',
    sort: ({ estimate }) => estimate?.value ?? null,
    cell: (row) => ({
      ...intervalCell(row.estimate?.value, row.estimate?.ci95),
      ...(row.estimate === null ? {} : { text: estimateText(row) }),
    }),
  },
  {
    id: 'lower',
    name: 'lower_nats',
    label: 'Lower',
    width: 144,
    shown: 'room',
    help: 'The tightest lower bound ± its 95 % interval over the data.',
    ...interval(
      ({ lower }) => lower?.value,
      ({ lower }) => lower?.ci95,
    ),
  },
  {
    id: 'lowerBy',
    name: 'lower_estimator',
    label: 'Lower by',
    width: 88,
    shown: 'asked',
    help: 'Which estimator gave the lower bound.',
    ...text(({ lower }) => (lower === null ? '' : estimatorLabel(lower.estimator))),
  },
  {
    id: 'upper',
    name: 'upper_nats',
    label: 'Upper',
    width: 144,
    shown: 'room',
    help: 'The tightest upper bound ± its 95 % interval over the data.',
    ...interval(
      ({ upper }) => upper?.value,
      ({ upper }) => upper?.ci95,
    ),
  },
  {
    id: 'upperBy',
    name: 'upper_estimator',
    label: 'Upper by',
    width: 88,
    shown: 'asked',
    help: 'Which estimator gave the upper bound.',
    ...text(({ upper }) => (upper === null ? '' : estimatorLabel(upper.estimator))),
  },
  {
    id: 'gap',
    name: 'gap_nats',
    label: 'Gap',
    width: 136,
    shown: 'room',
    help: 'Upper minus lower bound; its interval is narrow because both share their data. Of a target, log Z minus the lower bound where log Z is known.',
    ...interval(
      ({ gap }) => gap,
      ({ gapCi95 }) => gapCi95,
    ),
  },
  {
    id: 'truth',
    name: 'truth_nats',
    label: 'Truth',
    unit: 'nats',
    width: 80,
    shown: 'asked',
    numeric: true,
    help: 'The closed form, where there is one.',
    sort: ({ truth }) => truth,
    cell: ({ truth }) => numberCell(truth),
  },
  {
    id: 'temperatures',
    name: 'temperatures',
    label: 'T',
    width: 72,
    shown: 'asked',
    help: 'Number of temperatures.',
    ...count(({ kind, temperatures }) => (isSandwich(kind) ? temperatures : null)),
  },
  {
    id: 'chains',
    name: 'chains',
    label: 'K',
    width: 56,
    shown: 'asked',
    help: 'Number of chains for each datum.',
    ...count(({ kind, chains }) => (isSandwich(kind) ? chains : null)),
  },
  {
    id: 'seed',
    name: 'seed',
    label: 'Seed',
    width: 56,
    shown: 'asked',
    help: 'The seed of all random numbers.',
    ...count(({ seed }) => seed),
  },
  {
    id: 'seconds',
    name: 'seconds',
    label: 'Time',
    unit: 's',
    width: 92,
    shown: 'room',
    numeric: true,
    help: 'How long it computed, pauses left out.',
    sort: ({ seconds }) => seconds,
    cell: ({ seconds }) => numberCell(seconds, 1),
  },
  {
    id: 'device',
    name: 'device',
    label: 'Device',
    width: 72,
    shown: 'room',
    help: 'Where it computed.',
    ...text(({ device }) => device),
  },
  {
    id: 'created',
    name: 'created',
    label: 'When',
    width: 100,
    shown: 'room',
    numeric: true,
    help: 'When it was made.',
    sort: ({ created }) => created,
    cell: ({ created }) => textCell(formatMoment(created)),
  },
  {
    id: 'tags',
    name: 'tags',
    label: 'Tags',
    width: 124,
    shown: 'room',
    help: 'Words of your own.',
    ...text(({ tags }) => tags.join(' ')),
  },
] as const satisfies readonly RunColumn[];

export type RunColumnId = (typeof runColumns)[number]['id'];

/** In which order columns are given room, what matters most first. */
const roomOrder: readonly RunColumnId[] = [
  ...(['bracket', 'gap', 'model', 'created', 'seconds', 'quantity', 'device', 'tags', 'lower', 'upper'] as const),
];

/**
 * The columns to show, in their own order: those that a person asked for, and of the others as many as there is room for.
 * @param asked what a person switched on or off
 * @param width pixels for all columns
 */
export function fitColumns(asked: Readonly<Partial<Record<RunColumnId, boolean>>>, width: number): RunColumn[] {
  const chosen = new Set<string>(
    runColumns.filter(({ id, shown }) => shown === 'always' || asked[id] === true).map(({ id }) => id),
  );
  let room = width - runColumns.filter(({ id }) => chosen.has(id)).reduce((total, column) => total + column.width, 0);
  for (const id of roomOrder) {
    if (chosen.has(id) || asked[id] === false) continue;
    const needed = runColumn(id).width;
    // What comes later matters less and must not slip in only because it is narrow.
    if (needed > room) break;
    room -= needed;
    chosen.add(id);
  }
  return runColumns.filter(({ id }) => chosen.has(id));
}

export function runColumn(id: RunColumnId): RunColumn {
  return runColumns.find((column) => column.id === id) as RunColumn;
}

/** Runs as a table for a file; columns that are drawings are left out. */
export function runTable(rows: readonly RunRow[], ids: readonly RunColumnId[]): DataTable {
  const columns = ids.map(runColumn).filter((column) => column.cell !== null);
  return { columns, rows: rows.map((row) => columns.map((column) => column.cell?.(row) ?? textCell(''))) };
}

/** Orders two rows by a column; those without a value come last whichever way the others go. */
export function compareRuns(column: RunColumn, descending: boolean): (a: RunRow, b: RunRow) => number {
  return (a, b) => {
    const [left, right] = [column.sort(a), column.sort(b)];
    if (left === null || left === '') return right === null || right === '' ? 0 : 1;
    if (right === null || right === '') return -1;
    const order =
      typeof left === 'number' && typeof right === 'number'
        ? left - right
        : collator.compare(String(left), String(right));
    return descending ? -order : order;
  };
}

/** "vae2" before "vae10". */
const collator = new Intl.Collator('en', { numeric: true });
