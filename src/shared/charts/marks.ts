import type { CustomSeriesOption } from 'echarts/charts';
import type { CustomSeriesRenderItemAPI, CustomSeriesRenderItemReturn } from 'echarts';

type Point = readonly [x: number, y: number];

interface Style {
  readonly id: string;
  readonly gridIndex?: number;
  readonly z?: number;
}

/** A series that draws what it likes, from data that its closure holds. ECharts calls it again whenever the axes move. */
export function drawn(
  { id, gridIndex = 0, z = 1 }: Style,
  draw: (api: CustomSeriesRenderItemAPI) => CustomSeriesRenderItemReturn,
  clip = true,
): CustomSeriesOption {
  return {
    id,
    type: 'custom',
    coordinateSystem: 'cartesian2d',
    xAxisIndex: gridIndex,
    yAxisIndex: gridIndex,
    clip,
    z,
    silent: true,
    animation: false,
    tooltip: { show: false },
    data: [0],
    renderItem: (_params, api) => pinned(draw(api)),
  };
}

/** ECharts lets an element that takes the place of one of another type keep its position, so each says its own. */
function pinned(element: CustomSeriesRenderItemReturn): CustomSeriesRenderItemReturn {
  if (element === null || element === undefined) return element;
  const placed = { x: 0, y: 0, ...element };
  if (placed.type !== 'group' || placed.children === undefined) return placed;
  return { ...placed, children: placed.children.map((child) => ({ x: 0, y: 0, ...child })) };
}

/** The area between two curves over the same x, in runs without a hole. */
export function areaBetween(
  style: Style & { readonly fill: string; readonly opacity?: number },
  x: readonly number[],
  low: readonly (number | null | undefined)[],
  high: readonly (number | null | undefined)[],
): CustomSeriesOption {
  const pieces: { low: Point[]; high: Point[] }[] = [];
  let open = false;
  x.forEach((at, index) => {
    const [bottom, top] = [low[index], high[index]];
    if (typeof bottom !== 'number' || typeof top !== 'number') {
      open = false;
      return;
    }
    if (!open) pieces.push({ low: [], high: [] });
    open = true;
    pieces.at(-1)?.low.push([at, bottom]);
    pieces.at(-1)?.high.push([at, top]);
  });
  return drawn(style, (api) => ({
    type: 'group',
    children: pieces.map((piece) => ({
      type: 'polygon' as const,
      shape: { points: [...piece.low, ...piece.high.toReversed()].map(([a, b]) => api.coord([a, b])) },
      style: { fill: style.fill, opacity: style.opacity ?? 1 },
    })),
  }));
}

/** A horizontal line over the whole width. */
export function level(
  style: Style & { readonly stroke: string; readonly width: number; readonly dash?: readonly number[] },
  value: number,
  [from, to]: readonly [number, number],
): CustomSeriesOption {
  return drawn(style, (api) => {
    const [x1 = 0, y1 = 0] = api.coord([from, value]);
    const [x2 = 0, y2 = 0] = api.coord([to, value]);
    return {
      type: 'line',
      shape: { x1, y1, x2, y2 },
      style: {
        stroke: style.stroke,
        lineWidth: style.width,
        ...(style.dash === undefined ? {} : { lineDash: [...style.dash] }),
      },
    };
  });
}

export interface Whisker {
  readonly x: number;
  readonly low: number;
  readonly high: number;
  readonly stroke: string;
  /** Moved sideways so that whiskers over the same x stay apart. */
  readonly shift?: number;
}

/** Vertical lines from low to high, with feet where `foot` is more than nothing. */
export function whiskers(
  style: Style & { readonly width: number; readonly foot: number; readonly opacity?: number },
  lines: readonly Whisker[],
): CustomSeriesOption {
  return drawn(style, (api) => ({
    type: 'group',
    children: lines.map(({ x, low, high, stroke, shift = 0 }) => {
      const [at = 0, bottom = 0] = api.coord([x, low]);
      const top = api.coord([x, high])[1] ?? 0;
      const [left, middle, right] = [at + shift - style.foot, at + shift, at + shift + style.foot];
      const feet = style.foot > 0 ? `M${left} ${top}H${right}M${left} ${bottom}H${right}` : '';
      return {
        type: 'path' as const,
        shape: { pathData: `M${middle} ${top}V${bottom}${feet}` },
        style: { stroke, fill: 'none', lineWidth: style.width, opacity: style.opacity ?? 1 },
      };
    }),
  }));
}
