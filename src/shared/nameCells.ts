import { baseLabel, type BoundName } from './boundNames';
import { numberCell, textCell, type Cell, type TableColumn } from './tables';

type Named = 'base' | 'critic' | 'samples';

const nameColumns: Readonly<Record<Named, TableColumn>> = {
  base: { name: 'base', label: 'base', numeric: false },
  critic: { name: 'critic', label: 'critic', numeric: false },
  samples: { name: 'samples', label: 'K', numeric: true },
};

/** Which parts of their names some bounds have at all. */
export function namedIn(bounds: readonly Partial<BoundName>[]): Named[] {
  return (['base', 'critic', 'samples'] as const).filter((name) => bounds.some((bound) => bound[name] !== undefined));
}

/** The columns of those parts, and a bound's cells in them. */
export function nameColumnsOf(named: readonly Named[]): TableColumn[] {
  return named.map((name) => nameColumns[name]);
}

export function nameCells(bound: Partial<BoundName>, named: readonly Named[]): Cell[] {
  const cells: Readonly<Record<Named, Cell>> = {
    base: textCell(bound.base === undefined ? '' : baseLabel(bound.base)),
    critic: textCell(bound.critic ?? ''),
    samples: numberCell(bound.samples ?? null, 0),
  };
  return named.map((name) => cells[name]);
}
