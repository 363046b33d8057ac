import type { CustomSeriesOption } from 'echarts/charts';
import { drawn } from './marks';
import type { ChartTheme } from './theme';

/**
 * Thin vertical brackets: a stem from lower to upper bound, with a foot in the colour of each side. The feet point apart, so that both
 * are seen where the bounds meet.
 */
export function brackets(
  id: string,
  items: readonly { readonly x: number; readonly lower: number; readonly upper: number }[],
  theme: ChartTheme,
  width: number,
  spacing: number,
): CustomSeriesOption {
  const foot = Math.max(width * 1.6, Math.min(spacing * 0.32, theme.fontSize * 0.6));
  return drawn({ id, z: 3 }, (api) => {
    let [stems, lower, upper] = ['', '', ''];
    for (const item of items) {
      const [x = 0, bottom = 0] = api.coord([item.x, item.lower]);
      const top = api.coord([item.x, item.upper])[1] ?? 0;
      stems += `M${at(x)} ${at(bottom)}V${at(top)}`;
      lower += `M${at(x - foot)} ${at(bottom)}H${at(x)}`;
      upper += `M${at(x)} ${at(top)}H${at(x + foot)}`;
    }
    const path = (pathData: string, stroke: string, lineWidth: number) => ({
      type: 'path' as const,
      shape: { pathData },
      style: { stroke, fill: 'none', lineWidth },
    });
    return {
      type: 'group',
      children:
        items.length === 0
          ? []
          : [
              path(stems, theme.quiet, width * 0.7),
              path(lower, theme.lower, Math.max(width, theme.line * 0.8)),
              path(upper, theme.upper, Math.max(width, theme.line * 0.8)),
            ],
    };
  });
}

function at(value: number): string {
  return value.toFixed(2);
}
