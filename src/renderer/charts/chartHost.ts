import type { ECharts } from '../../shared/charts/echarts';
import type { ChartTheme, Figure, Size, View } from '../../shared/charts';

/** What of ECharts a host needs; tests bring their own. */
export type Chart = Pick<ECharts, 'setOption' | 'resize' | 'dispatchAction' | 'getOption' | 'on' | 'dispose'>;

export interface ChartHostOptions {
  readonly create: (size: Size) => Chart;
  /** Called with what is in sight; undefined where that is everything. */
  readonly onView: (view: View | undefined) => void;
}

interface Zoom {
  readonly id?: string;
  readonly start?: number;
  readonly end?: number;
}

/** One chart on a page: made when there is something to draw and room for it, drawn anew when that changes, disposed at the end. */
export class ChartHost {
  private readonly options: ChartHostOptions;
  private chart: Chart | undefined;
  private shown: { figure: Figure; theme: ChartTheme; size: Size } | undefined;
  private view: View | undefined;
  private step = -1;

  constructor(options: ChartHostOptions) {
    this.options = options;
  }

  /** Draws the figure, or takes it away where it has nothing to show. */
  show(figure: Figure, theme: ChartTheme, size: Size): void {
    if (figure.empty !== null || size.width < 40 || size.height < 40) {
      this.dispose();
      return;
    }
    const before = this.shown;
    if (before !== undefined && before.figure.name !== figure.name) this.setView(undefined);
    this.shown = { figure, theme, size };
    if (this.chart === undefined) {
      this.chart = this.options.create(size);
      this.chart.on('datazoom', () => this.zoomed());
    } else if (before?.size.width !== size.width || before.size.height !== size.height) {
      this.chart.resize({ ...size, silent: true });
    }
    this.chart.setOption(figure.option(theme, size, this.view), { notMerge: true });
  }

  /** Makes what is in sight smaller or larger around its middle. */
  zoom(factor: number): void {
    if (this.shown?.figure.zoomable !== true) return;
    const scaled = ([low, high]: readonly [number, number]): [number, number] => {
      const half = Math.min(1, Math.max(0.05, (high - low) / factor)) / 2;
      const middle = Math.min(1 - half, Math.max(half, (low + high) / 2));
      return [middle - half, middle + half];
    };
    const { x, y } = this.view ?? { x: [0, 1] as const, y: [0, 1] as const };
    this.setView({ x: scaled(x), y: scaled(y) });
    this.redraw();
  }

  resetZoom(): void {
    this.setView(undefined);
    this.redraw();
  }

  /** Moves the pointer's table to the next or the previous point, for those who have no pointer. */
  stepBy(direction: -1 | 1): void {
    const steps = this.shown?.figure.steps;
    if (steps === null || steps === undefined || steps.count === 0) return;
    this.step = this.step < 0 ? (direction > 0 ? 0 : steps.count - 1) : this.step + direction;
    this.step = Math.max(0, Math.min(steps.count - 1, this.step));
    const series = this.chart?.getOption()['series'];
    const seriesIndex = Array.isArray(series)
      ? series.findIndex((one: { id?: unknown }) => one.id === steps.series)
      : -1;
    if (seriesIndex >= 0) this.chart?.dispatchAction({ type: 'showTip', seriesIndex, dataIndex: this.step });
  }

  hideTip(): void {
    this.step = -1;
    this.chart?.dispatchAction({ type: 'hideTip' });
  }

  dispose(): void {
    this.chart?.dispose();
    this.chart = undefined;
    this.shown = undefined;
    this.setView(undefined);
  }

  private redraw(): void {
    if (this.shown !== undefined) this.show(this.shown.figure, this.shown.theme, this.shown.size);
  }

  /** The wheel or a drag moved what is in sight: the axes are marked anew for it. */
  private zoomed(): void {
    if (this.chart === undefined || this.shown === undefined) return;
    const zooms = this.chart.getOption()['dataZoom'];
    const of = (axis: 'x' | 'y'): readonly [number, number] => {
      const found = (Array.isArray(zooms) ? (zooms as Zoom[]) : []).find(({ id }) => id === `zoom-${axis}`);
      return [(found?.start ?? 0) / 100, (found?.end ?? 100) / 100];
    };
    this.setView({ x: of('x'), y: of('y') });
    const { figure, theme, size } = this.shown;
    const { xAxis, yAxis } = figure.option(theme, size, this.view);
    this.chart.setOption({ xAxis, yAxis }, { lazyUpdate: true });
  }

  private setView(view: View | undefined): void {
    const whole = view === undefined || [...view.x, ...view.y].every((at, index) => Math.abs(at - (index % 2)) < 1e-6);
    this.view = whole ? undefined : view;
    this.options.onView(this.view);
  }
}
