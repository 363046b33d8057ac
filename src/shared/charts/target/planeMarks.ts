import type { CustomSeriesOption } from 'echarts/charts';
import type { Range } from '../figure';
import { drawn } from '../marks';
import type { ChartTheme } from '../theme';
import { rings, type Field, type Point } from './contours';

/** Nats below the highest density, where its contours lie: those of a normal at 1 to 4 standard deviations. */
export const drops = [0.5, 2, 4.5, 8] as const;

export interface ContourStyle {
  readonly id: string;
  readonly gridIndex?: number;
  readonly drops?: readonly number[];
  /** Whether those that the grid cuts off are left out, all but the innermost: where the view goes on beyond the grid. */
  readonly closed?: boolean;
}

/** Contours of a log density, each area over the one below it lightly filled. One that its grid cuts off is not filled and has no line there. */
export function contourMarks(field: Field, style: ContourStyle, theme: ChartTheme): CustomSeriesOption[] {
  const { values, x, y } = field;
  const top = values.reduce<number>((best, value) => (value !== null && value > best ? value : best), -Infinity);
  const onEdge = ([u, v]: Point): boolean => u === x[0] || u === x.at(-1) || v === y[0] || v === y.at(-1);
  const levels = (style.drops ?? drops).map((drop) => {
    const found = rings(field, top - drop);
    return { drop, found, cut: found.some((ring) => ring.some(onEdge)) };
  });
  const kept = levels.filter(({ cut }, place) => style.closed !== true || !cut || place === 0);
  return kept.reverse().map(({ drop, found, cut }) => {
    return drawn({ id: `${style.id}|${drop}`, gridIndex: style.gridIndex ?? 0, z: 1 }, (api) => {
      const place = (point: Point): readonly number[] => api.coord([...point]);
      const pathData = found.map((ring) => (cut ? openPathOf(ring, onEdge, place) : pathOf(ring, place))).join('');
      const area = cut ? { fill: 'none' } : { fill: theme.ink, fillOpacity: 0.05 };
      return {
        type: 'path',
        shape: { pathData },
        style: { ...area, stroke: theme.axis, lineWidth: theme.hairline },
      };
    });
  });
}

export function pathOf(ring: readonly Point[], place: (point: Point) => readonly number[]): string {
  return `${ring.map((point, index) => `${index === 0 ? 'M' : 'L'}${place(point).map(short).join(' ')}`).join('')}Z`;
}

/** The pieces of a ring that do not run along an edge. */
function openPathOf(
  ring: readonly Point[],
  onEdge: (point: Point) => boolean,
  place: (point: Point) => readonly number[],
): string {
  return ring
    .map((point, index) => {
      const before = ring[(index + ring.length - 1) % ring.length] ?? point;
      const away = index === 0 || (onEdge(point) && onEdge(before));
      return `${away ? 'M' : 'L'}${place(point).map(short).join(' ')}`;
    })
    .join('');
}

/** A tenth of a pixel is enough. */
export function short(value: number): string {
  return String(Math.round(value * 10) / 10);
}

export interface DotStyle {
  readonly id: string;
  readonly gridIndex?: number;
  readonly colour: string;
  readonly opacity?: number;
  /** Over the size of the text. */
  readonly size?: number;
}

/** Draws as small squares in one path: thousands of elements would be slow, and heavy on paper. */
export function dotMarks(
  points: readonly Point[],
  { id, gridIndex = 0, colour, opacity = 0.5, size = 0.17 }: DotStyle,
  [x, y]: readonly [Range, Range],
  theme: ChartTheme,
): CustomSeriesOption {
  const kept = points.filter(([u, v]) => u >= x[0] && u <= x[1] && v >= y[0] && v <= y[1]);
  const side = Math.round(theme.fontSize * size * 10) / 10;
  return drawn({ id, gridIndex, z: 2 }, (api) => ({
    type: 'path',
    shape: {
      pathData: kept
        .map((point) => {
          const at = api.coord([...point]).map((value) => short(value - side / 2));
          return `M${at.join(' ')}h${side}v${side}h${-side}z`;
        })
        .join(''),
    },
    style: { fill: colour, opacity },
  }));
}

/** Lines through places, each ended by a dot. */
export function trailMarks(
  trails: readonly (readonly Point[])[],
  id: string,
  gridIndex: number,
  theme: ChartTheme,
): CustomSeriesOption {
  const r = 0.16 * theme.fontSize;
  return drawn({ id, gridIndex, z: 4 }, (api) => {
    const placed = trails.map((trail) => trail.map((point) => api.coord([...point]).map(short)));
    const ends = placed.flatMap((trail) => (trail.at(-1) === undefined ? [] : [trail.at(-1) ?? []]));
    return {
      type: 'group',
      children: [
        {
          type: 'path',
          shape: { pathData: placed.map((trail) => `M${trail.map((at) => at.join(' ')).join('L')}`).join('') },
          style: { fill: 'none', stroke: theme.ink, lineWidth: theme.hairline, opacity: 0.55 },
        },
        {
          type: 'path',
          shape: {
            pathData: ends
              .map(
                ([x = '0', y = '0']) =>
                  `M${Number(x) - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`,
              )
              .join(''),
          },
          style: { fill: theme.ink },
        },
      ],
    };
  });
}
