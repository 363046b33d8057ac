import type { CustomSeriesOption, LineSeriesOption } from 'echarts/charts';
import { formatCount, formatDuration, formatNumber } from '../format';
import { estimatorLabel, quantityLabel, sideLabels } from '../labels';
import type { Quantity } from '../result';
import type { RunPoint } from '../runRecord';
import { gridOf, plotArea, tickRoom, xAxis, yAxis, type Axis } from './axes';
import { dashOf, markOf, sideColour, sideTextColour } from './encoding';
import type { ChartOption, Figure, Range, Size, View } from './figure';
import { endLabelRoom, endLabels, legend, legendLayout, type EndLabel, type LegendItem } from './labels';
import { areaBetween, level, whiskers, type Whisker } from './marks';
import {
  boundDecimals,
  finite,
  gapAt,
  gapDecimalsAt,
  isBest,
  sandwichData,
  type SandwichData,
  type SandwichLine,
} from './sandwichData';
import { sandwichRange } from './sandwichRange';
import { sandwichTable, sandwichTip } from './sandwichTable';
import type { ChartTheme } from './theme';
import { linearTicks, logTicks, padded, timeTicks, within } from './ticks';
import { axisTooltip, zoom } from './interaction';

/** Up to so many lines are named at their ends; more get a legend. */
export const mostDirectLabels = 6;

export interface SandwichInput {
  readonly points: readonly RunPoint[];
  readonly quantity: Quantity;
  readonly truth?: number | null;
  /** The closed form for these very data, which their bounds bracket far more closely. */
  readonly truthOfData?: number | null;
  readonly x?: 'temperatures' | 'time';
  /** Half-width of the 95 % interval of the last gap, nats. */
  readonly gapCi95?: number | null;
  /** What it shows, in words. */
  readonly answer?: string | undefined;
  readonly title?: string;
  /** Whether the y axis shows what it can, or the gap alone. */
  readonly fit?: 'all' | 'gap';
  /** The same y axis for charts that stand side by side. */
  readonly range?: Range | undefined;
}

/** Bounds against temperatures or time: lower ones from below, upper ones from above, the gap between the best of them tinted. */
export function sandwich(input: SandwichInput): Figure {
  const by = input.x === 'time' ? 'seconds' : 'temperatures';
  const data = sandwichData(input.points, input.quantity, by, input.gapCi95 ?? null);
  const subject = quantityLabel(input.quantity);
  return {
    name: 'sandwich',
    title: input.title ?? `Bounds on ${subject} against ${by === 'seconds' ? 'time' : 'temperatures'}`,
    description: input.answer ?? `Bounds on ${subject}; the table has the numbers.`,
    empty: data.lines.length === 0 ? 'No bounds yet.' : null,
    aspect: 0.72,
    zoomable: true,
    steps:
      data.lines.length === 0 ? null : { series: lineId(data.best.upper ?? data.lines[0]), count: data.points.length },
    option: (theme, size, view) => option(data, input, theme, size, view),
    rows: () => sandwichTable(data),
  };
}

function option(data: SandwichData, input: SandwichInput, theme: ChartTheme, size: Size, view?: View): ChartOption {
  const truth = input.truth ?? null;
  const at = data.points.map((point) => position(point, input));
  const xRange = padded(at.length === 0 ? [0] : at, 0.05, at.length < 2 ? 0.4 : 0.02);
  const yRange =
    input.range ??
    sandwichRange(
      data,
      truthsOf(input).map(({ value }) => value),
      input.fit,
    );
  // What lies outside altogether is named at the edge; drawing it there would only trouble programs that read the SVG.
  const seen = data.lines.filter((line) =>
    reaches(
      line.bounds.flatMap((bound) => finite(bound?.value)),
      yRange,
    ),
  );
  const direct = data.lines.length <= mostDirectLabels;
  const labels = endLabelsOf(
    data,
    at,
    xRange,
    input,
    theme,
    direct ? data.lines : data.lines.filter((line) => isBest(line, data) || !seen.includes(line)),
  );
  const items = direct ? [] : seen.map((line) => legendItem(line, theme));
  const legendRoom = legendLayout(items, size.width, theme).height;
  const ticks = (axis: Range, shown: Range | undefined): Range => (shown === undefined ? axis : within(axis, shown));
  const room = {
    right: endLabelRoom(
      labels.map(({ text }) => text),
      theme,
    ),
    below: legendRoom,
  };
  const yTicks = linearTicks(
    ticks(yRange, view?.y),
    tickRoom(size.height - legendRoom - 5.6 * theme.fontSize, theme, 4),
  );
  const y: Axis = { title: `${quantityLabel(input.quantity)}, nats`, range: yRange, ticks: yTicks };
  const plot = plotArea(size, theme, y, room);
  // One round has one place on the axis.
  const single = at.length === 1;
  const makeTicks = input.x === 'time' ? timeTicks : logTicks;
  const x: Axis = {
    title: input.x === 'time' ? 'computing time' : 'temperatures T',
    range: xRange,
    ticks: single
      ? [{ at: at[0] ?? 0, label: positionLabel(data.points[0], input) }]
      : makeTicks(ticks(xRange, view?.x), tickRoom(plot.right - plot.left, theme, 3.6)),
  };
  return {
    animation: false,
    ...(theme.background === null ? {} : { backgroundColor: theme.background }),
    textStyle: { fontFamily: theme.font, fontSize: theme.fontSize },
    grid: gridOf(plot, size),
    xAxis: xAxis(x, theme),
    yAxis: yAxis(y, theme, 0, plot.left - theme.fontSize * 0.7),
    ...zoom(view),
    tooltip: axisTooltip(theme, (index) => sandwichTip(data, index, truth)),
    series: [
      gapArea(data, at, xRange, theme),
      ...intervals(data, seen, at, theme),
      ...truthsOf(input)
        .filter(({ value }) => reaches([value], yRange))
        .map(({ value, dash, id }) =>
          level(
            { id, z: 3, stroke: theme.truth, width: theme.hairline, ...(dash ? { dash: [3, 2] } : {}) },
            value,
            xRange,
          ),
        ),
      ...seen.map((line, index) => ({
        ...lineSeries(line, at, data, theme),
        // Said even where it is nothing: a chart that is drawn anew keeps what is not.
        symbolOffset: [at.length === 1 ? shiftOf(index, seen, theme) : 0, 0],
      })),
      endLabels(labels, plot, theme),
      ...(direct ? [] : [legend(items, 0.4 * theme.fontSize, size.height - legendRoom, size.width, theme)]),
    ],
  };
}

function truthsOf({ truth, truthOfData }: SandwichInput): { id: string; name: string; value: number; dash: boolean }[] {
  return [
    ...finite(truth).map((value) => ({ id: 'truth', name: 'truth', value, dash: false })),
    ...finite(truthOfData).map((value) => ({ id: 'truth-of-data', name: 'of these data', value, dash: true })),
  ];
}

function reaches(values: readonly number[], [low, high]: Range): boolean {
  return values.length > 0 && Math.min(...values) <= high && Math.max(...values) >= low;
}

function position(point: RunPoint, { x }: SandwichInput): number {
  return Math.log10(x === 'time' ? Math.max(point.seconds, 1e-3) : Math.max(point.temperatures, 1));
}

function positionLabel(point: RunPoint | undefined, { x }: SandwichInput): string {
  return x === 'time' ? formatDuration(point?.seconds) : formatCount(point?.temperatures ?? 0);
}

function lineId(line: SandwichLine | undefined): string {
  return line === undefined ? '' : `${line.side}|${line.estimator}`;
}

function lineSeries(
  line: SandwichLine,
  at: readonly number[],
  data: SandwichData,
  theme: ChartTheme,
): LineSeriesOption {
  const { symbol, dash, hollow } = markOf(line.estimator);
  const colour = sideColour(line.side, theme);
  const weak = line.side === 'estimate';
  return {
    id: lineId(line),
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
function gapArea(data: SandwichData, at: readonly number[], xRange: Range, theme: ChartTheme): CustomSeriesOption {
  const single = at.length === 1;
  const spread = <T>(values: readonly T[]): readonly T[] => (single ? [...values, ...values] : values);
  const x = single ? [...xRange] : at;
  return areaBetween({ id: 'gap', z: 2.5, fill: theme.gap }, x, spread(data.lower), spread(data.upper));
}

/** Bands along the two lines that close the bracket, whose overlap can still be read; whiskers on every point of a single round. */
function intervals(
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
        { id: `interval|${lineId(line)}`, z: 2, fill: sideColour(line.side, theme), opacity: theme.bandOpacity },
        at,
        edge(line, -1),
        edge(line, 1),
      ),
    );
}

/** Points over one T stand side by side. */
function shiftOf(index: number, lines: readonly SandwichLine[], theme: ChartTheme): number {
  return (index - (lines.length - 1) / 2) * theme.fontSize * Math.min(3, 18 / lines.length);
}

function endLabelsOf(
  data: SandwichData,
  at: readonly number[],
  xRange: Range,
  input: SandwichInput,
  theme: ChartTheme,
  lines: readonly SandwichLine[],
): EndLabel[] {
  const last = data.points.length - 1;
  const gap = gapAt(data, last);
  const labels: EndLabel[] = lines.flatMap((line) => {
    const end = line.bounds.findLastIndex((bound) => finite(bound?.value).length > 0);
    const bound = line.bounds[end];
    if (bound?.value === null || bound?.value === undefined) return [];
    const shown = formatNumber(bound.value, boundDecimals(data, line, end));
    return {
      text: `${sideLabels[line.side].relation} ${shown} ${estimatorLabel(line.estimator)}`,
      // Of one round the labels would be led across the whole plot.
      x: last === 0 ? xRange[1] : (at[end] ?? 0),
      y: bound.value,
      colour: sideTextColour(line.side, theme),
      leader: sideColour(line.side, theme),
    };
  });
  const [low, high] = [data.lower[last] ?? null, data.upper[last] ?? null];
  if (gap !== null && low !== null && high !== null) {
    const text = `gap ${formatNumber(gap, gapDecimalsAt(data, last))} nats`;
    labels.push({ text, x: at[last] ?? 0, y: (low + high) / 2, colour: theme.ink, bold: true, leader: null });
  }
  const decimals = Math.max(2, Math.min(4, gap === null ? 2 : gapDecimalsAt(data, last)));
  for (const { name, value } of truthsOf(input)) {
    const text = `${name} ${formatNumber(value, decimals)}`;
    labels.push({ text, x: xRange[1], y: value, colour: theme.ink, leader: theme.truth });
  }
  return labels;
}

function legendItem(line: SandwichLine, theme: ChartTheme): LegendItem {
  const mark = markOf(line.estimator);
  return {
    text: `${sideLabels[line.side].relation} ${estimatorLabel(line.estimator)}`,
    colour: sideColour(line.side, theme),
    textColour: theme.ink,
    mark,
    dash: line.side === 'estimate' ? [1, 2] : mark.dash,
  };
}
