import type { CustomSeriesOption, LineSeriesOption } from 'echarts/charts';
import { dashOf, sideColour, type Look } from './encoding';
import type { Range } from './figure';
import { areaBetween, whiskers, type Whisker } from './marks';
import { finite, isBest, type SandwichData, type SandwichLine } from './sandwichData';
import type { ChartTheme } from './theme';

/** A line through the rounds. An estimate, which bounds nothing, is dotted and grey. */
export function lineSeries(
  line: SandwichLine,
  { mark: { symbol, dash, hollow }, shade }: Look,
  at: readonly number[],
  data: SandwichData,
  theme: ChartTheme,
): LineSeriesOption {
  const colour = sideColour(line.side, theme, shade);
  const weak = line.side === 'estimate';
  return {
    id: line.key,
    type: 'line',
    z: isBest(line, data) ? 5 : 4,
    data: line.bounds.map((bound, index) => [at[index] ?? 0, finite(bound?.value)[0] ?? '-']),
    symbol,
    symbolSize: theme.fontSize * (at.length > 24 ? 0.3 : 0.54),
    showAllSymbol: true,
    lineStyle: {
      color: colour,
      width: weak ? theme.line * 0.7 : theme.line,
      type: weak ? 'dotted' : dashOf(dash, theme),
    },
    itemStyle: { color: hollow || weak ? theme.behind : colour, borderColor: colour, borderWidth: theme.line * 0.7 },
    emphasis: { disabled: true },
    animation: false,
    clip: true,
  };
}

/** The room that is left, over the intervals so that it can be seen closing. */
export function gapArea(
  data: SandwichData,
  at: readonly number[],
  xRange: Range,
  theme: ChartTheme,
): CustomSeriesOption {
  const single = at.length === 1;
  const spread = <T>(values: readonly T[]): readonly T[] => (single ? [...values, ...values] : values);
  const x = single ? [...xRange] : at;
  return areaBetween({ id: 'gap', z: 2.5, fill: theme.gap }, x, spread(data.lower), spread(data.upper));
}

/** Bands along the two lines that close the bracket, whose overlap can still be read; whiskers on every point of a single round. */
export function intervals(
  data: SandwichData,
  seen: readonly SandwichLine[],
  at: readonly number[],
  theme: ChartTheme,
): CustomSeriesOption[] {
  const edge = (line: SandwichLine, sign: number): (number | null)[] =>
    line.bounds.map((bound) => {
      const [value] = finite(bound?.value);
      const [width] = finite(bound?.ci95);
      return value === undefined || width === undefined ? null : value + sign * width;
    });
  if (at.length === 1) {
    const lines = seen.flatMap((line, index): Whisker[] => {
      const [low, high] = [edge(line, -1)[0], edge(line, 1)[0]];
      if (typeof low !== 'number' || typeof high !== 'number') return [];
      return [{ x: at[0] ?? 0, low, high, stroke: sideColour(line.side, theme), shift: shiftOf(index, seen, theme) }];
    });
    return [
      whiskers({ id: 'intervals', z: 3.5, width: theme.line * 0.7, foot: theme.fontSize * 0.25, opacity: 0.7 }, lines),
    ];
  }
  return seen
    .filter((line) => isBest(line, data))
    .map((line) =>
      areaBetween(
        { id: `interval|${line.key}`, z: 2, fill: sideColour(line.side, theme), opacity: theme.bandOpacity },
        at,
        edge(line, -1),
        edge(line, 1),
      ),
    );
}

/** Points over one T stand side by side. */
export function shiftOf(index: number, lines: readonly SandwichLine[], theme: ChartTheme): number {
  return (index - (lines.length - 1) / 2) * theme.fontSize * Math.min(3, 18 / lines.length);
}
