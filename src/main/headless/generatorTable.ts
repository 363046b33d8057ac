import { oneLine } from '../../shared/errors';
import { coverageLabel, coverageNumber, halfWidthOf, modeName } from '../../shared/coverageTexts';
import { headlineOf, metricOf } from '../../shared/coverageTables';
import { formatNumber, missing } from '../../shared/format';
import type { Result } from '../../shared/result';
import { alignDecimals, tableLines } from './table';
import type { Terminal } from './terminal';

/** More classes than these are not listed one by one. */
const mostClasses = 40;

/** What a generator's card shows first, with what exact draws would have, and its classes beside the real ones. */
export function generatorTable(
  { coverage = [], metrics }: Pick<Result, 'coverage' | 'metrics'>,
  { colours }: Terminal,
): string[] {
  const card = coverage[0]?.card;
  if (card === undefined) return [];
  const right = 'right' as const;
  const rows = headlineOf(card).map((name) => {
    const metric = metricOf(card, name);
    const exact = metric.expected ?? metric.floor?.mean;
    return [
      // The modes of a generator are classes.
      coverageLabel(name).replace('Modes', 'Classes').replace('Mode weights', 'Class shares'),
      coverageNumber(name, metric.value, halfWidthOf(metric)),
      exact === undefined ? '' : coverageNumber(name, exact),
    ];
  });
  const accuracy = metrics['classifierAccuracyOnReference'];
  if (typeof accuracy === 'number') rows.push(['Classifier right on real items', formatNumber(accuracy, 4), '']);
  return [
    ...tableLines(
      [{ title: 'metric' }, { title: 'value', align: right }, { title: 'exact', align: right }],
      rows,
      colours.dim,
    ),
    ...classLines(card, colours.dim),
  ];
}

type Card = NonNullable<Result['coverage']>[number]['card'];

function classLines(card: Card, dim: (text: string) => string): string[] {
  const { modes, classCoverage } = card;
  if (modes === undefined || modes.weights.length > mostClasses) return [];
  const share = (values: readonly (number | null | undefined)[]): string[] =>
    alignDecimals(values.map((value) => (typeof value === 'number' ? formatNumber(value, 3) : missing)));
  const columns = [
    { title: 'drawn', texts: share(modes.raw) },
    { title: 'real', texts: share(modes.weights) },
    ...(classCoverage === undefined ? [] : [{ title: 'covered', texts: share(classCoverage) }]),
  ];
  return [
    '',
    ...tableLines(
      [{ title: 'class' }, ...columns.map(({ title }) => ({ title, align: 'right' as const }))],
      modes.weights.map((_, k) => [oneLine(modeName(card, k), 30), ...columns.map(({ texts }) => texts[k] ?? '')]),
      dim,
    ),
  ];
}
