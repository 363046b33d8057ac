import { describe, expect, it } from 'vitest';
import { ChartHost, type Chart } from '../../src/renderer/charts/chartHost';
import { lightTheme, sandwich, type Figure, type View } from '../../src/shared/charts';
import { closing } from '../support/chartRuns';

const size = { width: 760, height: 420 };
const figure: Figure = sandwich({ points: closing, quantity: 'mi' });

/** A chart that remembers what was done to it. */
function fakeCharts() {
  const log: string[] = [];
  const options: Record<string, unknown>[] = [];
  const tips: number[] = [];
  let zoomed: (() => void) | undefined;
  const chart = {
    setOption: (option: Record<string, unknown>) => void options.push(option),
    resize: () => void log.push('resize'),
    dispatchAction: (action: { type: string; dataIndex?: number }) => {
      if (action.dataIndex !== undefined) tips.push(action.dataIndex);
    },
    getOption: () => options[0],
    on: (_name: string, listener: () => void) => (zoomed = listener),
    dispose: () => void log.push('dispose'),
  };
  return {
    log,
    options,
    tips,
    zoom: () => zoomed?.(),
    create: () => {
      log.push('create');
      return chart as unknown as Chart;
    },
  };
}

function host() {
  const charts = fakeCharts();
  const views: (View | undefined)[] = [];
  return { charts, views, host: new ChartHost({ create: charts.create, onView: (view) => views.push(view) }) };
}

describe('a chart on a page', () => {
  it('is made once, drawn anew with each change, resized with its element, and disposed', () => {
    const { charts, host: one } = host();
    one.show(figure, lightTheme, size);
    one.show(sandwich({ points: closing.slice(1), quantity: 'mi' }), lightTheme, size);
    one.show(figure, lightTheme, { ...size, width: 500 });
    one.dispose();
    expect(charts.log).toEqual(['create', 'resize', 'dispose']);
    expect(charts.options).toHaveLength(3);
  });

  it('is not made before there is room, and goes when there is nothing to draw', () => {
    const { charts, host: one } = host();
    one.show(figure, lightTheme, { width: 0, height: 0 });
    expect(charts.log).toEqual([]);
    one.show(figure, lightTheme, size);
    one.show(sandwich({ points: [], quantity: 'mi' }), lightTheme, size);
    expect(charts.log).toEqual(['create', 'dispose']);
    one.dispose();
    expect(charts.log).toEqual(['create', 'dispose']);
  });

  it('zooms both axes alike around the middle, and back', () => {
    const { charts, views, host: one } = host();
    one.show(figure, lightTheme, size);
    one.zoom(2);
    expect(views.at(-1)).toEqual({ x: [0.25, 0.75], y: [0.25, 0.75] });
    one.zoom(1e9);
    const { x } = views.at(-1) ?? { x: [0, 1] };
    expect((x[1] ?? 0) - (x[0] ?? 0)).toBeCloseTo(0.05);
    one.resetZoom();
    expect(views.at(-1)).toBeUndefined();
    one.zoom(0.1);
    expect(views.at(-1)).toBeUndefined();
    expect(charts.log).toEqual(['create']);
  });

  it('marks its axes anew when the wheel has moved what is in sight', () => {
    const { charts, views, host: one } = host();
    one.show(figure, lightTheme, size);
    const zooms = (charts.options[0]?.['dataZoom'] ?? []) as { start: number; end: number }[];
    for (const zoom of zooms) Object.assign(zoom, { start: 50, end: 75 });
    charts.zoom();
    expect(views.at(-1)).toEqual({ x: [0.5, 0.75], y: [0.5, 0.75] });
    expect(Object.keys(charts.options.at(-1) ?? {})).toEqual(['xAxis', 'yAxis']);
  });

  it('steps through its points and stops at the ends', () => {
    const { charts, host: one } = host();
    one.show(figure, lightTheme, size);
    for (const direction of [1, 1, 1, 1, 1, -1] as const) one.stepBy(direction);
    expect(charts.tips).toEqual([0, 1, 2, 3, 3, 2]);
    one.hideTip();
    one.stepBy(-1);
    expect(charts.tips.at(-1)).toBe(3);
  });
});
