import { boundLabels, slugOf } from '../boundNames';
import { formatCount, formatNumber } from '../format';
import type { PerDatum } from '../result';
import { numberCell } from '../tables';
import { boundLine } from './boundLines';
import { looksOf } from './encoding';
import type { Figure } from './figure';
import { panels, type PanelPoint } from './panels';

/** Points of a line, at most. */
const mostDrawn = 1000;

type DatumBounds = PerDatum['bounds'][number];

/** Bounds of one side on log p(x) of each datum, sorted by the tightest of those that all data have: which data are hard. */
export function perDatumSide({ bounds }: PerDatum): Figure {
  const label = boundLabels(bounds);
  const looks = looksOf(bounds);
  const ranked = rankedBy(bounds);
  const order = (ranked?.values ?? [])
    .flatMap((value, index) => (value === null ? [] : [{ index, value }]))
    .sort((a, b) => a.value - b.value);
  const stride = Math.max(1, Math.ceil(order.length / mostDrawn));
  const lines = bounds.map((bound, place) =>
    boundLine(
      bound.side,
      label(bound),
      looks(bound),
      String(place),
      order.flatMap(({ index }, rank): PanelPoint[] => {
        const y = bound.values[index] ?? null;
        // Chains are run for some of the data only.
        if (y === null || rank % stride !== 0) return [];
        return [{ x: rank + 1, y, at: `datum ${formatCount(index + 1)}` }];
      }),
    ),
  );
  const [first, last] = [order[0], order.at(-1)];
  return panels({
    name: 'per-datum',
    title: 'Bounds on log p(x) of each datum',
    description:
      ranked === undefined || first === undefined || last === undefined
        ? ''
        : `Bounds on log p(x) of ${formatCount(order.length)} data, sorted by ${label(ranked)}: from ${formatNumber(first.value)} of datum ${formatCount(first.index + 1)} to ${formatNumber(last.value)} nats of datum ${formatCount(last.index + 1)}.`,
    empty: order.length === 0 ? 'No datum has finite bounds.' : null,
    panels: [{ title: '', yTitle: 'log p(x), nats', lines }],
    x: { title: 'data, the least likely first', scale: 'linear' },
    rows: () => ({
      columns: [
        { name: 'datum', label: 'datum', numeric: true },
        ...bounds.map((bound) => ({
          name: `${slugOf(bound, label(bound))}_${bound.side}_nats`,
          label: `${label(bound)} ${bound.side}`,
          unit: 'nats',
          numeric: true,
        })),
      ],
      rows: order.map(({ index }) => [
        numberCell(index + 1, 0),
        ...bounds.map(({ values }) => numberCell(values[index] ?? null)),
      ]),
    }),
  });
}

/** The tightest on average among those of the most data. */
function rankedBy(bounds: readonly DatumBounds[]): DatumBounds | undefined {
  const known = bounds.map((bound) => ({ bound, own: bound.values.filter((value) => value !== null) }));
  const most = Math.max(...known.map(({ own }) => own.length));
  const mean = (own: readonly number[]): number => own.reduce((total, value) => total + value, 0) / own.length;
  return known
    .filter(({ own }) => own.length === most)
    .sort((a, b) => (a.bound.side === 'lower' ? mean(b.own) - mean(a.own) : mean(a.own) - mean(b.own)))[0]?.bound;
}
