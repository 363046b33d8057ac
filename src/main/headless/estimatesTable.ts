import type { RareEvent } from '../../shared/rareEvent/summary';
import {
  estimateRows,
  estimateText,
  halfWidthText,
  probabilityText,
  type EstimateColumnId,
} from '../../shared/rareEvent/table';
import { tableLines } from './table';
import type { Terminal } from './terminal';

const columns: readonly { readonly id: EstimateColumnId; readonly title: string }[] = [
  { id: 'value', title: 'P' },
  { id: 'ratio', title: '/ truth' },
  { id: 'relativeVariance', title: 'variance' },
  { id: 'hits', title: 'hits' },
];

/** What every way to the probability of a rare event found; dimmed what is no estimate of this run, or is biased. */
export function estimatesTable(found: RareEvent, { colours }: Terminal): string[] {
  const rows = estimateRows(found);
  const shown = columns.filter(({ id }) => rows.some((row) => row[id] !== null));
  const lines = rows.map((row) => {
    const dim = (text: string): string => (row.isTruth || row.biased ? colours.dim(text) : text);
    const label = row.label.replace('Density ratios', 'Ratios');
    const cells = shown.flatMap(({ id }) => {
      if (id === 'value') return [probabilityText(row)];
      return id === 'ratio' ? [estimateText(row, id), halfWidthText(row, id)] : [estimateText(row, id)];
    });
    return [label, ...cells].map(dim);
  });
  const heads = shown.flatMap(({ id, title }) => {
    const head = { title, align: 'right' as const };
    return id === 'ratio' ? [head, { title: '95 %', align: 'right' as const }] : [head];
  });
  return [
    ...tableLines([{ title: 'estimator' }, ...heads], lines, colours.dim),
    colours.dim('variance: of one draw, over the square of P.'),
  ];
}
