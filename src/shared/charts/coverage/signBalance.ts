import type { CoverageOf } from '../../result';
import { shortNumber } from '../../coverageTexts';
import { formatList, formatPlural } from '../../format';
import type { Figure } from '../figure';
import { byIndex } from './byIndex';

/** Quantile of a normal: one coordinate in a hundred of an exact sampler lies outside. */
const quantile = 2.58;

/** The share of positive draws of each coordinate against what it should be, with the band of exact samples. */
export function signBalance({ card, view }: CoverageOf): Figure {
  const { share = [], expected = [] } = view?.balance ?? {};
  const widths = expected.map((p) => quantile * Math.sqrt((p * (1 - p)) / Math.max(1, card.samples)));
  const flagged = new Set(
    share.flatMap((value, index) =>
      Math.abs(value - (expected[index] ?? NaN)) > (widths[index] ?? NaN) ? [index] : [],
    ),
  );
  const low = expected.map((p, index) => p - (widths[index] ?? 0));
  const high = expected.map((p, index) => p + (widths[index] ?? 0));
  const all = [...share, ...low, ...high];
  const [least, most] = [Math.min(0.5, ...all), Math.max(0.5, ...all)];
  const pad = 0.12 * Math.max(0.02, most - least);
  return byIndex({
    name: 'sign-balance',
    title: 'Balance of signs',
    description:
      flagged.size === 0
        ? `${formatPlural(share.length, 'coordinate', 'coordinates')}, none further from its balance than exact samples would be.`
        : `Off balance: ${formatList([...flagged].slice(0, 8).map((index) => `coordinate ${index + 1} (${shortNumber(share[index] ?? NaN)})`))}.`,
    empty: share.length === 0 ? 'The modes are no patterns of signs.' : null,
    ...{ xTitle: 'coordinate', yTitle: 'share of positive draws' },
    names: share.map((_, index) => String(index + 1)),
    values: share,
    from: expected,
    band: { low, high, label: 'exact, 99 %' },
    flagged,
    range: [Math.max(0, least - pad), Math.min(1, most + pad)],
    columns: { each: 'coordinate', value: 'share of positive draws', from: 'expected' },
  });
}
