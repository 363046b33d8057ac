import { formatCount, formatNumber, missing } from '../format';
import { intervalCell, numberCell, shownCell, textCell, type Cell, type DataTable, type TableColumn } from '../tables';
import type { Result } from '../result';
import { formatProbability, formatProbabilityAlone, formatTimes } from './answer';
import { rareEventOf, type RareEvent } from './summary';

export type EstimateColumnId =
  'value' | 'ratio' | 'relativeVariance' | 'draws' | 'hits' | 'ess' | 'largestWeight' | 'varianceReduction';

/** One way to the probability, or the closed form. Null where it has no such number. */
export type EstimateRow = Readonly<Record<EstimateColumnId, number | null>> & {
  readonly name: string;
  readonly label: string;
  /** Half-widths of 95 % intervals: of the value and of its ratio to the truth. */
  readonly ci95: number | null;
  readonly ratioCi95: number | null;
  /** Of what nothing vouches for. */
  readonly biased: boolean;
  readonly isTruth: boolean;
};

export interface EstimateColumn extends TableColumn {
  readonly id: EstimateColumnId;
  readonly help: string;
}

export const estimateColumns: readonly EstimateColumn[] = [
  {
    ...{ id: 'value', name: 'probability', label: 'P', numeric: true, interval: true },
    help: 'Probability of the event ± its 95 % interval over draws.',
  },
  {
    ...{ id: 'ratio', name: 'ratio_to_truth', label: 'Estimate / truth', numeric: true, interval: true },
    help: 'The estimate over the closed form ± its 95 % interval.',
  },
  {
    ...{ id: 'relativeVariance', name: 'relative_variance', label: 'Relative variance', numeric: true },
    help: 'Of a single draw: its variance over the square of the probability. n draws have a relative error of √(variance / n).',
  },
  {
    ...{ id: 'varianceReduction', name: 'variance_reduction', label: 'Worth', numeric: true },
    help: 'How many draws of plain Monte Carlo one draw is worth.',
  },
  { id: 'draws', name: 'draws', label: 'Draws', numeric: true, help: 'In all.' },
  { id: 'hits', name: 'hits', label: 'Hits', numeric: true, help: 'Draws in the event.' },
  { id: 'ess', name: 'ess', label: 'ESS', numeric: true, help: 'Effective number of draws: (Σw)²/Σw².' },
  {
    ...{ id: 'largestWeight', name: 'largest_weight', label: 'Largest weight', numeric: true },
    help: 'Share of the largest weight in the sum of all.',
  },
];

const none = {
  ...{ value: null, ratio: null, relativeVariance: null, draws: null, hits: null, ess: null, largestWeight: null },
  ...{ varianceReduction: null, ci95: null, ratioCi95: null, biased: false, isTruth: false },
} as const;

/** The ways to the probability that a run went, and the closed form last. */
export function estimateRows({ probability, monteCarlo, ratio, truthProbability }: RareEvent): EstimateRow[] {
  return [
    { ...none, ...shown(probability), name: 'importance-flow', label: 'Importance flow' },
    { ...none, ...shown(monteCarlo), name: 'monte-carlo', label: 'Monte Carlo' },
    ...(ratio === undefined
      ? []
      : [
          {
            ...{ ...none, name: 'density-ratio', label: 'Density ratios (biased)', biased: true },
            ...{ value: ratio.value, ratio: ratio.ratio, draws: probability.draws, hits: probability.hits },
          },
        ]),
    { ...none, name: 'truth', label: 'Closed form', value: truthProbability, isTruth: true },
  ];
}

function shown(estimate: RareEvent['probability'] | RareEvent['monteCarlo']) {
  const { value, ci95, ratio, ratioCi95, relativeVariance, draws, hits, ess, largestWeight } = estimate;
  const varianceReduction = 'varianceReduction' in estimate ? estimate.varianceReduction : null;
  return {
    ...{ value, ci95, ratio, ratioCi95, relativeVariance, draws, hits, varianceReduction },
    // Plain draws weigh alike: these numbers would repeat the hits.
    ...('varianceReduction' in estimate ? { ess, largestWeight } : {}),
  };
}

/** A number as a person reads it; empty where there is none. */
export function estimateText(row: EstimateRow, id: EstimateColumnId): string {
  const value = row[id];
  if (value === null) return '';
  switch (id) {
    case 'value':
      return row.isTruth || row.biased ? formatProbability(value) : formatProbabilityAlone(value, row.ci95);
    case 'ratio':
      return value < 1e-3 ? formatTimes(value) : formatNumber(value, 4);
    case 'relativeVariance':
    case 'varianceReduction':
      return formatTimes(value);
    case 'largestWeight':
      return formatNumber(value, 4);
    default:
      return formatCount(value);
  }
}

/** "± 0.024 × 10⁻⁴"; empty where there is none. */
export function halfWidthText(row: EstimateRow, id: EstimateColumnId): string {
  if (id === 'ratio') return row.ratioCi95 === null ? '' : `± ${formatNumber(row.ratioCi95, 4)}`;
  if (id !== 'value' || row.ci95 === null || row.value === null || row.value === 0) return '';
  const text = formatProbability(row.value, row.ci95)
    .replace(/^\(?.* ± /, '')
    .replace(')', '');
  return text === missing ? '' : `± ${text}`;
}

/** The same as a table for papers and other programs. */
export function estimatesTable(found: RareEvent): DataTable {
  return {
    columns: [{ name: 'estimator', label: 'Estimator', numeric: false }, ...estimateColumns],
    rows: estimateRows(found).map((row) => [textCell(row.label), ...cells(row)]),
  };
}

/** Those of several runs in one table: for other programs. */
export function allEstimatesTable(
  runs: readonly { readonly row: { readonly id: string; readonly name: string }; readonly result: Result | null }[],
): DataTable {
  const text = (name: string) => ({ name, label: name, numeric: false });
  const number = (name: string) => ({ name, label: name, numeric: true });
  return {
    columns: [
      ...['run', 'name', 'event', 'dim', 'estimator'].map((name) => (name === 'dim' ? number(name) : text(name))),
      ...estimateColumns,
    ],
    rows: runs.flatMap(({ row: { id, name }, result }) => {
      const found = result === null ? undefined : rareEventOf(result);
      if (found === undefined) return [];
      return estimateRows(found).map((row) => [
        ...[id, name, found.event.text].map(textCell),
        numberCell(found.event.dim, 0),
        textCell(row.name),
        ...cells(row),
      ]);
    }),
  };
}

function cells(row: EstimateRow): Cell[] {
  return estimateColumns.map(({ id }): Cell => {
    if (id === 'value') return { ...intervalCell(row.value, row.ci95), text: probabilityText(row) };
    if (id === 'ratio') {
      const text = [estimateText(row, id), halfWidthText(row, id)].filter((part) => part !== '').join(' ');
      return { ...intervalCell(row.ratio, row.ratioCi95), text };
    }
    return shownCell(row[id], estimateText(row, id));
  });
}

/** "(3.357 ± 0.024) × 10⁻⁴" */
export function probabilityText(row: EstimateRow): string {
  return row.ci95 === null || row.hits === 0 ? estimateText(row, 'value') : formatProbability(row.value, row.ci95);
}
