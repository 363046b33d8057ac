import type { Bound } from '../result';
import type { ChartTheme } from './theme';

/** How an estimator looks wherever it is drawn: a marker and a dash, for the colour says only which side it bounds. */
export interface Mark {
  readonly symbol: 'circle' | 'rect' | 'triangle' | 'diamond' | 'roundRect' | 'pin' | 'arrow';
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
  iwae: mark('circle', 1, true),
  's-infonce': mark('rect', 2, true),
  'ir-ais': mark('diamond', 3),
  ba: mark('triangle', 4, true),
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

export function sideColour(side: Bound['side'], theme: ChartTheme): string {
  return side === 'lower' ? theme.lower : side === 'upper' ? theme.upper : theme.estimate;
}

export function sideTextColour(side: Bound['side'], theme: ChartTheme): string {
  return side === 'lower' ? theme.lowerText : side === 'upper' ? theme.upperText : theme.quiet;
}

/** Dash lengths in the unit of the theme. */
export function dashOf(dash: readonly number[], theme: ChartTheme): number[] | 'solid' {
  return dash.length === 0 ? 'solid' : dash.map((length) => Number((length * theme.line).toFixed(2)));
}
