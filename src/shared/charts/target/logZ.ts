import type { CustomSeriesOption } from 'echarts/charts';
import type { Bound } from '../../result';
import { decimalsFor, formatNumber, formatPlusMinus } from '../../format';
import { targetSummary, type Summarised, type TargetSummary } from '../../targetRun/summary';
import { intervalCell, numberCell, textCell, type DataTable } from '../../tables';
import { gridOf, plotArea, tickRoom, xAxis, yAxis, type Axis, type Plot } from '../axes';
import type { Mark } from '../encoding';
import type { ChartOption, Figure, Range, Size } from '../figure';
import { itemTooltip } from '../interaction';
import { markPath, textAt } from '../labels';
import { drawn } from '../marks';
import { escapeHtml, shortened, textWidth, widest } from '../text';
import type { ChartTheme } from '../theme';
import { linearTicks, padded } from '../ticks';
import { methodLooks } from './looks';

interface Row {
  readonly label: string;
  readonly value: number;
  readonly ci95: number | null;
  readonly gap: number | null;
  readonly mark: Mark;
  /** What an ideal method would give: nothing that was trained. */
  readonly ideal: boolean;
}

/** A run of a target in a comparison. */
export interface RunOnLogZ {
  readonly label: string;
  readonly spec: Summarised['spec'];
  /** Those of its last point, which are all that it has. */
  readonly bounds: readonly Bound[];
  readonly truth: number | null;
}

/** The same bounds of several runs, run by run; their truth where it is the same. */
export function logZAcross(runs: readonly RunOnLogZ[]): Figure {
  const [first] = runs;
  const logZ = first !== undefined && runs.every(({ truth }) => truth === first.truth) ? first.truth : null;
  const rows = runs.flatMap(({ label, spec, bounds }): Row[] => {
    const own = rowsOf(targetSummary({ spec, bounds, metrics: {} }));
    return own.map((row) => ({
      ...{ ...row, label: `${shortened(label, 24)}: ${row.label}` },
      gap: logZ === null ? null : logZ - row.value,
    }));
  });
  return figureOf(rows, logZ, 'Lower bounds on log Z by run and method');
}

/** The lower bound on log Z of each method with its interval, what ideal methods would give, and the truth where it is known. */
export function logZByMethod(input: Summarised): Figure {
  const summary = targetSummary(input);
  return figureOf(rowsOf(summary), summary.truth.logZ, 'Lower bounds on log Z by method');
}

function figureOf(rows: readonly Row[], logZ: number | null, title: string): Figure {
  return {
    name: 'log-z',
    title,
    description: [
      ...rows.map(({ label, value, ci95 }) => `${label}: log Z is at least ${formatPlusMinus(value, ci95)} nats.`),
      ...(logZ === null ? [] : [`The truth is ${formatNumber(logZ)}.`]),
    ].join(' '),
    empty: rows.length === 0 ? 'No method of this run has bounded log Z.' : null,
    aspect: 0.6,
    heightAt: (_width, { fontSize }) => (rows.length * 1.9 + 6.5) * fontSize,
    zoomable: false,
    steps: rows.length === 0 ? null : { series: 'bounds', count: rows.length },
    option: (theme, size) => option(rows, logZ, theme, size),
    rows: () => table(rows, logZ),
  };
}

/** Trained methods first, the tightest on top; then the ideal ones. */
function rowsOf({ methods, oracles }: TargetSummary): Row[] {
  const looks = methodLooks(methods.map(({ name }) => name));
  const trained = methods.flatMap(({ name, label, bound, gap }): Row[] =>
    bound === null
      ? []
      : [{ ...{ label, value: bound.value, ci95: bound.ci95, gap, ideal: false }, mark: looks(name).mark }],
  );
  const ideal = oracles.flatMap(({ name, bound, gap }): Row[] =>
    bound === null
      ? []
      : [
          {
            ...{ label: name, value: bound, ci95: null, gap, ideal: true },
            mark: { symbol: 'diamond', dash: [], hollow: true },
          },
        ],
  );
  return [...trained.sort((a, b) => b.value - a.value), ...ideal.sort((a, b) => b.value - a.value)];
}

function option(rows: readonly Row[], logZ: number | null, theme: ChartTheme, size: Size): ChartOption {
  const em = theme.fontSize;
  const ends = rows.flatMap(({ value, ci95 }) => [value - (ci95 ?? 0), value + (ci95 ?? 0)]);
  const range: Range = padded([...ends, ...(logZ === null ? [] : [logZ])], 0.04, 1e-3);
  // In one column of a paper there is room for what tells rows apart, and for no more.
  const narrow = size.width < 44 * em;
  const texts = rows.map((row) => (narrow ? shortText(row) : textOf(row)));
  const y: Axis = {
    ...{ title: '', range: [-0.5, rows.length - 0.5] },
    ticks: rows.map(({ label }, index) => ({
      at: index,
      label: narrow ? label.replace(/ \(.*\)$|, KL\(.*\)$/, '') : label,
    })),
  };
  const room = 1.1 * widest([...texts, logZ === null ? '' : 'gap'], em) + 1.4 * em;
  const area = plotArea(size, theme, y, { right: room });
  // Names of runs and methods may be wider than letters are on average.
  const plot: Plot = { ...area, left: Math.min(Math.ceil(area.left * 1.05), size.width / 2) };
  const x: Axis = {
    ...{ title: 'log Z, nats', range },
    ticks: linearTicks(range, tickRoom(plot.right - plot.left, theme, 4)),
  };
  const axis = yAxis(y, theme);
  return {
    animation: false,
    ...(theme.background === null ? {} : { backgroundColor: theme.background }),
    textStyle: { fontFamily: theme.font, fontSize: em },
    grid: gridOf(plot, size),
    xAxis: {
      ...xAxis(x, theme),
      splitLine: { show: theme.grid !== null, lineStyle: { color: theme.grid ?? '', width: theme.hairline } },
    },
    yAxis: {
      ...axis,
      inverse: true,
      axisTick: { show: false },
      splitLine: { show: false },
      axisLabel: { ...axis.axisLabel, color: theme.ink, hideOverlap: false },
    },
    tooltip: itemTooltip((series, index) => (series === 'bounds' ? tip(rows[index], logZ) : '')),
    series: [
      ...(logZ === null ? [] : [truthMark(logZ, plot, theme)]),
      bounds(rows, theme),
      values(texts, logZ !== null, plot, theme),
    ],
  };
}

/** Of a known truth the gap, else the bound itself. */
function textOf({ value, ci95, gap }: Row): string {
  if (gap === null) return formatPlusMinus(value, ci95);
  return ci95 === null ? formatNumber(gap, gap < 0.1 ? 3 : 2) : formatPlusMinus(gap, ci95);
}

function shortText({ value, gap, ci95 }: Row): string {
  return formatNumber(gap ?? value, Math.max(gap !== null && gap < 0.1 ? 3 : 2, decimalsFor(ci95)));
}

function bounds(rows: readonly Row[], theme: ChartTheme): CustomSeriesOption {
  const em = theme.fontSize;
  return {
    ...{ id: 'bounds', type: 'custom', coordinateSystem: 'cartesian2d', z: 4, animation: false },
    data: rows.map(({ value }, index) => [value, index]),
    renderItem: (params, api) => {
      const row = rows[params.dataIndex];
      if (row === undefined) return { type: 'group', children: [] };
      const colour = row.ideal ? theme.quiet : theme.lower;
      const [x = 0, y = 0] = api.coord([row.value, params.dataIndex]);
      const at = (value: number): number => api.coord([value, params.dataIndex])[0] ?? 0;
      const [low, high] = [at(row.value - (row.ci95 ?? 0)), at(row.value + (row.ci95 ?? 0))];
      const foot = 0.35 * em;
      return {
        type: 'group',
        ...{ x: 0, y: 0 },
        children: [
          {
            type: 'path' as const,
            ...{ x: 0, y: 0 },
            shape: { pathData: `M${low} ${y}H${high}M${low} ${y - foot}v${2 * foot}M${high} ${y - foot}v${2 * foot}` },
            style: { stroke: colour, fill: 'none', lineWidth: row.ci95 === null ? 0 : theme.line * 0.7 },
          },
          {
            type: 'path' as const,
            ...{ x: 0, y: 0 },
            shape: { pathData: markPath(row.mark.symbol, x, y, em * 0.34) },
            style: { fill: row.mark.hollow ? theme.behind : colour, stroke: colour, lineWidth: theme.line * 0.7 },
          },
        ],
      };
    },
  };
}

function truthMark(logZ: number, plot: Plot, theme: ChartTheme): CustomSeriesOption {
  const em = theme.fontSize;
  return drawn(
    { id: 'truth', z: 3 },
    (api) => {
      const [x = 0] = api.coord([logZ, 0]);
      const left = Math.min(plot.right - textWidth('truth', em), Math.max(plot.left, x - textWidth('truth', em) / 2));
      return {
        type: 'group',
        children: [
          {
            type: 'line',
            shape: { x1: x, y1: plot.top, x2: x, y2: plot.bottom },
            style: { stroke: theme.truth, lineWidth: theme.hairline },
          },
          textAt('truth', left, plot.top - 0.8 * em, theme.ink, theme),
        ],
      };
    },
    false,
  );
}

function values(texts: readonly string[], gaps: boolean, plot: Plot, theme: ChartTheme): CustomSeriesOption {
  const x = plot.right + 0.8 * theme.fontSize;
  return drawn(
    { id: 'values', z: 6 },
    (api) => ({
      type: 'group',
      children: [
        ...texts.map((text, index) => textAt(text, x, api.coord([0, index])[1] ?? 0, theme.ink, theme)),
        ...(gaps ? [textAt('gap', x, plot.top - 0.8 * theme.fontSize, theme.quiet, theme)] : []),
      ],
    }),
    false,
  );
}

function tip(row: Row | undefined, logZ: number | null): string {
  if (row === undefined) return '';
  const width = row.ci95 === null ? '' : `± ${formatNumber(row.ci95, decimalsFor(row.ci95))}`;
  const line = (name: string, value: number | null, more = ''): string =>
    value === null
      ? ''
      : `<tr><td>${name}</td><td class="value">${formatNumber(value, Math.max(2, decimalsFor(row.ci95)))}</td><td>${more}</td></tr>`;
  return `<p>${escapeHtml(row.label)}${row.ideal ? ', not trained' : ''}</p><table>${line('≥', row.value, width)}${line('truth', logZ)}${line('gap', row.gap)}</table>`;
}

function table(rows: readonly Row[], logZ: number | null): DataTable {
  return {
    columns: [
      { name: 'method', label: 'method', numeric: false },
      { name: 'kind', label: 'kind', numeric: false },
      { name: 'bound_nats', label: 'log Z ≥', unit: 'nats', numeric: true, interval: true },
      ...(logZ === null
        ? []
        : [
            { name: 'truth_nats', label: 'truth', unit: 'nats', numeric: true },
            { name: 'gap_nats', label: 'gap', unit: 'nats', numeric: true },
          ]),
    ],
    rows: rows.map(({ label, value, ci95, gap, ideal }) => [
      ...[label, ideal ? 'ideal' : 'trained'].map(textCell),
      intervalCell(value, ci95),
      ...(logZ === null ? [] : [numberCell(logZ, 4), numberCell(gap, Math.max(2, decimalsFor(ci95)))]),
    ]),
  };
}
