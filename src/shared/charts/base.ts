import { xAxis, yAxis, type Axis } from './axes';
import type { ChartOption } from './figure';
import type { ChartTheme } from './theme';

/** What every chart is drawn with. */
export function baseOption(
  theme: ChartTheme,
): Partial<Pick<ChartOption, 'animation' | 'backgroundColor' | 'textStyle'>> {
  return {
    animation: false,
    ...(theme.background === null ? {} : { backgroundColor: theme.background }),
    textStyle: { fontFamily: theme.font, fontSize: theme.fontSize },
  };
}

/** Points that the pointer finds, of a line that is not drawn. */
export const pointsOnly = {
  type: 'line',
  z: 5,
  showSymbol: true,
  showAllSymbol: true,
  lineStyle: { opacity: 0 },
  emphasis: { disabled: true },
  animation: false,
} as const;

/** The axes of numbers in rows that are read from top to bottom: lines of the grid go down, names stand at the left in ink. */
export function rowAxes(x: Axis, y: Axis, theme: ChartTheme): Pick<ChartOption, 'xAxis' | 'yAxis'> {
  const axis = yAxis(y, theme);
  return {
    xAxis: {
      ...xAxis(x, theme),
      splitLine: { show: theme.grid !== null, lineStyle: { color: theme.grid ?? '', width: theme.hairline } },
    },
    yAxis: {
      ...axis,
      inverse: true,
      axisTick: { show: false },
      splitLine: { show: false },
      axisLabel: { ...axis.axisLabel, color: theme.ink, hideOverlap: false },
    },
  };
}
