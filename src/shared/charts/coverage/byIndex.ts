import type { CustomSeriesOption, LineSeriesOption } from 'echarts/charts';
import { pointsOnly } from '../base';
import { shortNumber } from '../../coverageTexts';
import { numberCell, textCell, type DataTable } from '../../tables';
import type { ChartOption, Figure, Range, Size } from '../figure';
import { itemTooltip } from '../interaction';
import { textAt } from '../labels';
import { areaBetween, drawn, level } from '../marks';
import { escapeHtml, shortened, textWidth, widest } from '../text';
import type { ChartTheme } from '../theme';
import { linearTicks, type Tick } from '../ticks';
import { gridFrame } from './grid';
import { short } from './looks';

/** One value for each of many: coordinates, classes. */
export interface ByIndexInput {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly empty: string | null;
  readonly xTitle: string;
  readonly yTitle: string;
  /** What each is called. */
  readonly names: readonly string[];
  readonly values: readonly (number | null)[];
  /** Where bars start from, one for all or one each. */
  readonly from: number | readonly number[];
  /** Where values lie that are as they should be. */
  readonly band?:
    { readonly low: readonly number[]; readonly high: readonly number[]; readonly label: string } | undefined;
  readonly levels?: readonly { readonly value: number; readonly label: string; readonly dash?: readonly number[] }[];
  /** Those that are off. */
  readonly flagged: ReadonlySet<number>;
  readonly range: Range;
  /** Whether bars lie on their side, with room for names. */
  readonly lying?: boolean;
  /** Names of the columns of the table. */
  readonly columns: { readonly each: string; readonly value: string; readonly from?: string };
}

/** A bar for each of many, from where it should be to where it is; red where it is off. */
export function byIndex(input: ByIndexInput): Figure {
  return {
    name: input.name,
    title: input.title,
    description: input.description,
    empty: input.empty,
    aspect: 0.42,
    heightAt: (width, theme) =>
      input.lying === true
        ? (1.7 * input.values.length + 5.8) * theme.fontSize
        : Math.min(0.45 * width, 18 * theme.fontSize),
    zoomable: false,
    steps: { series: 'values', count: input.values.length },
    option: (theme, size) => (input.empty === null ? option(input, theme, size) : {}),
    rows: () => table(input),
  };
}

function startOf({ from }: ByIndexInput, index: number): number {
  return typeof from === 'number' ? from : (from[index] ?? 0);
}

function option(input: ByIndexInput, theme: ChartTheme, size: Size): ChartOption {
  const { values, names, band, levels = [], flagged, range, lying = false } = input;
  const em = theme.fontSize;
  const count = values.length;
  const labels = names.map((name) => shortened(name, 12));
  const ticks = (_range: Range, most: number): Tick[] => {
    const fitting = lying ? count : Math.min(1.5 * most, (size.width * 0.92) / (widest(labels, em) + 0.8 * em));
    const stride = Math.max(1, Math.ceil(count / fitting));
    return labels
      .map((label, index) => ({ at: lying ? count - index - 0.5 : index + 0.5, label }))
      .filter((_, index) => index % stride === 0);
  };
  const words = [...levels.map(({ label }) => label), ...(band === undefined ? [] : [band.label])];
  const right = lying
    ? 0
    : Math.min(0.3 * size.width, Math.max(0, ...words.map((word) => textWidth(word, em))) + 0.9 * em);
  const along = { title: input.xTitle, range: [0, count] as const, ticks };
  const across = { title: input.yTitle, range, ticks: linearTicks };
  const made = gridFrame(
    {
      ...(lying ? { x: across, y: along } : { x: along, y: across }),
      ...{ lines: !lying, right },
    },
    theme,
    size,
  );
  const places = Array.from({ length: count + 1 }, (_, index) => index);
  const held = (list: readonly number[]): number[] => [...list, list.at(-1) ?? 0];
  const path = (id: string, colour: string, wanted: (index: number) => boolean) =>
    drawn({ id, z: 3 }, (api) => {
      const axis = lying ? 1 : 0;
      const each = Math.abs((api.coord([1, 1])[axis] ?? 0) - (api.coord([0, 0])[axis] ?? 0));
      const thick = Math.max(1, Math.min(0.62 * each, 1.6 * em));
      return {
        type: 'path',
        shape: {
          pathData: values
            .map((value, index) => {
              if (value === null || !wanted(index)) return '';
              if (lying) {
                const [from = 0, y = 0] = api.coord([startOf(input, index), count - index - 0.5]);
                const long = Math.max(1, (api.coord([value, 0])[0] ?? 0) - from);
                return `M${short(from)} ${short(y - thick / 2)}h${short(long)}v${short(thick)}h${short(-long)}z`;
              }
              const [x = 0, from = 0] = api.coord([index + 0.5, startOf(input, index)]);
              const to = api.coord([index + 0.5, value])[1] ?? 0;
              // What lies on its mark is a line and not nothing.
              const high = Math.abs(to - from) < 1 ? 1 : to - from;
              return `M${short(x - thick / 2)} ${short(from)}h${short(thick)}v${short(high)}h${short(-thick)}z`;
            })
            .join(''),
        },
        style: { fill: colour, opacity: 0.85 },
      };
    });
  return {
    ...made.option,
    dataZoom: [],
    tooltip: itemTooltip((_series, index) => tip(input, index)),
    series: [
      ...(band === undefined
        ? []
        : [
            areaBetween(
              { id: 'band', fill: theme.ink, opacity: theme.bandOpacity, z: 1 },
              places,
              held(band.low),
              held(band.high),
            ),
          ]),
      ...levels.map(({ value, dash }, index) => {
        const style = { stroke: theme.truth, width: theme.hairline, ...(dash ? { dash } : {}) };
        const id = `level|${index}`;
        return lying ? upright(id, value, count, style) : level({ id, z: 4, ...style }, value, [0, count]);
      }),
      path('as-they-should', theme.runs[5] ?? theme.ink, (index) => !flagged.has(index)),
      path('off', theme.danger, (index) => flagged.has(index)),
      drawn(
        { id: 'words', z: 6 },
        (api) => ({
          type: 'group',
          children: [
            ...levels.map(({ value, label }) => {
              if (!lying) {
                const [x = 0, y = 0] = api.coord([count, value]);
                return textAt(label, x + 0.5 * em, y, theme.ink, theme);
              }
              const [x = 0, y = 0] = api.coord([value, count]);
              return textAt(label, x - textWidth(label, em), y - 0.7 * em, theme.ink, theme);
            }),
            ...(band === undefined
              ? []
              : [
                  textAt(
                    band.label,
                    (api.coord([count, 0])[0] ?? 0) + 0.5 * em,
                    api.coord([count, ((band.low.at(-1) ?? 0) + (band.high.at(-1) ?? 0)) / 2])[1] ?? 0,
                    theme.quiet,
                    theme,
                  ),
                ]),
          ],
        }),
        false,
      ),
      targets(input, theme),
    ],
  };
}

/** A level of bars that lie on their side. */
function upright(
  id: string,
  value: number,
  count: number,
  { stroke, width, dash }: { stroke: string; width: number; dash?: readonly number[] },
): CustomSeriesOption {
  return drawn({ id, z: 4 }, (api) => {
    const [x = 0, y1 = 0] = api.coord([value, 0]);
    const y2 = api.coord([value, count])[1] ?? 0;
    return {
      type: 'line',
      shape: { x1: x, y1, x2: x, y2 },
      style: { stroke, lineWidth: width, ...(dash === undefined ? {} : { lineDash: [...dash] }) },
    };
  });
}

function targets(input: ByIndexInput, theme: ChartTheme): LineSeriesOption {
  return {
    id: 'values',
    ...pointsOnly,
    data: input.values.map((value, index) => ({
      value:
        input.lying === true
          ? [(value ?? startOf(input, index)) / 2, input.values.length - index - 0.5]
          : [index + 0.5, value ?? startOf(input, index)],
      symbol: 'circle',
      symbolSize: theme.name === 'paper' ? 0 : theme.fontSize * 1.2,
      itemStyle: { color: 'transparent', borderWidth: 0 },
    })),
  };
}

function tip(input: ByIndexInput, index: number): string {
  const row = (name: string, text: string): string => `<tr><td>${name}</td><td class="value">${text}</td></tr>`;
  const value = input.values[index];
  return [
    `<p>${escapeHtml(`${input.columns.each} ${input.names[index] ?? ''}`)}</p><table>`,
    row(input.columns.value, typeof value === 'number' ? shortNumber(value) : 'none'),
    input.columns.from === undefined ? '' : row(input.columns.from, shortNumber(startOf(input, index))),
    '</table>',
  ].join('');
}

function table(input: ByIndexInput): DataTable {
  const { columns, band } = input;
  return {
    columns: [
      { name: 'index', label: columns.each, numeric: false },
      { name: 'value', label: columns.value, numeric: true },
      ...(columns.from === undefined ? [] : [{ name: 'expected', label: columns.from, numeric: true }]),
      ...(band === undefined
        ? []
        : [
            { name: 'low', label: 'low', numeric: true },
            { name: 'high', label: 'high', numeric: true },
          ]),
      { name: 'off', label: 'off', numeric: false },
    ],
    rows: input.values.map((value, index) => [
      textCell(input.names[index] ?? String(index)),
      numberCell(value, 4),
      ...(columns.from === undefined ? [] : [numberCell(startOf(input, index), 4)]),
      ...(band === undefined ? [] : [numberCell(band.low[index] ?? null, 4), numberCell(band.high[index] ?? null, 4)]),
      textCell(input.flagged.has(index) ? 'yes' : ''),
    ]),
  };
}
