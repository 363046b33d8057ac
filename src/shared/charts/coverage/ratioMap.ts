import type { LineSeriesOption } from 'echarts/charts';
import type { CustomSeriesRenderItemReturn } from 'echarts';
import { pointsOnly } from '../base';
import { modesOf } from '../../coverageStandings';
import { modeName, shortNumber } from '../../coverageTexts';
import { formatCount } from '../../format';
import { numberCell, textCell, type DataTable } from '../../tables';
import type { ChartOption, Figure, Size } from '../figure';
import { itemTooltip } from '../interaction';
import { textAt } from '../labels';
import { drawn } from '../marks';
import { escapeHtml, textWidth } from '../text';
import type { ChartTheme } from '../theme';
import { gridFrame } from './grid';
import { mixed, short } from './looks';
import type { WeightBarsInput } from './weightBars';

type Element = NonNullable<CustomSeriesRenderItemReturn>;

interface Cell {
  readonly mode: number;
  readonly column: number;
  readonly row: number;
  readonly ratio: number;
}

interface Layout {
  readonly columns: number;
  readonly rows: number;
  readonly cells: readonly Cell[];
}

/** Doublings of the true weight at which the colour is full. */
const fullAt = 2;
const shades = 8;

/**
 * Every pattern of signs as one cell, as red as it is empty. Neighbours across and down differ in one sign (Gray code), so that what is
 * lost together stands together.
 */
export function ratioMap(input: WeightBarsInput): Figure {
  const layout = layoutOf(input);
  const lost = modesOf(input.card, 'missed').length;
  return {
    name: 'mode-map',
    title: 'Samples over true weight, by signs',
    description:
      layout === null
        ? ''
        : `${input.label}: ${formatCount(layout.rows)} × ${formatCount(layout.columns)} patterns of signs; neighbours differ in one sign. ${formatCount(lost)} were certainly missed.`,
    empty: layout === null ? 'The modes are no patterns of signs.' : null,
    aspect: 1,
    heightAt: (width, theme) =>
      layout === null
        ? 0.5 * width
        : Math.min(1.2, layout.rows / layout.columns) * (width - 4 * theme.fontSize) + 6.5 * theme.fontSize,
    zoomable: false,
    steps: layout === null ? null : { series: 'cells', count: layout.cells.length },
    option: (theme, size) => (layout === null ? {} : option(layout, input, theme, size)),
    rows: () => table(layout, input),
  };
}

/** The place of a pattern of signs in Gray code: neighbours in it differ in one sign. @param signs "+" and "-" */
export function grayRank(signs: string): number {
  let [rank, bit] = [0, 0];
  for (const sign of signs) {
    bit ^= sign === '+' ? 1 : 0;
    rank = 2 * rank + bit;
  }
  return rank;
}

function layoutOf({ card, signs }: WeightBarsInput): Layout | null {
  const { modes } = card;
  const length = signs?.[0]?.length ?? 0;
  if (modes === undefined || signs === undefined || length < 2) return null;
  if (signs.length !== modes.weights.length || signs.some((one) => one.length !== length)) return null;
  const half = Math.ceil(length / 2);
  return {
    columns: 2 ** half,
    rows: 2 ** (length - half),
    cells: signs.map((pattern, mode) => ({
      mode,
      column: grayRank(pattern.slice(0, half)),
      row: grayRank(pattern.slice(half)),
      ratio: (modes.raw[mode] ?? 0) / (modes.weights[mode] ?? NaN),
    })),
  };
}

/** Red where samples lack, violet where there are too many, the page where there are as many as there should be. */
function shadeOf(ratio: number, theme: ChartTheme): string {
  const doublings = ratio > 0 ? Math.log2(ratio) : -fullAt;
  const share = Math.min(1, Math.abs(doublings) / fullAt);
  const kept = (Math.round(share * shades) / shades) * 0.9;
  return mixed(groundOf(theme), doublings < 0 ? theme.danger : (theme.runs[5] ?? theme.ink), kept);
}

/** Not quite the page, so that the map has an edge. */
function groundOf(theme: ChartTheme): string {
  return mixed(theme.behind, theme.axis, 0.12);
}

function option(
  layout: Layout,
  { card, signs, highlight }: WeightBarsInput,
  theme: ChartTheme,
  size: Size,
): ChartOption {
  const em = theme.fontSize;
  const below = 2.6 * em;
  const half = Math.ceil((signs?.[0]?.length ?? 0) / 2);
  const made = gridFrame(
    {
      x: { title: `signs of coordinates 1 to ${half}`, range: [0, layout.columns], ticks: () => [] },
      y: {
        title: `signs of coordinates ${half + 1} to ${signs?.[0]?.length ?? 0}`,
        range: [0, layout.rows],
        ticks: () => [],
      },
      equal: layout.columns <= 2 * layout.rows,
    },
    theme,
    { width: size.width, height: size.height - below },
  );
  const grid = made.option.grid;
  const missed = new Set(modesOf(card, 'missed'));
  const chosen = layout.cells.find(({ mode }) => mode === highlight);
  return {
    ...made.option,
    dataZoom: [],
    grid: { ...(Array.isArray(grid) ? grid[0] : grid), bottom: size.height - made.plot.bottom },
    tooltip: itemTooltip((_series, index) => tip(layout.cells[index], card, signs)),
    series: [
      drawn({ id: 'map', z: 2 }, (api) => {
        const corner = (column: number, row: number): readonly [number, number] => {
          const [x = 0, y = 0] = api.coord([column, layout.rows - row]);
          return [x, y];
        };
        const [left, top] = corner(0, 0);
        const [right, bottom] = corner(layout.columns, layout.rows);
        const [wide, high] = [(right - left) / layout.columns, (bottom - top) / layout.rows];
        const gap = Math.min(1, 0.08 * wide);
        const rectangle = ({ column, row }: Cell): string =>
          `M${short(left + column * wide)} ${short(top + row * high)}h${short(wide - gap)}v${short(high - gap)}h${short(gap - wide)}z`;
        // Cells of one colour are one path: a thousand elements would be slow.
        const shaded = Map.groupBy(layout.cells, ({ mode, ratio }) =>
          missed.has(mode) ? theme.danger : shadeOf(ratio, theme),
        );
        return {
          type: 'group',
          children: [
            ...[...shaded].map(([fill, cells]): Element => ({
              type: 'path',
              shape: { pathData: cells.map(rectangle).join('') },
              style: { fill },
            })),
            ...(chosen === undefined
              ? []
              : [
                  {
                    type: 'path' as const,
                    shape: { pathData: rectangle(chosen) },
                    style: { fill: 'none', stroke: theme.ink, lineWidth: theme.line * 1.2 },
                  },
                ]),
          ],
        };
      }),
      ...(theme.name === 'paper' ? [] : [targets(layout, made.plot, theme)]),
      scale(size, theme),
    ],
  };
}

function targets(layout: Layout, plot: { left: number; right: number }, theme: ChartTheme): LineSeriesOption {
  const side = (plot.right - plot.left) / layout.columns;
  return {
    id: 'cells',
    ...pointsOnly,
    data: layout.cells.map(({ column, row }) => ({
      value: [column + 0.5, layout.rows - row - 0.5],
      symbol: 'rect',
      symbolSize: Math.max(3, side),
      itemStyle: { color: 'transparent', borderWidth: 0, borderColor: theme.ink },
    })),
  };
}

/** What the colours say, below the map. */
function scale(size: Size, theme: ChartTheme) {
  const em = theme.fontSize;
  const steps = [0, 0.25, 0.5, 1, 2, 4];
  const names = ['0', '¼', '½', '1', '2', '4 times its weight'];
  const widths = names.map((name) => 1.5 * em + textWidth(name, em));
  return drawn(
    { id: 'scale', z: 6 },
    () => ({
      type: 'group',
      children: steps.flatMap((ratio, index): Element[] => {
        const x = 0.5 * em + widths.slice(0, index).reduce((sum, width) => sum + width + 0.7 * em, 0);
        const y = size.height - 1.3 * em;
        return [
          {
            type: 'rect',
            shape: { x, y: y - 0.45 * em, width: 0.9 * em, height: 0.9 * em },
            style: {
              fill: ratio === 0 ? theme.danger : shadeOf(ratio, theme),
              stroke: theme.axis,
              lineWidth: theme.hairline,
            },
          },
          textAt(names[index] ?? '', x + 1.3 * em, y, theme.ink, theme),
        ];
      }),
    }),
    false,
  );
}

function tip(cell: Cell | undefined, card: WeightBarsInput['card'], signs: readonly string[] | undefined): string {
  if (cell === undefined) return '';
  const { modes, samples } = card;
  const row = (name: string, text: string): string => `<tr><td>${name}</td><td class="value">${text}</td></tr>`;
  return [
    `<p>${escapeHtml(modeName(card, cell.mode, signs))}</p><table>`,
    row('samples', formatCount((modes?.raw[cell.mode] ?? 0) * samples)),
    row('expected', shortNumber((modes?.weights[cell.mode] ?? 0) * samples)),
    row('samples / true weight', shortNumber(cell.ratio)),
    '</table>',
  ].join('');
}

function table(layout: Layout | null, { card, signs }: WeightBarsInput): DataTable {
  return {
    columns: [
      { name: 'mode', label: 'mode', numeric: true },
      { name: 'signs', label: 'signs', numeric: false },
      { name: 'column', label: 'column', numeric: true },
      { name: 'row', label: 'row', numeric: true },
      { name: 'ratio', label: 'samples / true weight', numeric: true },
    ],
    rows: (layout?.cells ?? []).map(({ mode, column, row, ratio }) => [
      numberCell(mode, 0),
      textCell(modeName(card, mode, signs)),
      numberCell(column, 0),
      numberCell(row, 0),
      numberCell(ratio, 3),
    ]),
  };
}
