import { gridOf, plotArea, tickRoom, xAxis, yAxis, type Axis, type Plot } from '../axes';
import { baseOption } from '../base';
import type { ChartOption, Range, Size, View } from '../figure';
import { zoom } from '../interaction';
import { legendLayout, type LegendItem } from '../labels';
import type { ChartTheme } from '../theme';
import { linearTicks, within } from '../ticks';

export interface FrameInput {
  readonly x: { readonly title: string; readonly range: Range };
  readonly y: { readonly title: string; readonly range: Range };
  /** Whether a unit is as long on both axes, where that leaves room enough. */
  readonly equal?: boolean;
  /** What stands below on paper. */
  readonly legend: readonly LegendItem[];
}

export interface Frame {
  readonly plot: Plot;
  /** Of the legend. */
  readonly top: number;
  readonly option: ChartOption;
}

/** One grid with numbers on both axes, and room for the legend that paper has. */
export function frame(
  { x, y, equal = false, legend }: FrameInput,
  theme: ChartTheme,
  size: Size,
  view: View | undefined,
): Frame {
  const em = theme.fontSize;
  const below = theme.name === 'paper' ? legendLayout(legend, size.width - 0.8 * em, theme).height : 0;
  const inner = { width: size.width, height: size.height - below };
  const shown = (axis: 'x' | 'y', range: Range): Range => (view === undefined ? range : within(range, view[axis]));
  const ticksOf = (range: Range, length: number, each: number) => linearTicks(range, tickRoom(length, theme, each));
  const yRange = shown('y', y.range);
  const yAxisOf = (height: number): Axis => ({ ...y, ticks: ticksOf(yRange, height, 4) });
  const first = plotArea(inner, theme, yAxisOf(inner.height - 5.6 * em));
  const plot = equal ? squared(first, x.range, y.range) : first;
  const vertical = yAxisOf(plot.bottom - plot.top);
  const horizontal: Axis = { ...x, ticks: ticksOf(shown('x', x.range), plot.right - plot.left, 5) };
  return {
    plot,
    top: size.height - below,
    option: {
      ...baseOption(theme),
      grid: gridOf(plot, size),
      xAxis: xAxis(horizontal, theme),
      // Lines of a grid would lie over the areas.
      yAxis: { ...yAxis(vertical, theme, 0, plot.left - em * 0.7), splitLine: { show: false } },
      ...zoom(view),
    },
  };
}

/** Where both axes reach about as far, a unit is as long on one as on the other. */
function squared(plot: Plot, x: Range, y: Range): Plot {
  const [wide, high] = [x[1] - x[0], y[1] - y[0]];
  if (wide / high > 2.5 || high / wide > 2.5) return plot;
  const scale = Math.min((plot.right - plot.left) / wide, (plot.bottom - plot.top) / high);
  return { ...plot, right: plot.left + scale * wide, top: plot.bottom - scale * high };
}
