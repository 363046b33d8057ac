import { oneLine } from '../../shared/errors';
import { formatCount, formatDuration, formatNumber } from '../../shared/format';
import { formatError } from '../../shared/targetRun/answer';
import type { MethodSummary, TargetSummary } from '../../shared/targetRun/summary';
import { alignDecimals, tableLines } from './table';
import type { Terminal } from './terminal';

interface Column {
  readonly title: string;
  readonly text: (method: MethodSummary) => string;
}

const some = (value: number | null, text: (value: number) => string): string => (value === null ? '' : text(value));

const columns: readonly Column[] = [
  {
    title: 'modes',
    text: ({ modesFound, modes }) =>
      modesFound === null || modes === null ? '' : `${formatCount(modesFound)} of ${formatCount(modes)}`,
  },
  { title: 'weights ±', text: ({ weightError }) => some(weightError, (value) => formatNumber(value, 3)) },
  { title: 'MMD²', text: ({ mmd }) => some(mmd, (value) => formatNumber(value, 4)) },
  { title: 'W2', text: ({ wasserstein }) => some(wasserstein, formatError) },
  { title: 'in hole', text: ({ insideHole }) => some(insideHole, (value) => `${formatNumber(100 * value, 1)} %`) },
  { title: 'ESS', text: ({ ess }) => some(ess, formatCount) },
  { title: 'time', text: ({ seconds }) => some(seconds, formatDuration) },
  { title: 'gradients', text: ({ gradientEvaluations }) => some(gradientEvaluations, formatCount) },
];

/** How well the draws of each method cover the target; nothing where no method's were held against it. */
export function coverageTable({ methods }: Pick<TargetSummary, 'methods'>, { colours }: Terminal): string[] {
  const covered = methods.filter(({ modesFound, mmd }) => modesFound !== null || mmd !== null);
  if (covered.length === 0) return [];
  const shown = columns
    .map(({ title, text }) => ({ title, texts: alignDecimals(covered.map(text)) }))
    .filter(({ texts }) => texts.some((text) => text.trim() !== ''));
  return [
    ...tableLines(
      [{ title: 'draws of' }, ...shown.map(({ title }) => ({ title, align: 'right' as const }))],
      covered.map(({ label }, row) => [oneLine(label, 30), ...shown.map(({ texts }) => texts[row] ?? '')]),
      colours.dim,
    ),
    colours.dim('weights ±: total variation of mode weights; MMD², W2: from exact samples.'),
    ...(covered.some(({ insideHole }) => insideHole !== null)
      ? [colours.dim('in hole: draws where the target is cut out.')]
      : []),
  ];
}
