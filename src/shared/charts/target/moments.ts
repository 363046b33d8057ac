import type { LineSeriesOption } from 'echarts/charts';
import { formatNumber } from '../../format';
import { formatError } from '../../targetRun/answer';
import { targetSummary, type Summarised, type TargetSummary } from '../../targetRun/summary';
import { numberCell, textCell, type DataTable } from '../../tables';
import { gridOf, plotArea, tickRoom, xAxis, yAxis, type Axis, type Plot } from '../axes';
import { baseOption } from '../base';
import type { ChartOption, Figure, Range, Size } from '../figure';
import { itemTooltip } from '../interaction';
import { legend, legendLayout, type LegendItem } from '../labels';
import { drawn } from '../marks';
import { escapeHtml } from '../text';
import type { ChartTheme } from '../theme';
import { linearTicks, padded } from '../ticks';
import { methodLooks, type MethodLook } from './looks';

type Moment = 'mean' | 'std';
const moments = ['mean', 'std'] as const;
const words: Readonly<Record<Moment, string>> = { mean: 'means', std: 'standard deviations' };

interface Estimates {
  readonly key: string;
  readonly label: string;
  readonly look: MethodLook;
  readonly mean: readonly number[];
  readonly std: readonly number[];
  readonly maeMean: number | null;
  readonly maeStd: number | null;
}

interface Data {
  readonly truth: Readonly<Record<Moment, readonly number[]>>;
  readonly estimates: readonly Estimates[];
}

/** Means and standard deviations of every coordinate, as each method has them against the truth: on the line where they are right. */
export function momentScatter(input: Summarised & { readonly hidden?: ReadonlySet<string> }): Figure {
  const data = dataOf(targetSummary(input));
  const shown = data?.estimates.filter(({ key }) => input.hidden?.has(key) !== true) ?? [];
  const first = shown[0];
  return {
    name: 'moments',
    title: 'Means and standard deviations against the truth',
    description: (data?.estimates ?? [])
      .map(
        ({ label, maeMean, maeStd }) =>
          `${label}: means ${maeMean === null ? '' : formatError(maeMean)} off on average, standard deviations ${maeStd === null ? '' : formatError(maeStd)}.`,
      )
      .join(' '),
    empty:
      data === null ? 'There is no truth to hold means and standard deviations against: add HMC to the methods.' : null,
    aspect: 0.55,
    heightAt: (width, theme) => {
      const em = theme.fontSize;
      const columns = columnsOf(width, em);
      return Math.min(30 * em, (0.98 * width) / columns) * (2 / columns) + legendHeight(data, width, theme);
    },
    zoomable: false,
    steps: first === undefined ? null : { series: `0|${first.key}`, count: first.mean.length },
    option: (theme, size) => (data === null ? {} : option(data, shown, theme, size)),
    legend: (theme) => data?.estimates.map((each) => itemOf(each, theme)) ?? [],
    without: (hidden) => momentScatter({ ...input, hidden }),
    rows: () => table(data),
  };
}

function columnsOf(width: number, em: number): number {
  return width >= 34 * em ? 2 : 1;
}

function dataOf({ truth, methods }: TargetSummary): Data | null {
  const { mean, std } = truth;
  if (mean === null || std === null) return null;
  const looks = methodLooks(methods.map(({ name }) => name));
  const estimates = methods.flatMap(({ name, label, moments: own, maeMean, maeStd, isTruth }): Estimates[] =>
    own === null || isTruth ? [] : [{ key: name, label, look: looks(name), ...own, maeMean, maeStd }],
  );
  return estimates.length === 0 ? null : { truth: { mean, std }, estimates };
}

function option(data: Data, shown: readonly Estimates[], theme: ChartTheme, size: Size): ChartOption {
  const em = theme.fontSize;
  const below = legendHeight(data, size.width, theme);
  const columns = columnsOf(size.width, em);
  const cell = { width: size.width / columns, height: ((size.height - below) * columns) / 2 };
  const placed = moments.map((moment, index) => {
    const values = [...data.truth[moment], ...data.estimates.flatMap((each) => each[moment])].filter(Number.isFinite);
    const range = padded(values, 0.06, 1e-3);
    const ticks = (length: number) => linearTicks(range, tickRoom(length, theme, 5));
    const y: Axis = { title: `estimated ${words[moment]}`, range, ticks: ticks(cell.height - 5.6 * em) };
    const inner = plotArea(cell, theme, y);
    const [left, top] = [(index % columns) * cell.width, Math.floor(index / columns) * cell.height];
    const plot: Plot = {
      ...{ left: inner.left + left, right: inner.right + left, top: inner.top + top, bottom: inner.bottom + top },
    };
    const x: Axis = { title: `true ${words[moment]}`, range, ticks: ticks(plot.right - plot.left) };
    return { moment, index, plot, x, y, range, labelRoom: inner.left - em * 0.7 };
  });
  const items = shown.map((each) => itemOf(each, theme));
  return {
    ...baseOption(theme),
    grid: placed.map(({ plot }) => gridOf(plot, size)),
    xAxis: placed.map(({ x, index }) => xAxis(x, theme, index)),
    yAxis: placed.map(({ y, index, labelRoom }) => yAxis(y, theme, index, labelRoom)),
    tooltip: itemTooltip((series, index) => tip(data, series, index)),
    series: [
      ...placed.map(({ index, range }) => identity(index, range, theme)),
      ...placed.flatMap(({ moment, index }) => shown.map((each) => points(data, each, moment, index, theme))),
      ...(theme.name === 'paper' ? [legend(items, 0.4 * em, size.height - below, size.width - 0.8 * em, theme)] : []),
    ],
  };
}

function identity(gridIndex: number, [low, high]: Range, theme: ChartTheme) {
  return drawn({ id: `identity|${gridIndex}`, gridIndex, z: 3 }, (api) => {
    const [x1 = 0, y1 = 0] = api.coord([low, low]);
    const [x2 = 0, y2 = 0] = api.coord([high, high]);
    return { type: 'line', shape: { x1, y1, x2, y2 }, style: { stroke: theme.truth, lineWidth: theme.hairline } };
  });
}

function points(
  data: Data,
  { key, look, ...own }: Estimates,
  moment: Moment,
  index: number,
  theme: ChartTheme,
): LineSeriesOption {
  const colour = look.colour(theme);
  const truth = data.truth[moment];
  return {
    ...{
      id: `${index}|${key}`,
      type: 'line',
      xAxisIndex: index,
      yAxisIndex: index,
      z: 4,
      animation: false,
      clip: true,
    },
    data: own[moment].map((value, place) => [truth[place] ?? '-', value]),
    symbol: look.mark.symbol,
    symbolSize: theme.fontSize * (truth.length > 40 ? 0.4 : 0.55),
    ...{ showSymbol: true, showAllSymbol: true, emphasis: { disabled: true } },
    lineStyle: { opacity: 0 },
    itemStyle: {
      color: look.mark.hollow ? theme.behind : colour,
      ...{ borderColor: colour, borderWidth: theme.line * 0.6, opacity: 0.85 },
    },
  };
}

function tip(data: Data, series: string, place: number): string {
  const [grid = '', key = ''] = series.split('|');
  const moment = moments[Number(grid)];
  const own = data.estimates.find((each) => each.key === key);
  if (moment === undefined || own === undefined) return '';
  const [value = NaN, truth = NaN] = [own[moment][place], data.truth[moment][place]];
  const row = (name: string, number: number): string =>
    `<tr><td>${name}</td><td class="value">${formatNumber(number, 3)}</td></tr>`;
  return `<p>${escapeHtml(own.label)}, ${moment === 'mean' ? 'mean' : 'standard deviation'} of coordinate ${place + 1}</p><table>${row('estimate', value)}${row('truth', truth)}${row('error', value - truth)}</table>`;
}

function itemOf({ key, label, look }: Estimates, theme: ChartTheme): LegendItem {
  return { key, text: label, colour: look.colour(theme), textColour: theme.ink, mark: look.mark, dash: [0, 100] };
}

function legendHeight(data: Data | null, width: number, theme: ChartTheme): number {
  if (data === null || theme.name !== 'paper') return 0;
  const items = data.estimates.map((each) => itemOf(each, theme));
  return legendLayout(items, width - 0.8 * theme.fontSize, theme).height;
}

function table(data: Data | null): DataTable {
  const estimates = data?.estimates ?? [];
  return {
    columns: [
      { name: 'coordinate', label: 'coordinate', numeric: true },
      { name: 'moment', label: 'moment', numeric: false },
      { name: 'truth', label: 'truth', numeric: true },
      ...estimates.map(({ key, label }) => ({ name: key.replaceAll('-', '_'), label, numeric: true })),
    ],
    rows: moments.flatMap((moment) =>
      (data?.truth[moment] ?? []).map((truth, place) => [
        numberCell(place + 1, 0),
        textCell(moment === 'mean' ? 'mean' : 'standard deviation'),
        numberCell(truth, 4),
        ...estimates.map((each) => numberCell(each[moment][place] ?? null, 4)),
      ]),
    ),
  };
}
