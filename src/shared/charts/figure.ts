import type { CustomSeriesOption, LineSeriesOption } from 'echarts/charts';
import type { DataZoomComponentOption, GridComponentOption, TooltipComponentOption } from 'echarts/components';
import type { ComposeOption } from 'echarts/core';
import type { DataTable } from '../tables';
import type { LegendItem } from './labels';
import type { ChartTheme } from './theme';

/** Options of the parts of ECharts that are in use, and of no others. */
export type ChartOption = ComposeOption<
  CustomSeriesOption | LineSeriesOption | DataZoomComponentOption | GridComponentOption | TooltipComponentOption
>;

/** In the unit of the theme: CSS pixels or points. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

export type Range = readonly [low: number, high: number];

/** The part of a zoomed chart that is in sight, as shares of each axis, 0 to 1. */
export interface View {
  readonly x: Range;
  readonly y: Range;
}

/** A chart that knows its numbers: what a page shows, what a screen reader hears and what is exported. */
export interface Figure {
  /** Stem of file names: "sandwich". */
  readonly name: string;
  readonly title: string;
  /** What it shows, in words, for those who cannot see it. */
  readonly description: string;
  /** Why there is nothing to draw; null where there is. */
  readonly empty: string | null;
  /** Height over width on paper. */
  readonly aspect: number;
  /** Height that it wants at a width, in the unit of the theme; by its aspect when left out. */
  heightAt?(width: number, theme: ChartTheme): number;
  /** Whether it can be zoomed: one grid with numbers on both axes. */
  readonly zoomable: boolean;
  /** Points that the arrow keys step through, and the series whose points they are. */
  readonly steps: { readonly series: string; readonly count: number } | null;
  option(theme: ChartTheme, size: Size, view?: View): ChartOption;
  /** What a page shows below the chart for switching lines off; left out or empty where there are few lines. Paper has its own. */
  legend?(theme: ChartTheme): readonly LegendItem[];
  /** The same without the lines of some entries of the legend. */
  without?(hidden: ReadonlySet<string>): Figure;
  /** The numbers: what is shown on hover, in the table and in the CSV is read from here. */
  rows(): DataTable;
}
