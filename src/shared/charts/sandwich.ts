import { withMostSamples } from '../boundNames';
import { formatCount, formatDuration } from '../format';
import { quantityLabel } from '../labels';
import type { RunPoint, RunQuantity } from '../runRecord';
import { gridOf, plotArea, tickRoom, xAxis, yAxis, type Axis } from './axes';
import { baseOption } from './base';
import { looksOf, type Look } from './encoding';
import type { ChartOption, Figure, Range, Size, View } from './figure';
import { axisTooltip, zoom } from './interaction';
import { endLabelRoom, endLabels, fitsAtEnds, legend, legendLayout, type EndLabel, type LegendItem } from './labels';
import { level } from './marks';
import { finite, isBest, sandwichData, type SandwichData, type SandwichLine } from './sandwichData';
import { endLabelsOf, legendItem, truthsOf, type Truths } from './sandwichLabels';
import { gapArea, intervals, lineSeries, shiftOf } from './sandwichLines';
import { sandwichRange } from './sandwichRange';
import { sandwichTable, sandwichTip } from './sandwichTable';
import type { ChartTheme } from './theme';
import { linearTicks, logTicks, padded, timeTicks, within } from './ticks';

/** Up to so many lines are named at their ends; more get a legend. */
export const mostDirectLabels = 6;
/** Bounds far outside are named at the edge beside a legend, unless they are many. */
const mostFar = 4;
const aspect = 0.72;

export interface SandwichInput extends Truths {
  readonly points: readonly RunPoint[];
  readonly quantity: RunQuantity;
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
  /** Keys of lines that are left out; the gap stays that of all bounds. */
  readonly hidden?: ReadonlySet<string> | undefined;
}

/** Bounds against temperatures or time: lower ones from below, upper ones from above, the gap between the best of them tinted. */
export function sandwich(input: SandwichInput): Figure {
  const by = input.x === 'time' ? 'seconds' : 'temperatures';
  const whole = sandwichData(input.points, input.quantity, by, input.gapCi95 ?? null);
  const { hidden } = input;
  const shown = fullest(whole);
  const data = { ...whole, lines: hidden === undefined ? shown : shown.filter(({ key }) => !hidden.has(key)) };
  const look = looksOf(whole.lines);
  const subject = quantityLabel(input.quantity);
  return {
    name: 'sandwich',
    title: input.title ?? `Bounds on ${subject} against ${by === 'seconds' ? 'time' : 'temperatures'}`,
    description: input.answer ?? `Bounds on ${subject}; the table has the numbers.`,
    empty: whole.lines.length === 0 ? 'No bounds yet.' : null,
    aspect,
    zoomable: true,
    steps: data.lines.length === 0 ? null : { series: steppedThrough(data)?.key ?? '', count: data.points.length },
    option: (theme, size, view) => option(data, input, look, theme, size, view),
    legend: (theme) =>
      shown.length > mostDirectLabels ? shown.map((line) => legendItem(line, look(line), theme)) : [],
    without: (keys) => sandwich({ ...input, hidden: keys }),
    heightAt: (width, theme) => heightOf(data, input, look, width, theme),
    rows: () =>
      sandwichTable(
        hidden === undefined ? whole : { ...whole, lines: whole.lines.filter(({ key }) => !hidden.has(key)) },
      ),
  };
}

/** Those with the most samples, and those that close the bracket; the others are in the table. */
function fullest(data: SandwichData): SandwichLine[] {
  const most = new Set(withMostSamples(data.lines));
  return data.lines.filter((line) => most.has(line) || isBest(line, data));
}

type LookOf = (line: SandwichLine) => Look;

function option(
  data: SandwichData,
  input: SandwichInput,
  look: LookOf,
  theme: ChartTheme,
  size: Size,
  view?: View,
): ChartOption {
  const truth = input.truth ?? null;
  const at = data.points.map((point) => position(point, input));
  const xRange = rangeX(at);
  const yRange = rangeOf(data, input);
  const { seen, labels, items } = namesOf(data, at, xRange, yRange, input, look, theme, size);
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
    ...baseOption(theme),
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
        ...lineSeries(line, look(line), at, data, theme),
        // Said even where it is nothing: a chart that is drawn anew keeps what is not.
        symbolOffset: [at.length === 1 ? shiftOf(index, seen, theme) : 0, 0],
      })),
      endLabels(labels, plot, theme),
      ...(items.length === 0 ? [] : [legend(items, 0.4 * theme.fontSize, size.height - legendRoom, size.width, theme)]),
    ],
  };
}

/** Which lines are drawn, what is said at their ends, and what in a legend below. */
function namesOf(
  data: SandwichData,
  at: readonly number[],
  xRange: Range,
  yRange: Range,
  input: SandwichInput,
  look: LookOf,
  theme: ChartTheme,
  size: Size,
): { seen: SandwichLine[]; labels: EndLabel[]; items: LegendItem[] } {
  const values = (line: SandwichLine): number[] => line.bounds.flatMap((bound) => finite(bound?.value));
  // What lies outside altogether is named at the edge; drawing it there would only trouble programs that read the SVG.
  const seen = data.lines.filter((line) => reaches(values(line), yRange));
  const labels = endLabelsOf(data, at, xRange, input, look, theme, data.lines);
  const texts = labels.map(({ text }) => text);
  if (data.lines.length <= mostDirectLabels || fitsAtEnds(texts, size, theme)) return { seen, labels, items: [] };
  const unseen = data.lines.filter((line) => !seen.includes(line));
  const far = unseen.length <= mostFar ? unseen : [];
  const ends = [...seen.filter((line) => isBest(line, data)), ...far];
  const listed = [...seen, ...(far.length === 0 ? unseen : [])];
  const outside = (line: SandwichLine): string =>
    unseen.includes(line) ? (Math.min(...values(line)) > yRange[1] ? '↑ ' : '↓ ') : '';
  const items = listed.map((line) => {
    const item = legendItem(line, look(line), theme);
    return { ...item, text: `${outside(line)}${item.text}` };
  });
  // A page has a legend of its own, which switches lines off.
  return {
    seen,
    labels: endLabelsOf(data, at, xRange, input, look, theme, ends),
    items: theme.name === 'paper' ? items : [],
  };
}

/** As high as its aspect says, and what a legend needs besides. */
function heightOf(data: SandwichData, input: SandwichInput, look: LookOf, width: number, theme: ChartTheme): number {
  const height = width * aspect;
  const at = data.points.map((point) => position(point, input));
  const yRange = rangeOf(data, input);
  const { items } = namesOf(data, at, rangeX(at), yRange, input, look, theme, { width, height });
  return height + legendLayout(items, width, theme).height;
}

function rangeX(at: readonly number[]): Range {
  return padded(at.length === 0 ? [0] : at, 0.05, at.length < 2 ? 0.4 : 0.02);
}

function rangeOf(data: SandwichData, input: SandwichInput): Range {
  const truths = truthsOf(input).map(({ value }) => value);
  return input.range ?? sandwichRange(data, truths, input.fit);
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

/** The line whose points the arrow keys go along: one with a value in every round. */
function steppedThrough({ lines, best }: SandwichData): SandwichLine | undefined {
  return best.upper !== null && lines.includes(best.upper) ? best.upper : lines[0];
}
