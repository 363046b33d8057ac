import type { CustomSeriesOption, LineSeriesOption } from 'echarts/charts';
import type { CustomSeriesRenderItemAPI, CustomSeriesRenderItemReturn } from 'echarts';
import type { CoverageCard } from '../../coverage';
import { standingsOf } from '../../coverageStandings';
import { pointsOnly } from '../base';
import { textAt } from '../labels';
import { drawn } from '../marks';
import type { ChartTheme } from '../theme';
import { hatching, modeColour, short } from './looks';

type Element = NonNullable<CustomSeriesRenderItemReturn>;
type Modes = NonNullable<CoverageCard['modes']>;

/** Where each mode has its place, and whether bars lie on their side. */
export interface Lay {
  readonly lying: boolean;
  readonly at: (mode: number) => number;
}

/** The groups of bars with their whiskers and words. */
export function bars(
  { card, highlight }: { readonly card: CoverageCard; readonly highlight?: number | null | undefined },
  modes: Modes,
  theme: ChartTheme,
  lay: Lay,
): CustomSeriesOption[] {
  const { weights, raw, low, high, reweighted } = modes;
  const standings = standingsOf(card);
  const em = theme.fontSize;
  return [
    drawn(
      { id: 'weights', z: 2 },
      (api) => {
        const box = boxOf(api, lay);
        return {
          type: 'group',
          children: weights.flatMap((weight, mode): Element[] => {
            const standing = standings.get(mode);
            const lost = standing === 'missed';
            const faded = typeof highlight === 'number' && highlight !== mode;
            const colour = modeColour(mode, theme);
            const [from, to] = reweighted === undefined ? [-0.26, 0.26] : [-0.34, 0];
            const fill = box(mode, raw[mode] ?? 0, from, to);
            const outline = box(mode, weight, -0.4, 0.4);
            const hatched = reweighted === undefined ? null : box(mode, reweighted[mode] ?? 0, 0, 0.34);
            const [a, b] = [box(mode, low[mode] ?? 0, from, to), box(mode, high[mode] ?? 0, from, to)];
            const whisker = lay.lying
              ? `M${short(a.x + a.width)} ${short(a.y + a.height / 2)}H${short(b.x + b.width)}`
              : `M${short(a.x + a.width / 2)} ${short(a.y)}V${short(b.y)}`;
            const opacity = faded ? 0.3 : 1;
            const text = standing === undefined ? '' : barWords[standing];
            return [
              { type: 'rect', shape: fill, style: { fill: colour, opacity: 0.75 * opacity } },
              ...(hatched === null
                ? []
                : [
                    {
                      type: 'path' as const,
                      shape: { pathData: hatching(hatched.x, hatched.y, hatched.width, hatched.height, em * 0.36) },
                      style: { stroke: colour, fill: 'none', lineWidth: theme.hairline, opacity },
                    },
                    {
                      type: 'rect' as const,
                      shape: hatched,
                      style: { stroke: colour, fill: 'none', lineWidth: theme.hairline, opacity },
                    },
                  ]),
              {
                type: 'rect',
                shape: outline,
                style: {
                  fill: 'none',
                  stroke: lost ? theme.danger : theme.truth,
                  lineWidth: theme.hairline * (lost ? 1.5 : 1),
                  opacity,
                },
              },
              {
                type: 'path',
                shape: { pathData: whisker },
                style: { stroke: theme.ink, fill: 'none', lineWidth: theme.line * 0.7, opacity },
              },
              ...(text === '' || !lay.lying
                ? []
                : [
                    textAt(
                      text,
                      Math.max(outline.x + outline.width, b.x + b.width) + 0.5 * em,
                      outline.y + outline.height / 2,
                      lost ? theme.danger : theme.quiet,
                      theme,
                      lost,
                    ),
                  ]),
              ...(lost && !lay.lying ? [cross(outline.x + outline.width / 2, fill.y + fill.height, theme)] : []),
            ];
          }),
        };
      },
      false,
    ),
  ];
}

const barWords = { missed: 'missed', short: 'too few', undecidable: 'undecided' } as const;

function cross(x: number, y: number, theme: ChartTheme): Element {
  const r = theme.fontSize * 0.3;
  return {
    type: 'path',
    shape: { pathData: `M${x - r} ${y - 2.6 * r}l${2 * r} ${2 * r}M${x - r} ${y - 0.6 * r}l${2 * r} ${-2 * r}` },
    style: { stroke: theme.danger, fill: 'none', lineWidth: theme.line },
  };
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** From nothing to a value, over a part of a mode's place: −0.5 to 0.5 is all of it. */
function boxOf(api: CustomSeriesRenderItemAPI, { lying, at }: Lay) {
  return (mode: number, value: number, from: number, to: number): Box => {
    const place = (offset: number): number => (lying ? at(mode) - offset : at(mode) + offset);
    const corner = (offset: number, height: number): readonly number[] =>
      api.coord(lying ? [height, place(offset)] : [place(offset), height]);
    const [x1 = 0, y1 = 0] = corner(from, 0);
    const [x2 = 0, y2 = 0] = corner(to, value);
    return { x: Math.min(x1, x2), y: Math.min(y1, y2), width: Math.abs(x2 - x1), height: Math.abs(y2 - y1) };
  };
}

/** What the pointer finds: a point at the end of each bar. */
export function targets({ weights, raw }: Modes, theme: ChartTheme, { lying, at }: Lay): LineSeriesOption {
  return {
    id: 'bars',
    ...pointsOnly,
    data: weights.map((weight, mode) => {
      const value = Math.max(weight, raw[mode] ?? 0) / 2;
      return {
        value: lying ? [value, at(mode)] : [at(mode), value],
        symbol: 'circle',
        symbolSize: theme.name === 'paper' ? 0 : theme.fontSize * 2,
        itemStyle: { color: 'transparent', borderWidth: 0 },
      };
    }),
  };
}
