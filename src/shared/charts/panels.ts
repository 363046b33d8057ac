import type { DataTable } from '../tables';
import { gridOf, plotArea, tickRoom, xAxis, yAxis, type Axis, type Plot } from './axes';
import { baseOption } from './base';
import type { ChartOption, Figure, Size, View } from './figure';
import { itemTooltip, zoom } from './interaction';
import { endLabelRoom, endLabels, fitsAtEnds, legend, legendLayout, type LegendItem } from './labels';
import { level } from './marks';
import {
  bandOf,
  distinct,
  heading,
  idOf,
  itemOf,
  labelsOf,
  rangeX,
  rangeY,
  reaches,
  scaled,
  seriesOf,
  ticksX,
  tip,
  type Panel,
  type PanelAxis,
} from './panelParts';
import type { ChartTheme } from './theme';
import { linearTicks, within } from './ticks';

export type { Panel, PanelLine, PanelPoint } from './panelParts';

export interface PanelsInput {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly empty: string | null;
  readonly panels: readonly Panel[];
  readonly x: PanelAxis;
  readonly rows: () => DataTable;
  /** Keys of lines that are left out. */
  readonly hidden?: ReadonlySet<string>;
}

/** Lines in one panel, named at their ends; or in several side by side, with one legend. */
export function panels(input: PanelsInput): Figure {
  const { hidden } = input;
  const all = input.panels.map((panel) => ({
    ...panel,
    lines: hidden === undefined ? panel.lines : panel.lines.filter(({ key }) => !hidden.has(key)),
  }));
  const lines = distinct(input.panels);
  const [only] = all;
  const first = only?.lines[0];
  return {
    name: input.name,
    title: input.title,
    description: input.description,
    empty: input.empty,
    aspect: 0.72,
    zoomable: all.length === 1,
    steps:
      first === undefined || first.points.length === 0 ? null : { series: idOf(0, first), count: first.points.length },
    heightAt: (width, theme) => heightOf(all, width, theme),
    option: (theme, size, view) => option(all, input, theme, size, view),
    legend: (theme) => (wantsLegend(input.panels) ? lines.map((line) => itemOf(line, theme)) : []),
    without: (keys) => panels({ ...input, hidden: keys }),
    rows: input.rows,
  };
}

/** One panel has one where its lines are too many to be named at their ends; several where their axes do not name them. */
function wantsLegend(all: readonly Panel[]): boolean {
  return all.length === 1 ? distinct(all).length > 6 : all.some(({ lines }) => lines.length > 1);
}

/** How many panels stand side by side. */
function columnsOf(count: number, width: number, em: number): number {
  const most = Math.max(1, Math.floor(width / (20 * em)));
  const rows = Math.ceil(count / most);
  return Math.ceil(count / rows);
}

function heightOf(all: readonly Panel[], width: number, theme: ChartTheme): number {
  const em = theme.fontSize;
  const count = all.length;
  const columns = columnsOf(count, width, em);
  const plots =
    count === 1
      ? Math.min(width * 0.72, Math.max(30, 1.4 * distinct(all).length + 8) * em, 46 * em)
      : Math.ceil(count / columns) * Math.min(22 * em, (width / columns) * 0.95);
  return plots + legendLayout(paperItems(all, { width, height: plots }, theme), width, theme).height;
}

/** The entries of the legend that is drawn with the chart: on a page it stands below, as switches. */
function paperItems(all: readonly Panel[], size: Size, theme: ChartTheme): LegendItem[] {
  if (theme.name !== 'paper' || !wantsLegend(all) || namesAtEnds(all, size, theme)) return [];
  return distinct(all).map((line) => itemOf(line, theme));
}

/** Whether the lines are named at their ends. */
function namesAtEnds(all: readonly Panel[], size: Size, theme: ChartTheme): boolean {
  const [only, ...others] = all;
  if (only === undefined || others.length > 0) return false;
  const texts = labelsOf(only, theme).map(({ text }) => text);
  return fitsAtEnds(texts, size, theme) || (only.lines.length <= 6 && theme.name !== 'paper');
}

function option(
  all: readonly Panel[],
  input: PanelsInput,
  theme: ChartTheme,
  size: Size,
  view: View | undefined,
): ChartOption {
  const em = theme.fontSize;
  const single = all.length === 1;
  const items = paperItems(all, size, theme);
  const direct = namesAtEnds(
    all,
    { ...size, height: size.height - legendLayout(items, size.width, theme).height },
    theme,
  );
  const below = legendLayout(items, size.width, theme).height;
  const columns = columnsOf(all.length, size.width, em);
  const rows = Math.ceil(all.length / columns);
  const cell = { width: size.width / columns, height: (size.height - below) / rows };
  const xRange = rangeX(all, input.x.scale);
  const placed = all.map((panel, index) => {
    const labels = direct ? labelsOf(panel, theme) : [];
    const right = direct
      ? endLabelRoom(
          labels.map(({ text }) => text),
          theme,
        )
      : 2 * em;
    const range = panel.range ?? rangeY(panel);
    const y: Axis = {
      title: panel.yTitle,
      range,
      ticks: linearTicks(
        view === undefined ? range : within(range, view.y),
        tickRoom(cell.height - 5.6 * em, theme, 4),
      ),
    };
    const inner = plotArea({ width: cell.width, height: cell.height }, theme, y, { right });
    const [left, top] = [(index % columns) * cell.width, Math.floor(index / columns) * cell.height];
    const plot: Plot = {
      left: inner.left + left,
      right: inner.right + left,
      top: inner.top + top,
      bottom: inner.bottom + top,
    };
    const x: Axis = { title: input.x.title, range: xRange, ticks: ticksX(input.x, xRange, view, plot, theme) };
    return { panel, index, plot, labels, x, y, labelRoom: inner.left - em * 0.7 };
  });
  return {
    ...baseOption(theme),
    grid: placed.map(({ plot }) => gridOf(plot, size)),
    xAxis: placed.map(({ x, index }) => xAxis(x, theme, index)),
    yAxis: placed.map(({ y, index, labelRoom }) => yAxis(y, theme, index, labelRoom)),
    ...(single ? zoom(view) : {}),
    tooltip: itemTooltip((series, point) => tip(all, series, point)),
    series: [
      ...placed.flatMap(({ panel, index, plot, labels, y }) => [
        ...(panel.levels ?? [])
          .filter(({ value }) => value >= y.range[0] && value <= y.range[1])
          .map(({ label, value, dashed }) =>
            level(
              {
                ...{ id: `level|${index}|${label}`, gridIndex: index, z: 3 },
                ...{ stroke: theme.truth, width: theme.hairline },
                ...(dashed === true ? { dash: [3, 2] } : {}),
              },
              value,
              xRange,
            ),
          ),
        ...panel.lines.flatMap((line) => bandOf(line, index, input.x.scale, theme)),
        ...panel.lines
          .filter(({ points }) => reaches(points, y.range))
          .map((line) => seriesOf(line, index, input.x.scale, theme)),
        ...(labels.length === 0
          ? []
          : [
              endLabels(
                labels.map((label) => ({ ...label, x: scaled(label.x, input.x.scale) })),
                plot,
                theme,
              ),
            ]),
        ...(panel.title === '' ? [] : [heading(panel.title, index, plot, theme)]),
      ]),
      ...(items.length === 0 ? [] : [legend(items, 0.4 * em, size.height - below, size.width, theme)]),
    ],
  };
}
