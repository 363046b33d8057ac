import type { CoverageCard } from '../../../../shared/coverage';

export type Missed = CoverageCard['missed'][number];
export type MissedColumn = Exclude<keyof Missed, 'mode'>;
export interface MissedSort {
  readonly by: MissedColumn;
  readonly down: boolean;
}

const columns: readonly { readonly id: MissedColumn; readonly label: string; readonly whole: boolean }[] = [
  { id: 'weight', label: 'Weight', whole: false },
  { id: 'count', label: 'Samples', whole: true },
  { id: 'reweighted', label: 'Reweighted', whole: false },
  { id: 'highQuality', label: 'Good', whole: true },
  { id: 'pValue', label: 'p', whole: false },
  { id: 'nearest', label: 'Nearest', whole: false },
  { id: 'distance', label: 'Distance', whole: false },
  { id: 'barrier', label: 'Barrier', whole: false },
];

/** What matters most comes first where there is not room for all. */
const roomOrder: readonly MissedColumn[] = [
  ...(['weight', 'count', 'pValue', 'nearest', 'reweighted', 'barrier', 'highQuality', 'distance'] as const),
];
/** Pixels: the name of a mode with its place, and a column. */
const room = { name: 150, column: 76 };

/** The columns that some row has something in, as many as there is room for; a file has all. @param width pixels */
export function missedColumns({ missed }: CoverageCard, width = Infinity): typeof columns {
  const most = Math.max(2, Math.floor((width - room.name) / room.column));
  const told = roomOrder.filter((id) => missed.some((mode) => mode[id] !== undefined)).slice(0, most);
  return columns.filter(({ id }) => told.includes(id));
}

/** Missed modes in an order; what is not known comes last, and ties go by number. */
export function missedRows({ missed }: CoverageCard, { by, down }: MissedSort): readonly Missed[] {
  const sign = down ? -1 : 1;
  return missed.toSorted((a, b) => {
    const [x, y] = [a[by], b[by]];
    if (x === undefined || y === undefined) return Number(x === undefined) - Number(y === undefined);
    return sign * (x - y) || a.mode - b.mode;
  });
}
