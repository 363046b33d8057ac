import type { CustomSeriesOption } from 'echarts/charts';
import { z } from 'zod';
import { formatCount, formatNumber } from '../../format';
import { targetSummary, type Summarised } from '../../targetRun/summary';
import { numberCell, textCell, type DataTable } from '../../tables';
import { gridOf, tickRoom, xAxis, yAxis, type Axis, type Plot } from '../axes';
import { baseOption } from '../base';
import type { ChartOption, Figure, Range, Size } from '../figure';
import { legend, legendLayout, textAt, type LegendItem } from '../labels';
import { drawn } from '../marks';
import { shortened, textWidth } from '../text';
import type { ChartTheme } from '../theme';
import { linearTicks } from '../ticks';
import { short } from './planeMarks';

type Direction = 'forward' | 'reverse';

interface Weights {
  readonly method: string;
  readonly label: string;
  readonly edges: readonly number[];
  readonly counts: Readonly<Partial<Record<Direction, readonly number[]>>>;
  /** "ESS 3,564, back 3,595", "largest 0.1 %, top 1 %: 2.4 %" */
  readonly told: readonly string[];
}

const numbers = z.array(z.number());
const histogramSchema = z.object({
  logWeightHistogram: z.object({ edges: numbers, counts: numbers, reverse: numbers.optional() }),
});
const words: Readonly<Record<Direction, string>> = { forward: 'own draws', reverse: 'exact samples, run back' };

/**
 * Log weights of each method: those of its own draws, and where it can run back those of exact samples, in the same bins. Where the two lie
 * on each other the method has found all of the target; a gap between them is one between the bounds.
 */
export function weightHistograms(input: Summarised & { readonly hidden?: ReadonlySet<string> }): Figure {
  const all = weightsOf(input);
  const { truth } = targetSummary(input);
  const both = all.some(({ counts }) => counts.reverse !== undefined);
  const shown = (['forward', 'reverse'] as const).filter((direction) => input.hidden?.has(direction) !== true);
  const items = (theme: ChartTheme): LegendItem[] =>
    both ? (['forward', 'reverse'] as const).map((direction) => itemOf(direction, theme)) : [];
  return {
    name: 'weights',
    title: 'Log weights',
    description: all.map(({ label, told }) => `${label}: ${told.join(', ')}.`).join(' '),
    empty: all.length === 0 ? 'No method of this run has weights.' : null,
    aspect: 0.6,
    heightAt: (width, theme) => {
      const { lines, high } = layoutOf(all.length, width, theme);
      return lines * high + legendHeight(items(theme), width, theme);
    },
    zoomable: false,
    steps: null,
    option: (theme, size) => option(all, shown, items(theme), truth.logZ, theme, size),
    legend: items,
    without: (hidden) => weightHistograms({ ...input, hidden }),
    rows: () => table(all),
  };
}

function weightsOf(input: Summarised): Weights[] {
  return targetSummary(input).methods.flatMap(({ name, label, ess, essBack, largestWeight, topWeights }): Weights[] => {
    const parsed = histogramSchema.safeParse(input.metrics[name]);
    if (!parsed.success) return [];
    const { edges, counts, reverse } = parsed.data.logWeightHistogram;
    const shares = [
      ...(largestWeight === null ? [] : [`largest ${percent(largestWeight)}`]),
      ...(topWeights === null ? [] : [`top 1 %: ${percent(topWeights)}`]),
    ];
    const back = essBack === null ? '' : `, back ${formatCount(essBack)}`;
    const told = [...(ess === null ? [] : [`ESS ${formatCount(ess)}${back}`]), shares.join(', ')];
    return [
      {
        ...{ method: name, label, edges, told },
        counts: { forward: counts, ...(reverse === undefined ? {} : { reverse }) },
      },
    ];
  });
}

function percent(share: number): string {
  return `${formatNumber(100 * share, share < 0.001 ? 2 : share < 0.1 ? 1 : 0)} %`;
}

function itemOf(direction: Direction, theme: ChartTheme): LegendItem {
  const colour = colourOf(direction, theme);
  return { key: direction, text: words[direction], colour, textColour: theme.ink, mark: null, dash: [] };
}

/** As the bounds that their means are. */
function colourOf(direction: Direction, theme: ChartTheme): string {
  return direction === 'forward' ? theme.lower : theme.upper;
}

function legendHeight(items: readonly LegendItem[], width: number, theme: ChartTheme): number {
  return theme.name === 'paper' ? legendLayout(items, width - 0.8 * theme.fontSize, theme).height : 0;
}

function layoutOf(count: number, width: number, { fontSize: em }: ChartTheme) {
  const most = Math.max(1, Math.floor(width / (20 * em)));
  const columns = Math.ceil(count / Math.max(1, Math.ceil(count / most)));
  return { columns, lines: Math.ceil(count / Math.max(1, columns)), high: 15.5 * em };
}

function option(
  all: readonly Weights[],
  shown: readonly Direction[],
  items: readonly LegendItem[],
  logZ: number | null,
  theme: ChartTheme,
  size: Size,
): ChartOption {
  const em = theme.fontSize;
  const below = legendHeight(items, size.width, theme);
  const { columns, lines } = layoutOf(all.length, size.width, theme);
  const cell = { width: size.width / columns, height: (size.height - below) / lines };
  const placed = all.map((weights, index) => {
    const [left, top] = [(index % columns) * cell.width, Math.floor(index / columns) * cell.height];
    const plot: Plot = {
      ...{ left: left + 0.6 * em, right: left + cell.width - 1.6 * em },
      ...{ top: top + 4.7 * em, bottom: top + cell.height - 3.5 * em },
    };
    const range: Range = [weights.edges[0] ?? 0, weights.edges.at(-1) ?? 1];
    const most = Math.max(1, ...shown.flatMap((direction) => sharesOf(weights, direction)));
    const x: Axis = {
      ...{ title: 'log w, nats', range },
      ticks: linearTicks(range, tickRoom(plot.right - plot.left, theme, 5)),
    };
    const y: Axis = { title: '', range: [0, 1.05 * most], ticks: [] };
    return { weights, index, plot, x, y };
  });
  return {
    ...baseOption(theme),
    grid: placed.map(({ plot }) => gridOf(plot, size)),
    xAxis: placed.map(({ x, index }) => xAxis(x, theme, index)),
    // How high a bar is says nothing by itself.
    yAxis: placed.map(({ y, index }) => ({ ...yAxis(y, theme, index), show: false })),
    series: [
      ...placed.flatMap(({ weights, index, plot, x }) => [
        ...shown.flatMap((direction) => bars(weights, direction, index, theme)),
        ...(logZ === null || logZ < x.range[0] || logZ > x.range[1] ? [] : [truthMark(logZ, index, plot, theme)]),
        heading(weights, index, plot, theme),
      ]),
      ...(theme.name === 'paper' && items.length > 0
        ? [legend(items, 0.4 * em, size.height - below, size.width - 0.8 * em, theme)]
        : []),
    ],
  };
}

/** Of all draws in a direction, percent. */
function sharesOf({ counts }: Weights, direction: Direction): number[] {
  const own = counts[direction] ?? [];
  const whole = own.reduce((total, count) => total + count, 0);
  return own.map((count) => (100 * count) / Math.max(1, whole));
}

function bars(weights: Weights, direction: Direction, gridIndex: number, theme: ChartTheme): CustomSeriesOption[] {
  const shares = sharesOf(weights, direction);
  if (shares.length === 0) return [];
  const { edges } = weights;
  const colour = colourOf(direction, theme);
  return [
    drawn({ id: `${direction}|${gridIndex}`, gridIndex, z: 2 }, (api) => {
      const corners = shares.flatMap((share, i) => [
        [edges[i] ?? 0, share],
        [edges[i + 1] ?? 0, share],
      ]);
      const outline = [[edges[0] ?? 0, 0], ...corners, [edges.at(-1) ?? 0, 0]].map((at) => api.coord(at).map(short));
      return {
        type: 'path',
        shape: { pathData: `M${outline.map((at) => at.join(' ')).join('L')}Z` },
        style: { fill: colour, fillOpacity: 0.18, stroke: colour, lineWidth: theme.hairline },
      };
    }),
  ];
}

/** Where log w would be for all draws of a perfect method. */
function truthMark(logZ: number, gridIndex: number, plot: Plot, theme: ChartTheme): CustomSeriesOption {
  return drawn({ id: `truth|${gridIndex}`, gridIndex, z: 3 }, (api) => {
    const [x = 0] = api.coord([logZ, 0]);
    return {
      type: 'line',
      shape: { x1: x, y1: plot.top, x2: x, y2: plot.bottom },
      style: { stroke: theme.truth, lineWidth: theme.hairline },
    };
  });
}

function heading({ label, told }: Weights, gridIndex: number, plot: Plot, theme: ChartTheme): CustomSeriesOption {
  const em = theme.fontSize;
  const fits = (text: string): string => {
    const width = plot.right - plot.left + em;
    if (textWidth(text, em) <= width) return text;
    return shortened(text, Math.max(4, Math.floor((text.length * width) / textWidth(text, em)) - 1));
  };
  return drawn(
    { id: `heading|${gridIndex}`, gridIndex, z: 6 },
    () => ({
      type: 'group',
      children: [
        textAt(fits(label), plot.left, plot.top - 3.8 * em, theme.ink, theme, true),
        ...told.map((text, line) =>
          textAt(fits(text), plot.left, plot.top + (1.35 * line - 2.4) * em, theme.quiet, theme),
        ),
      ],
    }),
    false,
  );
}

function table(all: readonly Weights[]): DataTable {
  return {
    columns: [
      { name: 'method', label: 'method', numeric: false },
      { name: 'draws_of', label: 'draws', numeric: false },
      { name: 'from_nats', label: 'log w from', unit: 'nats', numeric: true },
      { name: 'to_nats', label: 'to', unit: 'nats', numeric: true },
      { name: 'count', label: 'how many', numeric: true },
    ],
    rows: all.flatMap(({ label, edges, counts }) =>
      (['forward', 'reverse'] as const).flatMap((direction) =>
        (counts[direction] ?? []).map((count, i) => [
          ...[label, words[direction]].map(textCell),
          ...[numberCell(edges[i] ?? null, 3), numberCell(edges[i + 1] ?? null, 3), numberCell(count, 0)],
        ]),
      ),
    ),
  };
}
