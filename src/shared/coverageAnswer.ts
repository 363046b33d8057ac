import type { CoverageMetricName } from './coverage';
import { shortNumber } from './coverageTexts';
import { formatCount, formatNumber } from './format';
import type { CoverageOf } from './result';

/**
 * What a generator's card says, as one would say it to a colleague: "The model draws all 10 classes. Its items cover 61 % of the real ones,
 * where exact draws would cover 97 %: recall 0.35, precision 0.88. The Fréchet distance is 12.3, between halves of the real items 0.9."
 * Undefined where there is no card.
 */
export function coverageAnswer({
  coverage,
}: {
  readonly coverage?: readonly CoverageOf[] | undefined;
}): string | undefined {
  const card = coverage?.[0]?.card;
  if (card === undefined) return undefined;
  const of = (name: CoverageMetricName) => card.metrics[name];
  const value = (name: CoverageMetricName): number | null => of(name)?.value ?? null;
  const [found, covered, recall, precision] = (['modesFound', 'coverage', 'recall', 'precision'] as const).map(value);
  const classes = of('modesFound')?.parameters['modes'];
  const sentences: string[] = [];
  if (typeof found === 'number' && typeof classes === 'number')
    sentences.push(
      found === classes
        ? `The model draws ${classes === 1 ? 'the one class there is' : `all ${formatCount(classes)} classes`}.`
        : `The model draws ${formatCount(found)} of ${formatCount(classes)} classes.`,
    );
  if (typeof covered === 'number') {
    const expected = of('coverage')?.expected;
    sentences.push(
      `Its items cover ${percent(covered)} of the real ones${expected === undefined ? '' : `, where exact draws would cover ${percent(expected)}`}: recall ${formatNumber(recall ?? NaN, 2)}, precision ${formatNumber(precision ?? NaN, 2)}.`,
    );
  }
  const frechet = of('gaussianW2');
  if (typeof frechet?.value === 'number')
    sentences.push(
      `The Fréchet distance is ${short(frechet.value)}${frechet.floor === undefined ? '' : `, between halves of the real items ${short(frechet.floor.mean)}`}.`,
    );
  return sentences.length === 0 ? undefined : sentences.join(' ');
}

function percent(share: number): string {
  return `${formatNumber(100 * share, share < 0.1 ? 1 : 0)} %`;
}

function short(value: number): string {
  const size = Math.abs(value);
  // Further digits are rounding, or what a mistaken scale of the data makes of it.
  if (size >= 1e6 || (size > 0 && size < 1e-4)) return shortNumber(value);
  return formatNumber(value, size === 0 ? 0 : Math.min(4, Math.max(0, 1 - Math.floor(Math.log10(size)))));
}
