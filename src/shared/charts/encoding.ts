import type { BoundName } from '../boundNames';
import type { Bound } from '../result';
import type { ChartTheme } from './theme';

/** How an estimator looks wherever it is drawn: a marker and a dash, for the colour says only which side it bounds. */
export interface Mark {
  readonly symbol: 'circle' | 'rect' | 'triangle' | 'diamond' | 'roundRect' | 'pin' | 'arrow' | 'cross';
  /** Lengths of ink and gap in widths of the line; empty for a solid line. */
  readonly dash: readonly number[];
  readonly hollow: boolean;
}

const solid: readonly number[] = [];
const dashes: readonly (readonly number[])[] = [solid, [5, 3], [1.5, 2.5], [6, 2.5, 1.5, 2.5], [9, 4], [3, 3]];
const symbols: readonly Mark['symbol'][] = ['circle', 'triangle', 'rect', 'diamond'];

const known: Readonly<Record<string, Mark>> = {
  'im-ais': mark('circle', 0),
  'cr-ais': mark('triangle', 0),
  bdmc: mark('diamond', 1),
  ais: mark('rect', 2),
  'ir-ais': mark('diamond', 3),
  iwae: mark('circle', 1, true),
  riwae: mark('diamond', 3, true),
  's-infonce': mark('rect', 2, true),
  infonce: mark('rect', 5, true),
  giwae: mark('circle', 4),
  ba: mark('triangle', 4, true),
  ibal: mark('triangle', 3),
  'mine-f': mark('diamond', 2, true),
  'gmine-f': mark('diamond', 5, true),
  'mine-dv': mark('circle', 2, true),
  'gmine-dv': mark('rect', 4, true),
};

/** The same estimator always looks the same; one that is not known yet looks the same within a session of names. */
export function markOf(estimator: string): Mark {
  const found = known[estimator];
  if (found !== undefined) return found;
  let hash = 7;
  for (const character of estimator) hash = (hash * 31 + character.charCodeAt(0)) % 9973;
  return mark(symbols[hash % symbols.length] ?? 'circle', 1 + (hash % (dashes.length - 1)), hash % 2 === 1);
}

function mark(symbol: Mark['symbol'], dash: number, hollow = false): Mark {
  return { symbol, dash: dashes[dash] ?? solid, hollow };
}

/** How one of several bounds looks: those of one estimator share its dash and differ in marker and in the shade of the side's colour. */
export interface Look {
  readonly mark: Mark;
  /** Index into the shades of the side. */
  readonly shade: number;
}

/**
 * Looks of bounds that stand together. A second base or critic has the same marker hollow or filled, a third another marker; the most
 * samples have the full colour, fewer a shade of it. No hue or shade alone tells two lines apart: names stand at their ends.
 */
export function looksOf(bounds: readonly BoundName[]): (bound: BoundName) => Look {
  const groups = Map.groupBy(bounds, ({ estimator }) => estimator);
  const from = ({ base, critic }: BoundName): string => `${base ?? ''}|${critic ?? ''}`;
  return (bound) => {
    const siblings = groups.get(bound.estimator) ?? [bound];
    const sources = [...new Set(siblings.map(from))];
    const counts = [...new Set(siblings.map(({ samples }) => samples ?? 0))].sort((a, b) => b - a);
    const [source, rank] = [Math.max(0, sources.indexOf(from(bound))), Math.max(0, counts.indexOf(bound.samples ?? 0))];
    const own = markOf(bound.estimator);
    const turn = 2 * Math.floor(source / 2);
    const symbol = symbols[(symbols.indexOf(own.symbol) + turn) % symbols.length] ?? own.symbol;
    return { mark: { ...own, symbol, hollow: own.hollow !== (source % 2 === 1) }, shade: rank % shadeCount };
  };
}

/** Shades of each side's colour in a theme. */
const shadeCount = 3;

export function sideColour(side: Bound['side'], theme: ChartTheme, shade = 0): string {
  if (side === 'estimate') return theme.estimate;
  const shades = side === 'lower' ? theme.lowerShades : theme.upperShades;
  return shade === 0 ? theme[side] : (shades[shade - 1] ?? theme[side]);
}

export function sideTextColour(side: Bound['side'], theme: ChartTheme): string {
  return side === 'lower' ? theme.lowerText : side === 'upper' ? theme.upperText : theme.quiet;
}

/** Dash lengths in the unit of the theme. */
export function dashOf(dash: readonly number[], theme: ChartTheme): number[] | 'solid' {
  return dash.length === 0 ? 'solid' : dash.map((length) => Number((length * theme.line).toFixed(2)));
}
