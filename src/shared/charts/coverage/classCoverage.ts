import type { CoverageCard } from '../../coverage';
import { modeName, shortNumber } from '../../coverageTexts';
import { formatList } from '../../format';
import type { Figure } from '../figure';
import { byIndex } from './byIndex';

/** A class whose real items are covered less than this share of what is expected is missing. */
const missing = 0.5;

/** Of each class's real items: the share that has a generated one near, against what two draws of the same law would have. */
export function classCoverageBars(card: CoverageCard): Figure {
  const values = card.classCoverage ?? [];
  const expected = card.metrics['coverage']?.expected;
  const names = values.map((_, index) => modeName(card, index));
  const flagged = missingClasses(card);
  return byIndex({
    name: 'class-coverage',
    title: 'Coverage by class',
    description:
      flagged.length === 0
        ? 'No class is covered less than half of what is expected.'
        : `Covered less than half of what is expected: ${formatList(flagged.map((index) => `${names[index] ?? ''} (${shortNumber(values[index] ?? NaN)})`))}.`,
    empty: values.length === 0 ? 'The real items have no labels.' : null,
    ...{ xTitle: 'class', yTitle: 'share of real items covered' },
    names,
    values,
    from: 0,
    levels:
      expected === undefined
        ? []
        : [
            { value: expected, label: 'expected' },
            { value: missing * expected, label: 'missing below', dash: [4, 3] },
          ],
    flagged: new Set(flagged),
    range: [0, 1.04],
    lying: values.length <= 24,
    columns: { each: 'class', value: 'coverage' },
  });
}

/** Classes of the reference that generated items leave out. */
export function missingClasses({ classCoverage = [], metrics }: CoverageCard): number[] {
  const expected = metrics['coverage']?.expected ?? 1;
  return classCoverage.flatMap((value, index) => (value !== null && value < missing * expected ? [index] : []));
}
