import { formatPlural } from '../format';
import { isSandwich, quantityLabel } from '../labels';
import { runColumn } from '../runColumns';
import { intervalCell, numberCell, textCell, type DataTable } from '../tables';
import { bestLines, seedCount, type CompareLine } from './lines';

/** The numbers of a comparison as one table, the best marked. */
export function compareTable(lines: readonly CompareLine[]): DataTable {
  const best = bestLines(lines);
  const seeds = lines.some(({ rows }) => rows.length > 1);
  const truth = lines.some((line) => line.truth !== null);
  const columns = (
    ['name', 'quantity', 'model', 'temperatures', 'chains', 'lower', 'upper', 'gap', 'seconds'] as const
  ).map(runColumn);
  return {
    columns: [
      ...columns,
      ...(truth ? [runColumn('truth')] : []),
      ...(seeds ? [{ name: 'seeds', label: 'Seeds', numeric: true }] : []),
    ],
    rows: lines.map((line) => {
      const [row] = line.rows;
      if (row === undefined) return [];
      return [
        textCell(line.name),
        textCell(quantityLabel(row.quantity)),
        textCell(row.model),
        numberCell(isSandwich(row.kind) ? row.temperatures : null, 0),
        numberCell(isSandwich(row.kind) ? row.chains : null, 0),
        intervalCell(line.lower?.value, line.lower?.ci95, best.lower.has(line.id)),
        intervalCell(line.upper?.value, line.upper?.ci95, best.upper.has(line.id)),
        intervalCell(line.gap?.value, line.gap?.ci95, best.gap.has(line.id)),
        numberCell(line.seconds, 1),
        ...(truth ? [numberCell(line.truth)] : []),
        ...(seeds ? [numberCell(seedCount(line), 0)] : []),
      ];
    }),
  };
}

/** "5 seeds", "2 runs" where they share their seed; undefined for one run. */
export function seedsText(line: CompareLine): string | undefined {
  const seeds = seedCount(line);
  if (seeds > 1) return formatPlural(seeds, 'seed', 'seeds');
  return line.rows.length > 1 ? formatPlural(line.rows.length, 'run', 'runs') : undefined;
}
