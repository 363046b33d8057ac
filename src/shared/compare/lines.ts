import type { RunRow } from '../runRecord';
import { meanInterval } from '../statistics';

export interface LineValue {
  readonly value: number;
  readonly ci95: number | null;
}

/** One line of a comparison: a run, or runs whose run files differ in the seed alone. */
export interface CompareLine {
  /** Of its first run: what its colour belongs to. */
  readonly id: string;
  readonly name: string;
  readonly rows: readonly RunRow[];
  /** Intervals are over data for one run, over seeds for several. */
  readonly lower: LineValue | null;
  readonly upper: LineValue | null;
  readonly gap: LineValue | null;
  readonly truth: number | null;
  /** Mean over the runs. */
  readonly seconds: number;
}

/** Lines in the order of their first run; `join` puts the seeds of a family together. */
export function compareLines(rows: readonly RunRow[], join: boolean): CompareLine[] {
  const groups = new Map<string, RunRow[]>();
  for (const row of rows) {
    const key = join ? row.family : row.id;
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()].map(lineOf);
}

function lineOf(rows: readonly RunRow[]): CompareLine {
  // The colour stays with the oldest, whichever was picked first.
  const oldest = [...rows].sort((a, b) => a.created - b.created || a.id.localeCompare(b.id))[0] as RunRow;
  const each = onePerSeed(rows);
  return {
    id: oldest.id,
    name: oldest.name,
    rows,
    lower: together(each, (row) => row.lower),
    upper: together(each, (row) => row.upper),
    gap: together(each, ({ gap, gapCi95 }) => (gap === null ? null : { value: gap, ci95: gapCi95 })),
    truth: rows.every(({ truth }) => truth === oldest.truth) ? oldest.truth : null,
    seconds: rows.reduce((total, { seconds }) => total + seconds, 0) / rows.length,
  };
}

/** A seed that ran twice gave the same numbers twice, which say nothing more: of each seed the run that got furthest. */
function onePerSeed(rows: readonly RunRow[]): RunRow[] {
  const reached = ({ status, lower, upper }: RunRow): number =>
    (status === 'done' ? 2 : 0) + (lower === null && upper === null ? 0 : 1);
  const bySeed = new Map<number, RunRow>();
  for (const row of rows) {
    const before = bySeed.get(row.seed);
    if (before === undefined || reached(row) > reached(before)) bySeed.set(row.seed, row);
  }
  return [...bySeed.values()];
}

/** How many seeds a line has; fewer than its runs where one ran twice. */
export function seedCount({ rows }: Pick<CompareLine, 'rows'>): number {
  return new Set(rows.map(({ seed }) => seed)).size;
}

function together(rows: readonly RunRow[], of: (row: RunRow) => LineValue | null): LineValue | null {
  const found = rows.flatMap((row) => of(row) ?? []).filter(({ value }) => Number.isFinite(value));
  const [first] = found;
  if (first === undefined) return null;
  if (rows.length === 1) return { value: first.value, ci95: first.ci95 };
  const { mean, ci95 } = meanInterval(found.map(({ value }) => value));
  return { value: mean, ci95 };
}

/** Which lines have the tightest bound and the smallest gap among those that bracket the same number. */
export interface Best {
  readonly lower: ReadonlySet<string>;
  readonly upper: ReadonlySet<string>;
  readonly gap: ReadonlySet<string>;
}

export function bestLines(lines: readonly CompareLine[]): Best {
  const best = { lower: new Set<string>(), upper: new Set<string>(), gap: new Set<string>() };
  for (const same of groupComparable(lines)) {
    // A line alone is best of nothing.
    if (same.length < 2) continue;
    pick(same, ({ lower }) => lower?.value, 1, best.lower);
    pick(same, ({ upper }) => upper?.value, -1, best.upper);
    pick(same, ({ gap }) => (gap === null ? undefined : Math.abs(gap.value)), -1, best.gap);
  }
  return best;
}

/** Bounds compete only where they bound the same number: same quantity, model and data. */
function groupComparable(lines: readonly CompareLine[]): CompareLine[][] {
  const groups = new Map<string, CompareLine[]>();
  for (const line of lines) {
    const [row] = line.rows;
    if (row === undefined) continue;
    // What stands for the data of a target is how many methods were tried on it.
    const key = JSON.stringify([row.quantity, row.model, row.kind === 'target' ? '' : row.data]);
    groups.set(key, [...(groups.get(key) ?? []), line]);
  }
  return [...groups.values()];
}

function pick(
  lines: readonly CompareLine[],
  of: (line: CompareLine) => number | undefined,
  sign: 1 | -1,
  into: Set<string>,
): void {
  const values = lines.flatMap((line) => {
    const value = of(line);
    return value === undefined ? [] : [{ id: line.id, value: sign * value }];
  });
  const most = Math.max(...values.map(({ value }) => value));
  for (const { id, value } of values) if (value === most) into.add(id);
}
