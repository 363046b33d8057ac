import { gridOf, plotArea, tickRoom, xAxis, yAxis, type Axis, type Plot } from '../axes';
import { baseOption } from '../base';
import type { ChartOption, Range, Size, View } from '../figure';
import { zoom } from '../interaction';
import { legendLayout, type LegendItem } from '../labels';
import type { ChartTheme } from '../theme';
import { linearTicks, within, type Tick } from '../ticks';

/** One axis: its ticks are given, or round numbers. */
export interface GridAxis {
  readonly title: string;
  readonly range: Range;
  readonly ticks?: ((range: Range, most: number) => readonly Tick[]) | undefined;
}

export interface GridInput {
  readonly x: GridAxis;
  readonly y: GridAxis;
  /** Whether a unit is as long on both axes. */
  readonly equal?: boolean;
  /** Whether lines go across from the ticks of y. */
  readonly lines?: boolean;
  /** What stands below on paper. */
  readonly legend?: readonly LegendItem[];
  /** Room right of the plot, for what is written there. */
  readonly right?: number;
}

export interface MadeGrid {
  readonly plot: Plot;
  /** Of the legend of paper. */
  readonly top: number;
  readonly option: ChartOption;
}

/** One grid with its axes, and room for the legend that paper has. */
export function gridFrame(input: GridInput, theme: ChartTheme, size: Size, view?: View): MadeGrid {
  const { x, y, equal = false, lines = false, legend = [], right = 0 } = input;
  const em = theme.fontSize;
  const below = theme.name === 'paper' ? legendLayout(legend, size.width - 0.8 * em, theme).height : 0;
  const inner = { width: size.width, height: size.height - below };
  const axisOf = ({ title, range, ticks = linearTicks }: GridAxis, shown: Range, most: number): Axis => ({
    ...{ title, range, ticks: ticks(shown, most) },
  });
  const [xRange, yRange] = [view ? within(x.range, view.x) : x.range, view ? within(y.range, view.y) : y.range];
  const vertical = (height: number): Axis => axisOf(y, yRange, tickRoom(height, theme, 3.2));
  const first = plotArea(inner, theme, vertical(inner.height - 5.6 * em), { right });
  const plot = equal ? squared(first, x.range, y.range) : first;
  const yTicks = vertical(plot.bottom - plot.top);
  const xTicks = axisOf(x, xRange, tickRoom(plot.right - plot.left, theme, 4.5));
  const up = yAxis(yTicks, theme, 0, plot.left - em * 0.7);
  return {
    plot,
    top: size.height - below,
    option: {
      ...baseOption(theme),
      grid: gridOf(plot, size),
      xAxis: xAxis(xTicks, theme),
      yAxis: lines ? up : { ...up, splitLine: { show: false } },
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
