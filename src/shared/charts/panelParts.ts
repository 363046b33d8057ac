import type { CustomSeriesOption, LineSeriesOption } from 'echarts/charts';
import { decimalsFor, formatNumber } from '../format';
import { tickRoom, type Plot } from './axes';
import { dashOf, type Mark } from './encoding';
import type { Range, View } from './figure';
import { textAt, type EndLabel, type LegendItem } from './labels';
import { areaBetween, drawn } from './marks';
import { finite } from './sandwichData';
import { escapeHtml, textWidth } from './text';
import type { ChartTheme } from './theme';
import { linearTicks, logTicks, padded, timeTicks, within, type Tick } from './ticks';

export interface PanelPoint {
  /** Greater than 0 on logarithmic axes. */
  readonly x: number;
  readonly y: number | null;
  readonly ci95?: number | null;
  /** What stands above its numbers at the pointer: "K = 1,000". */
  readonly at: string;
}

export interface PanelLine {
  /** The same line in another panel has the same. */
  readonly key: string;
  /** "≥ IWAE, q" */
  readonly label: string;
  readonly colour: (theme: ChartTheme) => string;
  readonly textColour?: (theme: ChartTheme) => string;
  readonly mark: Mark & { readonly turned?: boolean };
  /** It bounds nothing, or not what the others bound. */
  readonly weak?: boolean;
  /** Whether the intervals of its points are drawn, as a band behind it. */
  readonly band?: boolean;
  readonly points: readonly PanelPoint[];
}

export interface Panel {
  /** What tells it from the others; empty for one alone. */
  readonly title: string;
  readonly lines: readonly PanelLine[];
  readonly levels?: readonly { readonly label: string; readonly value: number; readonly dashed?: boolean }[];
  /** What of the y axis to show; everything when left out. */
  readonly range?: Range;
  /** "I(x; z), nats" */
  readonly yTitle: string;
}

export interface PanelAxis {
  readonly title: string;
  readonly scale: 'log' | 'time' | 'linear';
}

/** Every line once, though it is in several panels. */
export function distinct(all: readonly Panel[]): PanelLine[] {
  return [...new Map(all.flatMap(({ lines }) => lines.map((line) => [line.key, line] as const))).values()];
}

/** What the panel is, above its right end. */
export function heading(text: string, index: number, plot: Plot, theme: ChartTheme): CustomSeriesOption {
  const em = theme.fontSize;
  const x = plot.right - textWidth(text, em);
  return drawn(
    { id: `heading|${index}`, gridIndex: index, z: 6 },
    () => ({ type: 'group', children: [textAt(text, x, plot.top - 1.15 * em, theme.ink, theme, true)] }),
    false,
  );
}

/** Of the series that draws a line. */
export function idOf(index: number, line: PanelLine): string {
  return `${index}|${line.key}`;
}

/** Where a number lies on the axis. */
export function scaled(x: number, scale: PanelAxis['scale']): number {
  return scale === 'linear' ? x : Math.log10(Math.max(x, 1e-3));
}

/** The same for all panels. */
export function rangeX(all: readonly Panel[], scale: PanelAxis['scale']): Range {
  const values = all.flatMap(({ lines }) =>
    lines.flatMap(({ points }) => points.map(({ x }) => scaled(x, scale)).filter(Number.isFinite)),
  );
  if (values.length === 0) return [0, 1];
  if (scale === 'linear') return [Math.min(0, ...values), Math.max(...values, Math.min(...values) + 1)];
  return padded(values, 0.05, new Set(values).size < 2 ? 0.4 : 0.02);
}

export function ticksX(axis: PanelAxis, range: Range, view: View | undefined, plot: Plot, theme: ChartTheme): Tick[] {
  const shown = view === undefined ? range : within(range, view.x);
  const room = tickRoom(plot.right - plot.left, theme, { linear: 5, time: 4, log: 3.6 }[axis.scale]);
  if (axis.scale === 'linear') return linearTicks(shown, room);
  return (axis.scale === 'time' ? timeTicks : logTicks)(shown, room);
}

export function rangeY({ lines, levels = [] }: Panel): Range {
  const values = [
    ...lines.flatMap(({ points }) => points.flatMap(({ y }) => finite(y))),
    ...levels.map(({ value }) => value),
  ];
  return values.length === 0 ? [0, 1] : padded(values, 0.06, Math.max(1e-4, Math.abs(values[0] ?? 0) * 1e-4));
}

export function reaches(points: readonly PanelPoint[], [low, high]: Range): boolean {
  const values = points.flatMap(({ y }) => finite(y));
  return values.length > 0 && Math.min(...values) <= high && Math.max(...values) >= low;
}

export function seriesOf(
  line: PanelLine,
  index: number,
  scale: PanelAxis['scale'],
  theme: ChartTheme,
): LineSeriesOption {
  const colour = line.colour(theme);
  const { symbol, dash, hollow, turned } = line.mark;
  return {
    id: idOf(index, line),
    type: 'line',
    xAxisIndex: index,
    yAxisIndex: index,
    z: 4,
    data: line.points.map(({ x, y }) => [scaled(x, scale), finite(y)[0] ?? '-']),
    symbol,
    symbolRotate: turned === true ? 180 : 0,
    symbolSize: theme.fontSize * (line.points.length > 24 ? 0.25 : 0.5),
    showSymbol: line.points.length <= 60,
    showAllSymbol: true,
    lineStyle: { color: colour, width: line.weak === true ? theme.line * 0.75 : theme.line, type: dashOf(dash, theme) },
    itemStyle: { color: hollow ? theme.behind : colour, borderColor: colour, borderWidth: theme.line * 0.7 },
    emphasis: { disabled: true },
    animation: false,
    clip: true,
  };
}

/** The 95 % intervals of a line's points; nothing where it is not to have any. */
export function bandOf(
  line: PanelLine,
  index: number,
  scale: PanelAxis['scale'],
  theme: ChartTheme,
): CustomSeriesOption[] {
  if (line.band !== true) return [];
  const x = line.points.map((point) => scaled(point.x, scale));
  const end = (sign: 1 | -1) => line.points.map(({ y, ci95 }) => (y === null ? null : y + sign * (ci95 ?? 0)));
  const style = { fill: line.colour(theme), opacity: theme.bandOpacity };
  return [areaBetween({ id: `band|${idOf(index, line)}`, gridIndex: index, z: 2, ...style }, x, end(-1), end(1))];
}

/** What stands right of one panel alone; x as the data have it. */
export function labelsOf({ lines, levels = [] }: Panel, theme: ChartTheme): EndLabel[] {
  const ends = lines.flatMap((line) => {
    const end = line.points.findLast(({ y }) => finite(y).length > 0);
    if (end === undefined || end.y === null) return [];
    return [
      {
        text: line.label,
        x: end.x,
        y: end.y,
        colour: (line.textColour ?? line.colour)(theme),
        leader: line.colour(theme),
      },
    ];
  });
  const last = Math.max(1e-3, ...lines.flatMap(({ points }) => points.map(({ x }) => x)));
  return [
    ...ends,
    ...levels.map(({ label, value }) => ({ text: label, x: last, y: value, colour: theme.ink, leader: theme.truth })),
  ];
}

export function itemOf(line: PanelLine, theme: ChartTheme): LegendItem {
  const { key, label, mark } = line;
  return { key, text: label, colour: line.colour(theme), textColour: theme.ink, mark, dash: mark.dash };
}

/** The numbers beside the pointer. */
export function tip(all: readonly Panel[], series: string, index: number): string {
  const [place = '', ...rest] = series.split('|');
  const panel = all[Number(place)];
  const line = panel?.lines.find(({ key }) => key === rest.join('|'));
  const point = line?.points[index];
  if (panel === undefined || line === undefined || point === undefined) return '';
  const decimals = Math.max(2, decimalsFor(point.ci95));
  const width = typeof point.ci95 === 'number' ? `± ${formatNumber(point.ci95, decimalsFor(point.ci95))}` : '';
  const head = [panel.title, point.at].filter((text) => text !== '').join(', ');
  return `<p>${escapeHtml(head)}</p><table><tr><td>${escapeHtml(line.label)}</td><td class="value">${formatNumber(point.y, decimals)}</td><td>${width}</td></tr></table>`;
}
