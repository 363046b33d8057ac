import type { Bound } from '../../result';
import { formatNumber } from '../../format';
import { targetSummary, type Summarised } from '../../targetRun/summary';
import { gridOf, plotArea, tickRoom, type Axis, type Plot } from '../axes';
import { baseOption, rowAxes } from '../base';
import type { Mark } from '../encoding';
import type { ChartOption, Figure, Range, Size } from '../figure';
import { itemTooltip } from '../interaction';
import { legend, legendLayout, type LegendItem } from '../labels';
import { shortened, widest } from '../text';
import type { ChartTheme } from '../theme';
import { linearTicks, padded } from '../ticks';
import { bounds, truthMark, values } from './logZMarks';
import { gapLabel, gapText, reachOf, rowsOf, table, tip, wordsOf, type Row } from './logZRows';

type Part = 'lower' | 'upper' | 'estimate';

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
      gap: logZ === null || row.lower === null ? null : logZ - row.lower.value,
    }));
  });
  return figureOf(rows, logZ, 'by run and method');
}

/**
 * What each method says of log Z: its lower bound, its upper one where it can run back from exact samples, its estimate; what ideal
 * methods would give, and the truth where it is known.
 */
export function logZByMethod(input: Summarised): Figure {
  const summary = targetSummary(input);
  return figureOf(rowsOf(summary), summary.truth.logZ, 'by method');
}

function figureOf(
  rows: readonly Row[],
  logZ: number | null,
  by: string,
  hidden: ReadonlySet<string> = new Set(),
): Figure {
  const sandwiched = rows.some(({ upper }) => upper !== null);
  const estimated = rows.some(({ estimate }) => estimate !== null);
  const parts = (['lower', 'upper', 'estimate'] as const).filter(
    (part) => (part !== 'upper' || sandwiched) && (part !== 'estimate' || estimated),
  );
  const shown = rows.map((row) => ({
    ...row,
    lower: hidden.has('lower') ? null : row.lower,
    upper: hidden.has('upper') ? null : row.upper,
    estimate: hidden.has('estimate') ? null : row.estimate,
  }));
  const items = (theme: ChartTheme): LegendItem[] => (parts.length < 2 ? [] : parts.map((part) => itemOf(part, theme)));
  return {
    name: 'log-z',
    title: `${sandwiched ? 'Bounds' : 'Lower bounds'} on log Z ${by}`,
    description: [...rows.map(wordsOf), ...(logZ === null ? [] : [`The truth is ${formatNumber(logZ)}.`])].join(' '),
    empty: rows.length === 0 ? 'No method of this run has bounded log Z.' : null,
    aspect: 0.6,
    heightAt: (width, theme) => (rows.length * 1.9 + 6.5) * theme.fontSize + legendHeight(items(theme), width, theme),
    zoomable: false,
    steps: rows.length === 0 ? null : { series: 'bounds', count: rows.length },
    option: (theme, size) => option(rows, shown, items(theme), logZ, theme, size),
    legend: items,
    without: (keys) => figureOf(rows, logZ, by, keys),
    rows: () => table(rows, logZ),
  };
}

function legendHeight(items: readonly LegendItem[], width: number, theme: ChartTheme): number {
  return theme.name === 'paper' ? legendLayout(items, width - 0.8 * theme.fontSize, theme).height : 0;
}

const partLabels: Readonly<Record<Part, string>> = {
  lower: 'lower bound, 95 %',
  upper: 'upper bound, 95 %',
  estimate: 'estimate, no bound',
};

function itemOf(part: Part, theme: ChartTheme): LegendItem {
  const colour = part === 'estimate' ? theme.estimate : theme[part];
  const mark: Mark | null = part === 'estimate' ? null : { symbol: 'circle', dash: [], hollow: false };
  return { key: part, text: partLabels[part], colour, textColour: theme.ink, mark, dash: [] };
}

function option(
  all: readonly Row[],
  rows: readonly Row[],
  items: readonly LegendItem[],
  logZ: number | null,
  theme: ChartTheme,
  size: Size,
): ChartOption {
  const em = theme.fontSize;
  const below = legendHeight(items, size.width, theme);
  const range: Range = padded([...rows.flatMap(reachOf), ...(logZ === null ? [] : [logZ])], 0.04, 1e-3);
  // In one column of a paper there is room for what tells rows apart, and for no more.
  const narrow = size.width < 44 * em;
  const texts = all.map((row) => gapText(row, logZ, narrow));
  const between = logZ === null && texts.some((text) => text !== '');
  const y: Axis = {
    ...{ title: '', range: [-0.5, rows.length - 0.5] },
    ticks: rows.map(({ label }, index) => ({
      at: index,
      label: narrow ? label.replace(/ \(.*\)$|, KL\(.*\)$/, '') : label,
    })),
  };
  const heading = logZ !== null || between ? gapLabel(all, logZ) : '';
  const room = 1.1 * widest([...texts, heading], em) + 1.4 * em;
  const area = plotArea(size, theme, y, { right: room, below });
  // Names of runs and methods may be wider than letters are on average.
  const plot: Plot = { ...area, left: Math.min(Math.ceil(area.left * 1.05), size.width / 2) };
  const x: Axis = {
    ...{ title: 'log Z, nats', range },
    ticks: linearTicks(range, tickRoom(plot.right - plot.left, theme, 4)),
  };
  return {
    ...baseOption(theme),
    grid: gridOf(plot, size),
    ...rowAxes(x, y, theme),
    tooltip: itemTooltip((series, index) => (series === 'bounds' ? tip(all[index], logZ) : '')),
    series: [
      ...(logZ === null ? [] : [truthMark(logZ, plot, theme)]),
      bounds(rows, theme),
      values(texts, heading, plot, theme),
      ...(theme.name === 'paper' && items.length > 0
        ? [legend(items, 0.4 * em, size.height - below, size.width - 0.8 * em, theme)]
        : []),
    ],
  };
}
