import { decimalsFor, formatCount, formatDuration, formatInterval, formatNumber, missing } from '../../shared/format';
import { oneLine } from '../../shared/errors';
import { formatError } from '../../shared/targetRun/answer';
import type { TargetSummary } from '../../shared/targetRun/summary';
import {
  bestMethods,
  halfWidthOf,
  isBound,
  oracleValue,
  valueOf,
  type MethodColumnId,
} from '../../shared/targetRun/table';
import { alignDecimals, tableLines } from './table';
import type { Terminal } from './terminal';

const columns: readonly { readonly id: MethodColumnId; readonly title: string }[] = [
  { id: 'bound', title: 'log Z ≥' },
  { id: 'upper', title: 'log Z ≤' },
  { id: 'gap', title: 'gap' },
  { id: 'maeMean', title: 'mean ±' },
  { id: 'maeStd', title: 'std ±' },
  { id: 'heldOutLogPredictive', title: 'log p(y)' },
  { id: 'heldOutAccuracy', title: 'right' },
  { id: 'ess', title: 'ESS' },
  { id: 'rHat', title: 'R-hat' },
  { id: 'seconds', title: 'time' },
];

interface Line {
  readonly label: string;
  readonly value: (id: MethodColumnId) => number | null;
  readonly ci95: (id: MethodColumnId) => number | null;
  readonly best: (id: MethodColumnId) => boolean;
  /** What an ideal method would give. */
  readonly ideal: boolean;
}

/** The methods of a run of a target, the best of each column bold, and dimmed below them what ideal methods would give. */
export function methodsTable(summary: TargetSummary, { colours }: Terminal): string[] {
  const best = bestMethods(summary);
  const lines: Line[] = [
    ...summary.methods.map((method): Line => ({
      label: oneLine(method.label, 30),
      value: (id) => valueOf(method, id),
      ci95: (id) => halfWidthOf(method, id),
      best: (id) => best.get(id)?.has(method.name) === true,
      ideal: false,
    })),
    ...summary.oracles.map((oracle): Line => ({
      // Which divergence it minimises, its name says.
      label: oneLine(oracle.name.replace(/ \(.*\)$|, KL\(.*\)$/, ''), 30),
      value: (id) => oracleValue(oracle, id),
      ci95: () => null,
      best: () => false,
      ideal: true,
    })),
  ];
  const shown = columns.filter(({ id }) => lines.some(({ value }) => value(id) !== null));
  const cells = shown.map(({ id }) => {
    const texts = alignDecimals(
      lines.map((line) => cellOf(id, line.value(id), line.ci95(id === 'gap' ? 'bound' : id))),
    );
    return lines.map((line, index) => {
      const text = texts[index] ?? '';
      return line.ideal ? colours.dim(text) : line.best(id) ? colours.bold(text) : text;
    });
  });
  const widthOf = (width: number | null): string =>
    width === null ? '' : `± ${formatNumber(width, decimalsFor(width))}`;
  const rows = lines.map((line, index) => [
    line.ideal ? colours.dim(line.label) : line.label,
    ...shown.flatMap(({ id }, column) => {
      const text = cells[column]?.[index] ?? '';
      return isBound(id) ? [text, widthOf(line.ci95(id))] : [text];
    }),
  ]);
  // Beside an upper bound "gap" would be taken for that between both.
  const sandwiched = shown.some(({ id }) => id === 'upper');
  const heads = shown.flatMap(({ id, title }) => {
    const head = { title: id === 'gap' && sandwiched ? 'below truth' : title, align: 'right' as const };
    return isBound(id) ? [head, { title: '95 %', align: 'right' as const }] : [head];
  });
  return [
    ...tableLines([{ title: 'method' }, ...heads], rows, colours.dim),
    ...(shown.some(({ id }) => id === 'heldOutLogPredictive')
      ? [
          colours.dim(
            'log p(y), right: of labels kept back, log predictive density in nats a row and share predicted right.',
          ),
        ]
      : []),
    ...(summary.oracles.length > 0
      ? [colours.dim('Dimmed: what ideal methods would give; nothing of it was trained.')]
      : []),
  ];
}

function cellOf(id: MethodColumnId, value: number | null, ci95: number | null): string {
  if (value === null) return id === 'bound' ? missing : '';
  switch (id) {
    case 'bound':
    case 'upper':
      return formatInterval(value, ci95).value;
    case 'gap':
      return formatNumber(value, Math.max(2, decimalsFor(ci95)));
    case 'ess':
      return formatCount(value);
    case 'seconds':
      return formatDuration(value);
    case 'rHat':
    case 'heldOutLogPredictive':
      return formatNumber(value, 3);
    case 'heldOutAccuracy':
      return `${formatNumber(100 * value, 1)} %`;
    default:
      return formatError(value);
  }
}
