import type { CustomSeriesOption } from 'echarts/charts';
import type { CustomSeriesRenderItemReturn } from 'echarts';
import type { Plot } from './axes';
import type { Mark } from './encoding';
import type { Size } from './figure';
import { drawn } from './marks';
import { placeLabels } from './placeLabels';
import { textWidth } from './text';
import type { ChartTheme } from './theme';

type Element = NonNullable<CustomSeriesRenderItemReturn>;

/** What stands right of a line's end instead of an entry in a legend. */
export interface EndLabel {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly colour: string;
  readonly bold?: boolean;
  /** Line from the label to the end of its line, in the line's own colour; none for labels that belong to no line. */
  readonly leader: string | null;
}

/** Height of a label over the size of its text. */
const labelHeight = 1.35;

/** Labels in a column right of the plot, moved apart, each led to the end of its line. Those out of sight point to where it is. */
export function endLabels(labels: readonly EndLabel[], plot: Plot, theme: ChartTheme): CustomSeriesOption {
  const em = theme.fontSize;
  const column = plot.right + 1.5 * em;
  const style = { id: 'labels', z: 6 };
  return drawn(
    style,
    (api) => {
      const ends = labels.map(({ x, y }) => api.coord([x, y]));
      const wanted = ends.map(([, y = 0]) => Math.max(plot.top, Math.min(plot.bottom, y)));
      const placed = placeLabels(wanted, labelHeight * em, [plot.top - 0.8 * em, plot.bottom + 0.6 * em]);
      return {
        type: 'group',
        children: labels.flatMap((label, index): Element[] => {
          const y = placed[index] ?? 0;
          const [endX = 0, endY = 0] = ends[index] ?? [];
          const hidden = endY < plot.top - 1 || endY > plot.bottom + 1;
          const arrow = hidden ? (endY < plot.top ? '↑ ' : '↓ ') : '';
          const text = textAt(`${arrow}${label.text}`, column, y, label.colour, theme, label.bold);
          if (label.leader === null || hidden) return [text];
          const from = Math.min(Math.max(endX, plot.left), plot.right) + 0.5 * em;
          const bend = plot.right + 0.5 * em;
          return [
            {
              type: 'path',
              shape: { pathData: `M${from} ${endY}L${Math.max(from, bend)} ${endY}L${column - 0.3 * em} ${y}` },
              style: { stroke: label.leader, fill: 'none', lineWidth: theme.hairline, opacity: 0.8 },
            },
            text,
          ];
        }),
      };
    },
    false,
  );
}

/** Whether lines can be named at their ends: the names stand above each other in the plot and leave most of the width to it. */
export function fitsAtEnds(texts: readonly string[], size: Size, theme: ChartTheme): boolean {
  const em = theme.fontSize;
  const height = size.height - 4.2 * em;
  return texts.length * labelHeight * em <= height && endLabelRoom(texts, theme) <= 0.42 * size.width;
}

/** How wide the column of labels must be. */
export function endLabelRoom(texts: readonly string[], theme: ChartTheme): number {
  const widest = Math.max(0, ...texts.map((text) => textWidth(`↑ ${text}`, theme.fontSize)));
  return widest + 2 * theme.fontSize;
}

export interface LegendItem {
  /** Of the line that it stands for. */
  readonly key: string;
  readonly text: string;
  readonly colour: string;
  readonly textColour: string;
  readonly mark: Mark | null;
  readonly dash: readonly number[];
}

/** Where the entries of a legend go, line by line. */
export function legendLayout(
  items: readonly LegendItem[],
  width: number,
  theme: ChartTheme,
): { readonly at: readonly { readonly x: number; readonly line: number }[]; readonly height: number } {
  const em = theme.fontSize;
  let [x, line] = [0, 0];
  const at = items.map(({ text }) => {
    const needed = 2.6 * em + textWidth(text, em) + 1.4 * em;
    if (x > 0 && x + needed - 1.4 * em > width) [x, line] = [0, line + 1];
    const place = { x, line };
    x += needed;
    return place;
  });
  return { at, height: items.length === 0 ? 0 : (line + 1) * 1.5 * em };
}

/** A legend below the plot, where there are too many lines to label each at its end. */
export function legend(
  items: readonly LegendItem[],
  left: number,
  top: number,
  width: number,
  theme: ChartTheme,
): CustomSeriesOption {
  const em = theme.fontSize;
  const { at } = legendLayout(items, width, theme);
  return drawn(
    { id: 'legend', z: 6 },
    () => ({
      type: 'group',
      children: items.flatMap((item, index): Element[] => {
        const { x = 0, line = 0 } = at[index] ?? {};
        const y = top + (line + 0.6) * 1.5 * em;
        const dash = item.dash.map((length) => length * theme.line);
        return [
          {
            type: 'line',
            shape: { x1: left + x, y1: y, x2: left + x + 2.1 * em, y2: y },
            style: { stroke: item.colour, lineWidth: theme.line, ...(dash.length === 0 ? {} : { lineDash: dash }) },
          },
          ...(item.mark === null ? [] : [glyph(item.mark, left + x + 1.05 * em, y, item.colour, theme)]),
          textAt(item.text, left + x + 2.6 * em, y, item.textColour, theme),
        ];
      }),
    }),
    false,
  );
}

export function textAt(text: string, x: number, y: number, fill: string, theme: ChartTheme, bold = false): Element {
  return {
    type: 'text',
    x,
    y,
    style: {
      text,
      fill,
      fontFamily: theme.font,
      fontSize: theme.fontSize,
      ...(bold ? { fontWeight: 600 } : {}),
      align: 'left',
      verticalAlign: 'middle',
    },
  };
}

/** A marker of a line, as the lines have them. */
function glyph({ symbol, hollow }: Mark, x: number, y: number, colour: string, theme: ChartTheme): Element {
  return {
    type: 'path',
    shape: { pathData: markPath(symbol, x, y, theme.fontSize * 0.27) },
    style: { fill: hollow ? theme.behind : colour, stroke: colour, lineWidth: theme.line * 0.7 },
  };
}

/** The outline of a marker as an SVG path. @param r half its size */
export function markPath(symbol: Mark['symbol'], x: number, y: number, r: number): string {
  const paths: Partial<Record<Mark['symbol'], string>> = {
    rect: `M${x - r} ${y - r}h${2 * r}v${2 * r}h${-2 * r}z`,
    triangle: `M${x} ${y - r}L${x + r} ${y + r}H${x - r}z`,
    cross: `M${x - r} ${y - r}l${2 * r} ${2 * r}M${x - r} ${y + r}l${2 * r} ${-2 * r}`,
    diamond: `M${x} ${y - 1.2 * r}L${x + 1.2 * r} ${y}L${x} ${y + 1.2 * r}L${x - 1.2 * r} ${y}z`,
  };
  return paths[symbol] ?? `M${x} ${y - r}a${r} ${r} 0 1 0 0 ${2 * r}a${r} ${r} 0 1 0 0 ${-2 * r}z`;
}
