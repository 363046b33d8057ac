import type { ChartOption, View } from './figure';
import type { ChartTheme } from './theme';

/** Both axes are zoomed at once by the wheel, so that the aspect stays, and moved by dragging. */
export function zoom(view: View | undefined): Pick<ChartOption, 'dataZoom'> {
  const one = (axis: 'x' | 'y') => ({
    id: `zoom-${axis}`,
    type: 'inside' as const,
    [`${axis}AxisIndex`]: 0,
    filterMode: 'none' as const,
    // The wheel alone scrolls the page.
    zoomOnMouseWheel: 'ctrl' as const,
    moveOnMouseWheel: false,
    minSpan: 0.05,
    start: 100 * (view?.[axis][0] ?? 0),
    end: 100 * (view?.[axis][1] ?? 1),
  });
  return { dataZoom: [one('x'), one('y')] };
}

/** Nothing of its own: colours and spaces come from the style sheet, through the class of {@link card}. */
const bare = {
  confine: true,
  transitionDuration: 0,
  backgroundColor: 'transparent',
  borderWidth: 0,
  padding: 0,
  extraCssText: 'box-shadow:none',
} as const;

/** A table at the pointer for whatever lies over the nearest x. */
export function axisTooltip(
  theme: ChartTheme,
  html: (dataIndex: number) => string,
): NonNullable<ChartOption['tooltip']> {
  return {
    trigger: 'axis',
    ...bare,
    axisPointer: {
      type: 'line',
      snap: true,
      animation: false,
      lineStyle: { color: theme.axis, width: theme.hairline, type: 'solid' },
      label: { show: false },
    },
    formatter: (given) => {
      const [first] = Array.isArray(given) ? given : [given];
      return first === undefined ? '' : card(html(first.dataIndex));
    },
  };
}

/** A table at the pointer for the point under it. */
export function itemTooltip(html: (series: string, dataIndex: number) => string): NonNullable<ChartOption['tooltip']> {
  return {
    trigger: 'item',
    ...bare,
    formatter: (given) => {
      const [first] = Array.isArray(given) ? given : [given];
      return first === undefined ? '' : card(html(first.seriesId ?? '', first.dataIndex));
    },
  };
}

function card(html: string): string {
  return `<div class="chart-tip">${html}</div>`;
}
