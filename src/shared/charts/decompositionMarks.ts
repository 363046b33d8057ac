import type { CustomSeriesOption } from 'echarts/charts';
import type { Plot } from './axes';
import type { Aim, Split } from './decompositionData';
import type { Size } from './figure';
import { textAt } from './labels';
import { drawn } from './marks';
import { textWidth } from './text';
import type { ChartTheme } from './theme';

/** One bar a row. A term below 0 goes back, so that both then share the height. */
export function bars(splits: readonly Split[], theme: ChartTheme): CustomSeriesOption {
  const height = theme.fontSize * 1.1;
  return {
    id: 'bars',
    type: 'custom',
    coordinateSystem: 'cartesian2d',
    z: 4,
    animation: false,
    data: splits.map(({ ba, contrastive }, index) => [ba + contrastive, index]),
    renderItem: (params, api) => {
      const split = splits[params.dataIndex];
      if (split === undefined) return { type: 'group', children: [] };
      const { ba, contrastive, ceiling } = split;
      const at = (value: number): number => api.coord([value, params.dataIndex])[0] ?? 0;
      const middle = api.coord([0, params.dataIndex])[1] ?? 0;
      const crossing = ba < 0 || contrastive < 0;
      const rect = (from: number, to: number, lane: 0 | 1, fill: string) => {
        const [left, right] = [Math.min(at(from), at(to)), Math.max(at(from), at(to))];
        const tall = crossing ? height / 2 : height;
        const top = middle - height / 2 + (crossing ? lane * (height / 2) : 0);
        return {
          type: 'rect' as const,
          ...{ x: 0, y: 0 },
          shape: { x: left, y: top, width: Math.max(0.01, right - left), height: tall },
          style: { fill },
        };
      };
      const { ba: first, contrastive: second } = coloursOf(theme);
      return {
        type: 'group',
        ...{ x: 0, y: 0 },
        children: [
          rect(0, ba, 0, first),
          rect(ba, ba + contrastive, 1, second),
          ...(ceiling === null ? [] : [ceilingMark(at(ba), at(ceiling), middle, height, theme)]),
        ],
      };
    },
  };
}

/** From the end of the first term to where log K ends. */
function ceilingMark(from: number, to: number, middle: number, height: number, theme: ChartTheme) {
  const [top, bottom] = [middle - height * 0.75, middle + height * 0.75];
  return {
    type: 'path' as const,
    ...{ x: 0, y: 0 },
    shape: { pathData: `M${from} ${middle}H${to}M${to} ${top}V${bottom}` },
    style: { stroke: theme.ink, fill: 'none', lineWidth: theme.hairline },
  };
}

function coloursOf(theme: ChartTheme): { ba: string; contrastive: string } {
  return { ba: theme.lower, contrastive: theme.lowerShades[theme.name === 'dark' ? 1 : 0] ?? theme.lower };
}

/** What the bounds fall short of, over the whole height, said above it. */
export function aimMark(aim: Aim, plot: Plot, theme: ChartTheme): CustomSeriesOption {
  const em = theme.fontSize;
  return drawn(
    { id: 'aim', z: 5 },
    (api) => {
      const [left = 0] = api.coord([aim.low, 0]);
      const [right = 0] = api.coord([aim.high, 0]);
      const wide = textWidth(aim.label, em);
      const text = Math.max(plot.left, Math.min(plot.right - wide, (left + right) / 2 - wide / 2));
      return {
        type: 'group',
        children: [
          {
            type: 'rect',
            shape: {
              x: left,
              y: plot.top,
              width: Math.max(theme.hairline, right - left),
              height: plot.bottom - plot.top,
            },
            style: { fill: theme.truth, opacity: right - left > 2 * theme.hairline ? 0.3 : 1 },
          },
          textAt(aim.label, text, plot.top - 0.8 * em, theme.ink, theme),
        ],
      };
    },
    false,
  );
}

/** What each bar comes to, right of the plot. */
export function valuesMark(texts: readonly string[], plot: Plot, theme: ChartTheme): CustomSeriesOption {
  return drawn(
    { id: 'values', z: 6 },
    (api) => ({
      type: 'group',
      children: texts.map((text, index) =>
        textAt(text, plot.right + 0.6 * theme.fontSize, api.coord([0, index])[1] ?? 0, theme.ink, theme),
      ),
    }),
    false,
  );
}

/** What the parts of a bar are, below the axis. */
export function keyMark(plot: Plot, size: Size, theme: ChartTheme): CustomSeriesOption {
  const em = theme.fontSize;
  const colours = coloursOf(theme);
  return drawn(
    { id: 'key', z: 6 },
    () => {
      const y = size.height - 0.9 * em;
      let x = Math.min(plot.left, em);
      const children = (['BA term', 'contrastive term', 'at most log K'] as const).flatMap((text, index) => {
        const from = x;
        x += textWidth(text, em) + 3.2 * em;
        const fill = index === 0 ? colours.ba : colours.contrastive;
        const swatch =
          index < 2
            ? {
                type: 'rect' as const,
                shape: { x: from, y: y - 0.4 * em, width: 1.2 * em, height: 0.8 * em },
                style: { fill },
              }
            : ceilingMark(from, from + 1.2 * em, y, 0.8 * em, theme);
        return [swatch, textAt(text, from + 1.6 * em, y, theme.ink, theme)];
      });
      return { type: 'group', children };
    },
    false,
  );
}
