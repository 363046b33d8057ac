import type { CustomSeriesOption, LineSeriesOption } from 'echarts/charts';
import type { CustomSeriesRenderItemReturn } from 'echarts';
import { standingLabels } from '../../coverageStandings';
import { shortNumber } from '../../coverageTexts';
import { formatCount } from '../../format';
import type { Plot } from '../axes';
import { pointsOnly } from '../base';
import { areaBetween, drawn } from '../marks';
import { rings } from '../target/contours';
import { textWidth } from '../text';
import type { ChartTheme } from '../theme';
import { massLevels } from './levels';
import { short } from './looks';
import { lineHeights, type Dot, type Place, type Point, type Scene } from './scatterScene';

export interface MarkSettings {
  readonly scene: Scene;
  readonly theme: ChartTheme;
  readonly highlight: number | null;
  readonly sized: boolean;
  readonly plot: Plot;
}

type Element = NonNullable<CustomSeriesRenderItemReturn>;
type Shown = (key: string) => boolean;

const most = 5000;
/** Fewer on paper: a figure must stay small. */
const mostOnPaper = 1500;
/** More names would cover the picture. */
const mostNames = 24;
const mostCentres = 600;

/** Filled contours at the highest densities that enclose shares of the mass; on a line the area below the curve. */
export function densityMarks({ density, view }: Scene, theme: ChartTheme): CustomSeriesOption[] {
  if (density === undefined) return [];
  const { x, y, values } = density;
  if (y === undefined || view.axes.length === 1) {
    const heights = lineHeights(density);
    const low = heights.map(() => 0);
    return [areaBetween({ id: 'density', fill: theme.ink, opacity: 0.1, z: 1 }, x, low, heights)];
  }
  return massLevels(density)
    .toReversed()
    .map((level, index) => {
      const found = rings({ x, y, values }, level - 1e-9 * Math.max(1, Math.abs(level)));
      return drawn({ id: `density|${index}`, z: 1 }, (api) => ({
        type: 'path',
        shape: {
          pathData: found
            .map(
              (ring) =>
                `${ring
                  .map(
                    (point, at) =>
                      `${at === 0 ? 'M' : 'L'}${api
                        .coord([...point])
                        .map(short)
                        .join(' ')}`,
                  )
                  .join('')}Z`,
            )
            .join(''),
        },
        style: { fill: theme.ink, fillOpacity: 0.05, stroke: theme.axis, lineWidth: theme.hairline },
      }));
    });
}

/** Real items under the generated ones; those that none of them is near in red. */
export function referenceMarks({ scene, theme }: MarkSettings, on: Shown): CustomSeriesOption[] {
  if (scene.reference === null) return [];
  const layer = (key: 'covered' | 'uncovered', colour: string, opacity: number): CustomSeriesOption[] =>
    on(key)
      ? [
          dots(
            { id: `reference|${key}`, z: key === 'covered' ? 1 : 3, colour, opacity, hollow: false },
            thinned(scene.reference?.[key] ?? [], theme).map((at) => ({ at, mode: null, weight: 1 })),
            theme,
          ),
        ]
      : [];
  return [...layer('covered', theme.axis, 0.6), ...layer('uncovered', theme.danger, 0.8)];
}

/** Samples as small squares, one path for each colour. Where a mode stands out the others step back. */
export function pointMarks({ scene, theme, highlight, sized }: MarkSettings, on: Shown): CustomSeriesOption[] {
  const share = fits(scene, theme);
  const every = (list: readonly Dot[]): Dot[] => list.filter((_, index) => index % share === 0);
  const opacity = Math.min(0.6, Math.max(0.3, 900 / (scene.view.points.length + 1)));
  const good = scene.good.flatMap(({ hue, dots: all }): CustomSeriesOption[] => {
    const colour = theme.runs[hue] ?? theme.ink;
    const chosen = highlight === null ? [] : all.filter(({ mode }) => mode === highlight);
    const others = highlight === null ? all : all.filter(({ mode }) => mode !== highlight);
    const faded = highlight === null ? opacity : 0.12;
    return [
      dots({ id: `good|${hue}`, z: 2, colour, opacity: faded, hollow: false, sized }, every(others), theme),
      ...(chosen.length === 0
        ? []
        : [dots({ id: 'good|highlight', z: 4, colour, opacity: 0.9, hollow: false, sized }, chosen, theme)]),
    ];
  });
  const poor = dots(
    { id: 'poor', z: 2, colour: theme.quiet, opacity: highlight === null ? 0.55 : 0.15, hollow: true, sized },
    every(scene.poor),
    theme,
  );
  return [...(on('poor') && scene.poor.length > 0 ? [poor] : []), ...(on('good') ? good : [])];
}

function fits(scene: Scene, theme: ChartTheme): number {
  return Math.max(1, Math.ceil(scene.view.points.length / (theme.name === 'paper' ? mostOnPaper : most)));
}

function thinned(points: readonly Point[], theme: ChartTheme): readonly Point[] {
  const stride = Math.max(1, Math.ceil(points.length / (theme.name === 'paper' ? mostOnPaper / 2 : most)));
  return points.filter((_, index) => index % stride === 0);
}

interface DotStyle {
  readonly id: string;
  readonly z: number;
  readonly colour: string;
  readonly opacity: number;
  readonly hollow: boolean;
  readonly sized?: boolean;
}

function dots(style: DotStyle, list: readonly Dot[], theme: ChartTheme): CustomSeriesOption {
  const side = theme.fontSize * (style.hollow ? 0.22 : 0.2);
  return drawn({ id: style.id, z: style.z }, (api) => ({
    type: 'path',
    shape: {
      pathData: list
        .map(({ at, weight }) => {
          // As large an area as the weight says, within reason.
          const own = style.sized === true ? side * Math.min(4, Math.max(0.3, Math.sqrt(weight))) : side;
          const [x = 0, y = 0] = api.coord([...at]);
          return `M${short(x - own / 2)} ${short(y - own / 2)}h${short(own)}v${short(own)}h${short(-own)}z`;
        })
        .join(''),
    },
    style: style.hollow
      ? { fill: 'none', stroke: style.colour, lineWidth: theme.hairline * 0.8, opacity: style.opacity }
      : { fill: style.colour, opacity: style.opacity },
  }));
}

/** Places that can be pointed at: the ones with something missed first, then others as long as there is room. */
export function shownPlaces({ places }: Scene): readonly Place[] {
  const order = { missed: 0, short: 1, undecidable: 2, found: 3 } as const;
  return places.length <= mostCentres
    ? places
    : places.toSorted((a, b) => order[a.standing] - order[b.standing]).slice(0, mostCentres);
}

/** Where modes are, which can be pointed at. What it looks like is drawn by {@link placeMarks}. */
export function centres({ scene, theme }: MarkSettings, on: Shown): LineSeriesOption {
  return {
    id: 'modes',
    ...pointsOnly,
    clip: true,
    data: shownPlaces(scene).map(({ at, standing }) => ({
      value: [...at],
      symbol: 'circle',
      symbolSize: theme.fontSize * (standing === 'found' || standing === 'short' ? 0.34 : 0.9),
      itemStyle: {
        color: standing === 'found' || standing === 'short' ? theme.behind : 'transparent',
        borderColor: standing === 'undecidable' && on('undecidable') ? theme.quiet : theme.ink,
        borderWidth: standing === 'missed' ? 0 : theme.line * (standing === 'undecidable' ? 0.7 : 0.55),
      },
    })),
  };
}

/** Red crosses where modes were missed, names beside modes, and a ring around the one that stands out. */
export function placeMarks({ scene, theme, highlight, plot }: MarkSettings, on: Shown): CustomSeriesOption[] {
  const shown = shownPlaces(scene);
  const named = shown.filter(({ standing }) => standing !== 'found' && on(standing));
  const others = shown.length <= mostNames ? shown.filter(({ standing }) => standing === 'found') : [];
  const r = theme.fontSize * 0.42;
  return [
    // Not clipped: names may reach beyond the plot. Places out of sight are left out instead.
    drawn(
      { id: 'places', z: 6 },
      (api) => ({
        type: 'group',
        children: [
          ...named.flatMap((place, index): Element[] => {
            const [x = 0, y = 0] = api.coord([...place.at]);
            if (!isInside(x, y, plot)) return [];
            const lost = place.standing === 'missed';
            const cross: Element[] = lost
              ? [
                  {
                    type: 'path',
                    shape: { pathData: `M${x - r} ${y - r}l${2 * r} ${2 * r}M${x - r} ${y + r}l${2 * r} ${-2 * r}` },
                    style: { stroke: theme.danger, fill: 'none', lineWidth: theme.line * 1.2 },
                  },
                ]
              : [];
            if (index >= mostNames) return cross;
            return [
              ...cross,
              caption(
                nameOf(place, scene),
                [x, y],
                1.6 * r,
                lost || place.standing === 'short' ? theme.danger : theme.quiet,
                theme,
                plot,
              ),
            ];
          }),
          ...others.flatMap((place): Element[] => {
            const [x = 0, y = 0] = api.coord([...place.at]);
            if (!isInside(x, y, plot)) return [];
            const [only = 0] = place.modes;
            const text = place.modes.length === 1 ? scene.name(only) : `${formatCount(place.modes.length)} modes`;
            return [caption(text, [x, y - 1.3 * r], 0.8 * r, theme.ink, theme, plot)];
          }),
          ...ringAround(scene, highlight).flatMap(([u, v]): Element[] => {
            const [x = 0, y = 0] = api.coord([u, v]);
            if (!isInside(x, y, plot)) return [];
            const style = { fill: 'none', stroke: theme.ink, lineWidth: theme.line };
            return [{ type: 'circle', shape: { cx: x, cy: y, r: theme.fontSize }, style }];
          }),
        ],
      }),
      false,
    ),
  ];
}

function isInside(x: number, y: number, { left, right, top, bottom }: Plot): boolean {
  return x >= left - 1 && x <= right + 1 && y >= top - 1 && y <= bottom + 1;
}

function ringAround({ places }: Scene, highlight: number | null): Point[] {
  if (highlight === null) return [];
  return places.filter(({ modes }) => modes.includes(highlight)).map(({ at }) => at);
}

/** "3 · 0.17", "212 of 256 missed": what stands beside modes that are not simply found. */
function nameOf({ modes, affected, standing }: Place, scene: Scene): string {
  const [only] = modes;
  if (modes.length > 1 && standing === 'undecidable') return `${formatCount(affected.length)} undecided`;
  if (modes.length > 1 || only === undefined)
    return `${formatCount(affected.length)} of ${formatCount(modes.length)} ${standingLabels[standing]}`;
  const [name, own, share] = [scene.name(only), scene.weight(only), scene.share(only)];
  if (own === undefined) return name;
  if (standing === 'short' && share !== undefined) return `${name} · ${brief(share)} of ${brief(own)}`;
  return standing === 'undecidable' ? `${name} · ${brief(own)}, undecided` : `${name} · ${brief(own)}`;
}

/** Two digits, and no zeros at the end. */
function brief(value: number): string {
  return shortNumber(Number(value.toPrecision(2))).replace(/(\.\d*?)0+$/, '$1');
}

/** Text that stays readable over points, right of a place or left of it where the plot ends. */
function caption(text: string, [x, y]: Point, away: number, colour: string, theme: ChartTheme, plot: Plot): Element {
  const fits = x + away + 1.1 * textWidth(text, theme.fontSize) <= plot.right + 0.8 * theme.fontSize;
  return {
    ...{ type: 'text', x: fits ? x + away : x - away, y },
    style: {
      ...{ text, fill: colour, stroke: theme.behind, lineWidth: theme.fontSize * 0.25 },
      ...{ fontFamily: theme.font, fontSize: theme.fontSize, fontWeight: 600 },
      ...{ align: fits ? 'left' : 'right', verticalAlign: 'middle' },
    },
  };
}
