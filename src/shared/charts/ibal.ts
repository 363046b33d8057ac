import { isAnnealed } from '../boundNames';
import { decimalsFor } from '../format';
import { estimatorLabel, quantityLabel } from '../labels';
import type { Bound } from '../result';
import type { RunPoint } from '../runRecord';
import { numberCell, textCell, type DataTable } from '../tables';
import { annealedRounds, boundLine, temperaturesText } from './boundLines';
import { markOf } from './encoding';
import type { Figure } from './figure';
import { panels, type PanelLine, type PanelPoint } from './panels';
import { finite, sandwichData, type SandwichData } from './sandwichData';
import { sandwichRange } from './sandwichRange';
import type { ChartTheme } from './theme';

/**
 * Both ends of each critic's IBAL against the number of temperatures, beside the bounds of annealed chains on I(x; z). IBAL is below
 * I(x; z), so its upper end is drawn as what it is, an end of IBAL: in the critic's own hue and dashed, never as a bound on I(x; z).
 */
export function ibal({ points, truth = null }: { points: readonly RunPoint[]; truth?: number | null }): Figure {
  const own = annealedRounds(points, 'ibal');
  const critics = [...new Set(own.flatMap(({ bounds }) => bounds.map(criticOf)))];
  const mi = sandwichData(
    annealedRounds(points, 'mi').map((round) => ({
      ...round,
      bounds: round.bounds.filter(({ estimator }) => estimator !== 'ibal'),
    })),
    'mi',
  );
  const lines = [...(['upper', 'lower'] as const).flatMap((side) => onMi(mi, side)), ...critics.flatMap(ofCritic)];
  const ends = own.flatMap(({ bounds }) => bounds.flatMap(({ value }) => finite(value)));
  // The lower ends start at the Barber–Agakov bound, and the upper ones anywhere above.
  const last = (own.at(-1)?.bounds ?? []).flatMap(({ value }) => finite(value));
  const range = sandwichRange(mi, [...finite(truth), ...last]);
  const low = Math.min(range[0], ...last, ...ends.filter((value) => value >= 0));
  return panels({
    name: 'ibal',
    title: 'IBAL of each critic beside I(x; z)',
    description: `Lower and upper ends of the implicit Barber–Agakov bound of ${critics.join(', ')} against temperatures. It is itself below I(x; z): its upper end bounds IBAL alone.`,
    empty: critics.length === 0 ? 'No critic was annealed to.' : null,
    panels: [
      {
        title: '',
        yTitle: `${quantityLabel('mi')} and ${quantityLabel('ibal')}, nats`,
        lines,
        levels: finite(truth).map((value) => ({ label: 'truth', value })),
        range: [low - 0.04 * (range[1] - low), Math.max(range[1], ...last)],
      },
    ],
    x: { title: 'temperatures T', scale: 'log' },
    rows: () => table(points),
  });

  function ofCritic(critic: string, index: number): PanelLine[] {
    return (['upper', 'lower'] as const).map((side): PanelLine => {
      const colour = (theme: ChartTheme): string => theme.runs[(index + 1) % theme.runs.length] ?? theme.ink;
      return {
        key: `ibal|${side}|${critic}`,
        label: `IBAL of ${critic}, ${side} end`,
        colour,
        mark: { ...markOf('ibal'), dash: [3, 2], hollow: side === 'upper', turned: side === 'upper' },
        weak: true,
        points: own.map(({ temperatures, bounds }): PanelPoint => {
          const bound = mostSamples(bounds.filter((one) => one.side === side && criticOf(one) === critic));
          const [y = null, ci95 = null] = [bound?.value, bound?.ci95];
          return { x: temperatures, y, ci95, at: temperaturesText(temperatures) };
        }),
      };
    });
  }
}

/** The tightest annealed bound on I(x; z) of each round. */
function onMi(mi: SandwichData, side: 'lower' | 'upper'): PanelLine[] {
  if (mi.lines.length === 0) return [];
  const points = mi.points.map(({ temperatures, bounds }, index): PanelPoint => {
    const y = mi[side][index] ?? null;
    const ci95 = bounds.find((bound) => bound.side === side && bound.value === y)?.ci95 ?? null;
    return { x: temperatures, y, ci95, at: temperaturesText(temperatures) };
  });
  const look = { mark: markOf('im-ais'), shade: 0 };
  return [boundLine(side, `AIS on ${quantityLabel('mi')}`, look, `mi|${side}`, points)];
}

function criticOf({ critic, base }: Bound): string {
  return critic ?? base ?? 'the critic';
}

/** Of several K the most, whose ends are the closest. */
function mostSamples(bounds: readonly Bound[]): Bound | undefined {
  return [...bounds].sort((a, b) => (b.samples ?? 0) - (a.samples ?? 0))[0];
}

function table(points: readonly RunPoint[]): DataTable {
  const nats = { unit: 'nats', numeric: true };
  return {
    columns: [
      { name: 'temperatures', label: 'temperatures', numeric: true },
      { name: 'quantity', label: 'quantity', numeric: false },
      { name: 'estimator', label: 'estimator', numeric: false },
      { name: 'critic', label: 'critic', numeric: false },
      { name: 'samples', label: 'K', numeric: true },
      { name: 'side', label: 'side', numeric: false },
      { name: 'value_nats', label: 'value', ...nats },
      { name: 'ci95_nats', label: '± 95 %', ...nats },
    ],
    rows: [...points]
      .sort((a, b) => a.temperatures - b.temperatures)
      .flatMap(({ temperatures, bounds }) =>
        bounds
          .filter((bound) => (bound.quantity === 'mi' || bound.quantity === 'ibal') && isAnnealed(bound))
          .map((bound) => [
            numberCell(temperatures, 0),
            textCell(quantityLabel(bound.quantity)),
            textCell(estimatorLabel(bound.estimator)),
            textCell(bound.critic ?? ''),
            numberCell(bound.samples ?? null, 0),
            textCell(bound.side),
            numberCell(bound.value, Math.max(2, decimalsFor(bound.ci95))),
            numberCell(bound.ci95, decimalsFor(bound.ci95)),
          ]),
      ),
  };
}
