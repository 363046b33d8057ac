import type { CustomSeriesOption, LineSeriesOption } from 'echarts/charts';
import { formatCount, formatNumber } from '../format';
import { quantityLabel } from '../labels';
import { styleOf, type RunStyle } from '../compare/styles';
import type { RunPoint, RunQuantity } from '../runRecord';
import { cellText, numberCell, textCell, type Cell, type DataTable } from '../tables';
import { gridOf, plotArea, tickRoom, xAxis, yAxis, type Axis } from './axes';
import { baseOption } from './base';
import type { ChartOption, Figure, Range, Size, View } from './figure';
import { itemTooltip, zoom } from './interaction';
import { endLabelRoom, endLabels, legend, legendLayout, type EndLabel, type LegendItem } from './labels';
import { areaBetween, level } from './marks';
import { finite, gapAt, gapDecimals, sandwichData, type SandwichData, type SandwichLine } from './sandwichData';
import { sandwichRange } from './sandwichRange';
import { escapeHtml, shortened } from './text';
import type { ChartTheme } from './theme';
import { linearTicks, logTicks, padded, timeTicks, within } from './ticks';

/** Runs are named at their ends up to here, in a legend up to `mostInLegend`, and beside the pointer from there on. */
const mostDirectLabels = 6;
const mostInLegend = 24;

export interface ComparedRun {
  readonly id: string;
  readonly label: string;
  readonly points: readonly RunPoint[];
  readonly truth?: number | null;
  /** How it is drawn wherever it is compared; by its place in the list when left out. */
  readonly style?: RunStyle;
}

export interface CompareInput {
  readonly runs: readonly ComparedRun[];
  readonly quantity: RunQuantity;
  readonly x?: 'temperatures' | 'time';
}

interface Compared {
  readonly run: ComparedRun;
  readonly data: SandwichData;
  readonly index: number;
}

/** The best bounds of several runs over each other. Colour and dash belong to the run; the side is told by the marker's direction. */
export function compare(input: CompareInput): Figure {
  const by = input.x === 'time' ? 'seconds' : 'temperatures';
  const all = input.runs.map((run, index) => ({ run, index, data: sandwichData(run.points, input.quantity, by) }));
  const subject = quantityLabel(input.quantity);
  const drawable = all.some(({ data }) => [...data.lower, ...data.upper].some((value) => finite(value).length > 0));
  return {
    name: 'compare',
    title: `Bounds on ${subject} of ${formatCount(all.length)} runs`,
    description: `Best bounds on ${subject} of ${formatCount(all.length)} runs: ${all.slice(0, 8).map(sentence).join('; ')}.`,
    empty: drawable ? null : 'None of these runs has a bound yet.',
    aspect: 0.72,
    zoomable: true,
    steps: null,
    option: (theme, size, view) => option(all, input, theme, size, view),
    rows: () => table(all),
  };
}

/** The y axis that small multiples share, so that they can be compared by eye. */
export function sharedRange(runs: readonly ComparedRun[], quantity: RunQuantity): Range {
  const ranges = runs
    .filter(({ points }) => points.length > 0)
    .map(({ points, truth }) => sandwichRange(withoutIntervals(sandwichData(points, quantity)), finite(truth)));
  if (ranges.length === 0) return [0, 1];
  return [Math.min(...ranges.map(([low]) => low)), Math.max(...ranges.map(([, high]) => high))];
}

/** Over each other only the bounds themselves are drawn. */
function withoutIntervals(data: SandwichData): SandwichData {
  const bare = (line: SandwichLine): SandwichLine => ({
    ...line,
    bounds: line.bounds.map((bound) => bound && { ...bound, ci95: null }),
  });
  const { lower, upper } = data.best;
  // What is drawn are the tightest of each round; a loose estimator needs no room.
  return { ...data, lines: [], best: { lower: lower && bare(lower), upper: upper && bare(upper) } };
}

function colourOf({ run, index }: Compared, theme: ChartTheme): string {
  return theme.runs[(run.style ?? styleOf(index)).hue % theme.runs.length] ?? theme.ink;
}

/** Lengths of ink and gap in the unit of the theme; the styles have them for lines of 1.5 pixels. */
function dashesOf({ run, index }: Compared, theme: ChartTheme): number[] {
  const { dash } = run.style ?? styleOf(index);
  return dash === '' ? [] : dash.split(' ').map((length) => (Number(length) * theme.line) / 1.5);
}

function option(
  all: readonly Compared[],
  input: CompareInput,
  theme: ChartTheme,
  size: Size,
  view?: View,
): ChartOption {
  const em = theme.fontSize;
  const positions = all.flatMap(({ data }) => data.points.map((point) => position(point, input)));
  const xRange = padded(positions.length === 0 ? [0] : positions, 0.05, new Set(positions).size < 2 ? 0.4 : 0.02);
  const yRange = sharedRange(input.runs, input.quantity);
  const truths = new Set(input.runs.flatMap(({ truth }) => finite(truth)));
  const direct = all.length <= mostDirectLabels;
  const labels = direct ? all.flatMap((one) => labelsOf(one, input, theme, lettersIn(size, theme))) : [];
  const items = direct || all.length > mostInLegend ? [] : all.map((one) => legendItem(one, theme));
  const below = legendLayout(items, size.width, theme).height;
  const makeTicks = input.x === 'time' ? timeTicks : logTicks;
  const y: Axis = {
    title: `${quantityLabel(input.quantity)}, nats`,
    range: yRange,
    ticks: linearTicks(
      view === undefined ? yRange : within(yRange, view.y),
      tickRoom(size.height - below - 5.6 * em, theme, 4),
    ),
  };
  const plot = plotArea(size, theme, y, {
    right: endLabelRoom(
      labels.map(({ text }) => text),
      theme,
    ),
    below,
  });
  const x: Axis = {
    title: input.x === 'time' ? 'computing time' : 'temperatures T',
    range: xRange,
    ticks: makeTicks(
      view === undefined ? xRange : within(xRange, view.x),
      tickRoom(plot.right - plot.left, theme, 3.6),
    ),
  };
  return {
    ...baseOption(theme),
    grid: gridOf(plot, size),
    xAxis: xAxis(x, theme),
    yAxis: yAxis(y, theme, 0, plot.left - em * 0.7),
    ...zoom(view),
    tooltip: itemTooltip((series, index) => tip(all, series, index)),
    series: [
      ...[...truths]
        .slice(0, 1)
        .map((truth) => level({ id: 'truth', z: 3, stroke: theme.truth, width: theme.hairline }, truth, xRange)),
      ...all.flatMap((one) => sandwichOf(one, input, theme, all.length)),
      endLabels(labels, plot, theme),
      ...(items.length === 0 ? [] : [legend(items, 0.4 * em, size.height - below, size.width, theme)]),
    ],
  };
}

function position(point: RunPoint, { x }: CompareInput): number {
  return Math.log10(x === 'time' ? Math.max(point.seconds, 1e-3) : Math.max(point.temperatures, 1));
}

function sandwichOf(
  one: Compared,
  input: CompareInput,
  theme: ChartTheme,
  count: number,
): (CustomSeriesOption | LineSeriesOption)[] {
  const { data, run } = one;
  const at = data.points.map((point) => position(point, input));
  const colour = colourOf(one, theme);
  const dash = dashesOf(one, theme);
  // Beyond a few, areas would only darken each other.
  const area =
    count <= mostDirectLabels
      ? [
          areaBetween(
            { id: `gap|${run.id}`, z: 1, fill: colour, opacity: theme.bandOpacity },
            at,
            data.lower,
            data.upper,
          ),
        ]
      : [];
  const side = (name: 'lower' | 'upper'): LineSeriesOption => ({
    id: `${name}|${run.id}`,
    type: 'line',
    z: 4,
    data: data[name].map((value, round) => [at[round] ?? 0, finite(value)[0] ?? '-']),
    symbol: 'triangle',
    symbolRotate: name === 'upper' ? 180 : 0,
    symbolSize: theme.fontSize * (count > mostInLegend ? 0.35 : 0.5),
    showAllSymbol: true,
    lineStyle: {
      color: colour,
      width: count > mostInLegend ? theme.line * 0.6 : theme.line,
      type: dash.length === 0 ? 'solid' : dash,
    },
    itemStyle: { color: colour },
    emphasis: { disabled: true },
    animation: false,
    clip: true,
  });
  return [...area, side('lower'), side('upper')];
}

/** Letters of a name at the end of its line: a quarter of the width, but enough to tell runs apart in one column of a paper. */
function lettersIn(size: Size, theme: ChartTheme): number {
  return Math.max(22, Math.min(40, Math.floor(size.width / (4 * 0.6 * theme.fontSize))));
}

function labelsOf(one: Compared, input: CompareInput, theme: ChartTheme, mostLetters: number): EndLabel[] {
  const { run, data } = one;
  const last = data.points.length - 1;
  const point = data.points[last];
  const [low] = finite(data.lower[last]);
  const [high] = finite(data.upper[last]);
  const middle = low !== undefined && high !== undefined ? (low + high) / 2 : (low ?? high);
  if (point === undefined || middle === undefined) return [];
  const colour = colourOf(one, theme);
  const text = shortened(run.label, mostLetters);
  return [{ text, x: position(point, input), y: middle, colour: theme.ink, leader: colour }];
}

function legendItem(one: Compared, theme: ChartTheme): LegendItem {
  const text = shortened(one.run.label, 32);
  const dash = dashesOf(one, theme).map((length) => length / theme.line);
  return { key: one.run.id, text, colour: colourOf(one, theme), textColour: theme.ink, mark: null, dash };
}

function sentence({ run, data }: Compared): string {
  const last = data.points.length - 1;
  const gap = gapAt(data, last);
  const [low] = finite(data.lower[last]);
  const [high] = finite(data.upper[last]);
  if (gap !== null && low !== undefined && high !== undefined) {
    const decimals = Math.max(2, gapDecimals(gap));
    return `${run.label} between ${formatNumber(low, decimals)} and ${formatNumber(high, decimals)} nats`;
  }
  if (low !== undefined) return `${run.label} at least ${formatNumber(low)} nats`;
  return high === undefined ? `${run.label} without a bound` : `${run.label} at most ${formatNumber(high)} nats`;
}

function cells(data: SandwichData, round: number): { low: Cell; high: Cell; gap: Cell } {
  const gap = gapAt(data, round);
  const decimals = Math.max(2, gapDecimals(gap));
  return {
    low: numberCell(data.lower[round] ?? null, decimals),
    high: numberCell(data.upper[round] ?? null, decimals),
    gap: numberCell(gap, gapDecimals(gap)),
  };
}

function table(all: readonly Compared[]): DataTable {
  const nats = { unit: 'nats', numeric: true };
  return {
    columns: [
      { name: 'run', label: 'run', numeric: false },
      { name: 'temperatures', label: 'temperatures', numeric: true },
      { name: 'seconds', label: 'time', unit: 's', numeric: true },
      { name: 'lower_nats', label: 'lower', ...nats },
      { name: 'upper_nats', label: 'upper', ...nats },
      { name: 'gap_nats', label: 'gap', ...nats },
    ],
    rows: all.flatMap(({ run, data }) =>
      data.points.map((point, round) => {
        const { low, high, gap } = cells(data, round);
        return [textCell(run.label), numberCell(point.temperatures, 0), numberCell(point.seconds, 1), low, high, gap];
      }),
    ),
  };
}

function tip(all: readonly Compared[], series: string, round: number): string {
  const id = series.slice(series.indexOf('|') + 1);
  const found = all.find(({ run }) => run.id === id);
  const point = found?.data.points[round];
  if (found === undefined || point === undefined) return '';
  const { low, high, gap } = cells(found.data, round);
  const row = (name: string, relation: string, cell: Cell): string =>
    `<tr><td>${name}</td><td>${relation}</td><td class="value">${cellText(cell)}</td></tr>`;
  return `<p>${escapeHtml(found.run.label)}, ${formatCount(point.temperatures)} temperatures</p><table>${row('upper', '≤', high)}${row('lower', '≥', low)}${row('gap', '', gap)}</table>`;
}
