import type { CustomSeriesOption } from 'echarts/charts';
import { formatCount } from '../../format';
import { methodLabel } from '../../labels';
import { rareEventOf } from '../../rareEvent/summary';
import type { Picture, Result } from '../../result';
import { numberCell, textCell, type DataTable } from '../../tables';
import type { ChartOption, Figure, Range, Size, View } from '../figure';
import { legend, legendLayout, type LegendItem } from '../labels';
import { drawn } from '../marks';
import { frame } from '../target/frame';
import { dotMarks, short } from '../target/planeMarks';
import type { Point } from '../target/contours';
import type { ChartTheme } from '../theme';
import { padded } from '../ticks';
import { eventLooks } from './looks';

type Drawn = Pick<Result, 'kind' | 'metrics'> & { readonly picture?: Picture | undefined };

interface Layer {
  readonly key: string;
  readonly label: string;
  readonly points: readonly Point[];
}

interface Scene {
  readonly layers: readonly Layer[];
  readonly edge: readonly Point[];
  readonly axes: readonly string[];
  readonly x: Range;
  readonly y: Range;
}

const mostOnPaper = 700;

/** Draws of the flow over those of the normal that it starts from, with the edge of the event. */
export function eventPlane(result: Drawn, hidden: ReadonlySet<string> = new Set()): Figure {
  const scene = sceneOf(result);
  const event = rareEventOf(result)?.event.text ?? 'the event';
  return {
    name: 'event',
    title: `Draws of the flow and of the normal, and the edge of ${event}`,
    description:
      scene === null
        ? ''
        : `The line is the edge of the event ${event}. ${scene.layers.map(({ label, points }) => `${label}: ${formatCount(points.length)} draws.`).join(' ')}`,
    empty: scene === null ? 'Draws are seen in a plane; here there is none, or the run has not ended.' : null,
    aspect: 0.95,
    heightAt: (width, theme) => 0.9 * width + (theme.name === 'paper' ? legendHeight(scene, width, theme) : 0),
    zoomable: true,
    steps: null,
    option: (theme, size, view) => (scene === null ? {} : option(scene, hidden, theme, size, view)),
    legend: (theme) => scene?.layers.map((layer) => itemOf(layer, theme)) ?? [],
    without: (keys) => eventPlane(result, keys),
    rows: () => table(scene),
  };
}

function sceneOf({ picture }: Drawn): Scene | null {
  if (picture?.axes.length !== 2) return null;
  const layers = picture.samples.map(({ method, points }) => ({
    ...{ key: method, label: method === 'monte-carlo' ? 'Draws of the normal' : methodLabel(method) },
    points: points.map(([x = 0, y = 0]): Point => [x, y]),
  }));
  const edge = (picture.edge ?? []).map(([x = 0, y = 0]): Point => [x, y]);
  const reach = (axis: 0 | 1): Range => {
    const sorted = layers.flatMap(({ points }) => points.map((point) => point[axis])).sort((a, b) => a - b);
    return padded([sorted[0] ?? -1, sorted.at(-1) ?? 1, ...curved(edge, axis)], 0.03, 1e-6);
  };
  // Normals beneath, so that the draws in the event are seen.
  return { layers: layers.toReversed(), edge, axes: picture.axes, x: reach(0), y: reach(1) };
}

/** Of a straight edge only where it is: how far up it goes is arbitrary. */
function curved(edge: readonly Point[], axis: 0 | 1): number[] {
  return edge.length === 2 && axis === 1 ? [] : edge.map((point) => point[axis]);
}

function option(
  scene: Scene,
  hidden: ReadonlySet<string>,
  theme: ChartTheme,
  size: Size,
  view: View | undefined,
): ChartOption {
  const em = theme.fontSize;
  const layers = scene.layers.filter(({ key }) => !hidden.has(key));
  const items = layers.map((layer) => itemOf(layer, theme));
  const [first = '', second = ''] = scene.axes;
  const made = frame(
    {
      x: { title: first, range: scene.x },
      y: { title: second, range: scene.y },
      equal: scene.edge.length !== 2,
      legend: items,
    },
    theme,
    size,
    view,
  );
  return {
    ...made.option,
    series: [
      ...layers.map(({ key, points }) => {
        const stride = theme.name === 'paper' ? Math.ceil(points.length / mostOnPaper) : 1;
        const kept = points.filter((_, row) => row % stride === 0);
        const opacity = key === 'monte-carlo' ? 0.4 : 0.55;
        return dotMarks(
          kept,
          { id: `draws|${key}`, colour: eventLooks(key).colour(theme), opacity },
          [scene.x, scene.y],
          theme,
        );
      }),
      edgeMark(scene, theme),
      ...(theme.name === 'paper' ? [legend(items, 0.4 * em, made.top, size.width - 0.8 * em, theme)] : []),
    ],
  };
}

function edgeMark({ edge, y }: Scene, theme: ChartTheme): CustomSeriesOption {
  // A straight edge goes all the way.
  const ends = edge.length === 2 ? edge.map(([at], end): Point => [at, y[end === 0 ? 0 : 1]]) : edge;
  return drawn({ id: 'edge', z: 4 }, (api) => ({
    type: 'path',
    shape: {
      pathData: ends
        .map(
          (point, i) =>
            `${i === 0 ? 'M' : 'L'}${api
              .coord([...point])
              .map(short)
              .join(' ')}`,
        )
        .join(''),
    },
    style: { fill: 'none', stroke: theme.ink, lineWidth: theme.line * 0.8 },
  }));
}

function itemOf({ key, label }: Layer, theme: ChartTheme): LegendItem {
  const look = eventLooks(key);
  const mark = { symbol: 'rect' as const, dash: [], hollow: false };
  return { key, text: label, colour: look.colour(theme), textColour: theme.ink, mark, dash: [0, 100] };
}

function legendHeight(scene: Scene | null, width: number, theme: ChartTheme): number {
  const items = scene?.layers.map((layer) => itemOf(layer, theme)) ?? [];
  return legendLayout(items, width - 0.8 * theme.fontSize, theme).height;
}

function table(scene: Scene | null): DataTable {
  const [x = 'x', y = 'y'] = scene?.axes ?? [];
  return {
    columns: [
      { name: 'method', label: 'method', numeric: false },
      { name: 'x', label: x, numeric: true },
      { name: 'y', label: y, numeric: true },
    ],
    rows: (scene?.layers ?? []).flatMap(({ label, points }) =>
      points.map(([u, v]) => [textCell(label), numberCell(u, 3), numberCell(v, 3)]),
    ),
  };
}
