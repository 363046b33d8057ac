import { formatNumber } from '../../format';
import type { Series } from '../../result';
import { numberCell } from '../../tables';
import type { Figure } from '../figure';
import { panels } from '../panels';
import { padded } from '../ticks';

/** What a trained chain learned for each of its transitions: inverse temperatures and step sizes. */
export function learnedTransitions(series: readonly Series[]): Figure {
  const own = series.filter(({ x }) => x.label === 'transition');
  const x = own[0]?.x.values ?? [];
  return panels({
    name: 'learned-transitions',
    title: 'Learned transitions',
    description: own
      .map(({ y }) => {
        const known = y.values.filter((value) => value !== null);
        return `${y.label} from ${formatNumber(known[0], 3)} to ${formatNumber(known.at(-1), 3)}`;
      })
      .join('; '),
    empty: own.length === 0 ? 'The bound that was trained has no transitions.' : null,
    panels:
      own.length === 0
        ? [{ title: '', yTitle: '', lines: [] }]
        : own.map(({ name, y }) => ({
            title: '',
            yTitle: y.label,
            lines: [
              {
                ...{ key: name, label: y.label, weak: true },
                mark: { symbol: 'circle', dash: [], hollow: false },
                colour: (theme) => theme.ink,
                points: y.values.map((value, index) => ({
                  ...{ x: x[index] ?? index + 1, y: value, at: `transition ${x[index] ?? index + 1}` },
                })),
              },
            ],
            range: padded([0, ...y.values.filter((value) => value !== null)], 0.04, 1e-4),
          })),
    x: { title: 'transition', scale: 'linear' },
    rows: () => ({
      columns: [
        { name: 'transition', label: 'transition', numeric: true },
        ...own.map(({ y }) => ({ name: y.label.replaceAll(' ', '_'), label: y.label, numeric: true })),
      ],
      rows: x.map((k, index) => [numberCell(k, 0), ...own.map(({ y }) => numberCell(y.values[index] ?? null, 4))]),
    }),
  });
}
