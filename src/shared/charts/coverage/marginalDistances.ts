import type { CoverageCard } from '../../coverage';
import { shortNumber } from '../../coverageTexts';
import { formatCount, formatPlural } from '../../format';
import type { Figure } from '../figure';
import { byIndex } from './byIndex';

/** How far each marginal is from the one it should be, and from where on that is no chance. */
export function marginalDistances({ marginals, metrics }: CoverageCard, labels?: readonly string[]): Figure {
  const statistics = marginals?.statistics ?? [];
  const limit = marginals?.limit;
  const flagged = new Set(marginals?.flagged ?? []);
  const top = Math.max(limit ?? 0, ...statistics, 1e-6);
  const worst = statistics.indexOf(Math.max(...statistics));
  return byIndex({
    name: 'marginals',
    title: 'Marginals, Kolmogorov–Smirnov',
    description:
      statistics.length === 0
        ? ''
        : `${formatCount(flagged.size)} of ${formatPlural(statistics.length, 'dimension', 'dimensions')} off; the worst is ${worst + 1} with ${shortNumber(statistics[worst] ?? NaN)}.`,
    empty:
      statistics.length === 0
        ? (metrics['marginalWorst']?.reason ?? 'Neither exact marginals nor exact samples are known.')
        : null,
    ...{ xTitle: 'dimension', yTitle: 'largest difference of distribution functions' },
    names: statistics.map((_, index) => labels?.[index] ?? String(index + 1)),
    values: statistics,
    from: 0,
    levels: limit === undefined ? [] : [{ value: limit, label: 'chance, 99 %', dash: [4, 3] }],
    flagged,
    range: [0, 1.08 * top],
    columns: { each: 'dimension', value: 'Kolmogorov–Smirnov' },
  });
}
