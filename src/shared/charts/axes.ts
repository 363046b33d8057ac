import type { ChartOption, Range, Size } from './figure';
import { widest } from './text';
import type { ChartTheme } from './theme';
import type { Tick } from './ticks';

type Single<T> = T extends readonly (infer Item)[] ? Item : T;
type XAxis = Extract<Single<NonNullable<ChartOption['xAxis']>>, { type?: 'value' }>;
type YAxis = Extract<Single<NonNullable<ChartOption['yAxis']>>, { type?: 'value' }>;
type Grid = Single<NonNullable<ChartOption['grid']>>;

/** One axis: what it measures, what of it is there, and where it is marked. */
export interface Axis {
  /** "log p(x), nats" */
  readonly title: string;
  readonly range: Range;
  readonly ticks: readonly Tick[];
}

/** Where the data are drawn, in the unit of the theme. */
export interface Plot {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Room for the y labels, the titles and whatever stands right of the lines or below them. */
export function plotArea(size: Size, theme: ChartTheme, y: Axis, room: { right?: number; below?: number } = {}): Plot {
  const em = theme.fontSize;
  const labels = widest(
    y.ticks.map(({ label }) => label),
    em,
  );
  return {
    left: Math.ceil(labels + 0.9 * em),
    right: size.width - Math.ceil(Math.max(room.right ?? 0, 1.2 * em)),
    top: Math.ceil(2.1 * em),
    bottom: size.height - Math.ceil(3.5 * em + (room.below ?? 0)),
  };
}

export function gridOf(plot: Plot, size: Size): Grid {
  return {
    left: plot.left,
    right: size.width - plot.right,
    top: plot.top,
    bottom: size.height - plot.bottom,
    // The room is reckoned above; ECharts would otherwise shrink the grid to what it measures.
    outerBoundsMode: 'none',
  };
}

function common(axis: Axis, theme: ChartTheme, gridIndex: number) {
  const at = axis.ticks.map((tick) => tick.at);
  return {
    type: 'value' as const,
    gridIndex,
    // Over the areas, which begin where the axis stands.
    z: 3,
    min: axis.range[0],
    max: axis.range[1],
    animation: false,
    axisLine: { show: true, onZero: false, lineStyle: { color: theme.axis, width: theme.hairline } },
    axisTick: {
      show: true,
      length: theme.fontSize / 3,
      customValues: at,
      lineStyle: { color: theme.axis, width: theme.hairline },
    },
    axisLabel: {
      customValues: at,
      formatter: (value: number) => labelAt(axis.ticks, value),
      color: theme.quiet,
      fontSize: theme.fontSize,
      fontFamily: theme.font,
      hideOverlap: true,
      showMinLabel: true,
      showMaxLabel: true,
    },
    nameTextStyle: { color: theme.ink, fontSize: theme.fontSize, fontFamily: theme.font },
  };
}

/** The title stands below the middle of the axis. */
export function xAxis(axis: Axis, theme: ChartTheme, gridIndex = 0): XAxis {
  const base = common(axis, theme, gridIndex);
  return {
    ...base,
    name: axis.title,
    nameLocation: 'middle',
    nameGap: theme.fontSize * 2.1,
    nameMoveOverlap: false,
    axisLabel: { ...base.axisLabel, margin: theme.fontSize * 0.6 },
    splitLine: { show: false },
  };
}

/** The title stands above the axis, set left as a sentence is: it reads without turning the head. */
export function yAxis(axis: Axis, theme: ChartTheme, gridIndex = 0, labelRoom = 0): YAxis {
  const base = common(axis, theme, gridIndex);
  return {
    ...base,
    name: axis.title,
    nameLocation: 'end',
    nameGap: theme.fontSize * 0.7,
    nameMoveOverlap: false,
    nameTextStyle: { ...base.nameTextStyle, align: 'left', padding: [0, 0, 0, -labelRoom] },
    axisLabel: { ...base.axisLabel, margin: theme.fontSize * 0.55 },
    splitLine: {
      show: theme.grid !== null,
      showMinLine: false,
      showMaxLine: false,
      ...(theme.grid === null ? {} : { lineStyle: { color: theme.grid, width: theme.hairline } }),
    },
  };
}

/** ECharts hands numbers back that went through its own rounding. */
function labelAt(ticks: readonly Tick[], value: number): string {
  let best: Tick | undefined;
  for (const tick of ticks) {
    if (best === undefined || Math.abs(tick.at - value) < Math.abs(best.at - value)) best = tick;
  }
  return best?.label ?? '';
}

/** How many ticks fit beside or above one another. */
export function tickRoom(length: number, theme: ChartTheme, each: number): number {
  return Math.max(2, Math.floor(length / (theme.fontSize * each)));
}
