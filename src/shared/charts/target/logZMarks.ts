import type { CustomSeriesOption } from 'echarts/charts';
import type { Plot } from '../axes';
import type { Mark } from '../encoding';
import { markPath, textAt } from '../labels';
import { drawn } from '../marks';
import { textWidth } from '../text';
import type { ChartTheme } from '../theme';
import type { End, Row } from './logZRows';

/** The lower bound from below, the upper one from above, what lies between them tinted, and the estimate as a line across. */
export function bounds(rows: readonly Row[], theme: ChartTheme): CustomSeriesOption {
  const em = theme.fontSize;
  return {
    ...{ id: 'bounds', type: 'custom', coordinateSystem: 'cartesian2d', z: 4, animation: false },
    data: rows.map((row, index) => [row.lower?.value ?? row.upper?.value ?? row.estimate ?? 0, index]),
    renderItem: (params, api) => {
      const row = rows[params.dataIndex];
      if (row === undefined) return { type: 'group', children: [] };
      const y = api.coord([0, params.dataIndex])[1] ?? 0;
      const at = (value: number): number => api.coord([value, params.dataIndex])[0] ?? 0;
      const side = (end: End | null, colour: string) =>
        end === null ? [] : endMarks(end, colour, row.mark, at, y, theme);
      const [low, high] = [row.lower?.value, row.upper?.value];
      const half = 0.42 * em;
      return {
        type: 'group',
        ...{ x: 0, y: 0 },
        children: [
          ...(low === undefined || high === undefined || high <= low
            ? []
            : [path(`M${at(low)} ${y - half}H${at(high)}V${y + half}H${at(low)}z`, { fill: theme.gap })]),
          ...(row.estimate === null
            ? []
            : [
                path(`M${at(row.estimate)} ${y - 0.6 * em}v${1.2 * em}`, {
                  ...{ stroke: theme.estimate, fill: 'none', lineWidth: theme.line },
                }),
              ]),
          ...side(row.lower, row.ideal ? theme.quiet : theme.lower),
          ...side(row.upper, theme.upper),
        ],
      };
    },
  };
}

function endMarks(
  { value, ci95 }: End,
  colour: string,
  mark: Mark,
  at: (value: number) => number,
  y: number,
  theme: ChartTheme,
) {
  const em = theme.fontSize;
  const [low, high, foot] = [at(value - (ci95 ?? 0)), at(value + (ci95 ?? 0)), 0.35 * em];
  return [
    path(`M${low} ${y}H${high}M${low} ${y - foot}v${2 * foot}M${high} ${y - foot}v${2 * foot}`, {
      ...{ stroke: colour, fill: 'none', lineWidth: ci95 === null ? 0 : theme.line * 0.7 },
    }),
    path(markPath(mark.symbol, at(value), y, em * 0.34), {
      ...{ fill: mark.hollow ? theme.behind : colour, stroke: colour, lineWidth: theme.line * 0.7 },
    }),
  ];
}

function path(
  pathData: string,
  style: { readonly fill: string; readonly stroke?: string; readonly lineWidth?: number },
) {
  return { type: 'path' as const, ...{ x: 0, y: 0 }, shape: { pathData }, style };
}

export function truthMark(logZ: number, plot: Plot, theme: ChartTheme): CustomSeriesOption {
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

export function values(texts: readonly string[], heading: string, plot: Plot, theme: ChartTheme): CustomSeriesOption {
  const x = plot.right + 0.8 * theme.fontSize;
  return drawn(
    { id: 'values', z: 6 },
    (api) => ({
      type: 'group',
      children: [
        ...texts.map((text, index) => textAt(text, x, api.coord([0, index])[1] ?? 0, theme.ink, theme)),
        ...(heading !== '' ? [textAt(heading, x, plot.top - 0.8 * theme.fontSize, theme.quiet, theme)] : []),
      ],
    }),
    false,
  );
}
