import type { CustomSeriesOption, LineSeriesOption } from 'echarts/charts';
import { pointsOnly } from '../base';
import { formatNumber } from '../../format';
import type { Picture } from '../../result';
import { targetSummary, type Summarised } from '../../targetRun/summary';
import { numberCell, textCell, type DataTable } from '../../tables';
import { dashOf } from '../encoding';
import type { ChartOption, Figure, Range, Size, View } from '../figure';
import { itemTooltip } from '../interaction';
import { legend, legendLayout, type LegendItem } from '../labels';
import { drawn } from '../marks';
import { escapeHtml } from '../text';
import type { ChartTheme } from '../theme';
import { padded } from '../ticks';
import { ellipse, type Point } from './contours';
import { frame } from './frame';
import { methodLooks, type MethodLook } from './looks';
import { contourMarks, dotMarks, pathOf } from './planeMarks';

/** Which draws are shown: those of methods that end in no normal, of all, or none. */
export type ShownSamples = 'chains' | 'all' | 'none';

export interface PictureInput extends Summarised {
  readonly picture?: Picture | undefined;
  readonly show?: ShownSamples;
  /** Keys of what is switched off. */
  readonly hidden?: ReadonlySet<string>;
}

/** Points in sight at once, of all methods together. */
const mostPoints = 2400;
const mostOnPaper = 1200;
const exact = 'target';

interface Layer {
  readonly key: string;
  readonly label: string;
  readonly look: MethodLook;
  readonly points: readonly Point[];
  readonly normal: { readonly mean: readonly number[]; readonly covariance: readonly number[] } | null;
}

interface Scene {
  readonly picture: Picture;
  readonly layers: readonly Layer[];
  readonly x: Range;
  readonly y: Range;
}

/** A target in a plane: contours of its density, and over them the draws and the normals of every method. */
export function picturePlane(input: PictureInput): Figure {
  const scene = sceneOf(input);
  const shown = scene?.layers.filter(({ key }) => input.hidden?.has(key) !== true) ?? [];
  return {
    name: 'picture',
    title: 'The target and what methods make of it',
    description:
      scene === null
        ? ''
        : `${scene.picture.density === undefined ? 'The density itself is not known in this plane. ' : 'Contours of the density 0.5, 2, 4.5 and 8 nats below its maximum. '}Ellipses lie at one and two standard deviations. ${scene.layers.map(wordsOf).join(' ')}`,
    empty: scene === null ? 'The picture is drawn when the run ends.' : null,
    aspect: 0.9,
    heightAt: (width, theme) => 0.86 * width + legendHeight(scene, width, theme),
    zoomable: true,
    steps: shown.some(({ normal }) => normal !== null) ? { series: 'means', count: means(shown).length } : null,
    option: (theme, size, view) => (scene === null ? {} : option(scene, shown, theme, size, view)),
    legend: (theme) => scene?.layers.map((layer) => itemOf(layer, theme)) ?? [],
    without: (hidden) => picturePlane({ ...input, hidden }),
    rows: () => table(scene),
  };
}

function sceneOf(input: PictureInput): Scene | null {
  const { picture, show = 'chains' } = input;
  if (picture === undefined || picture.axes.length !== 2) return null;
  const { label } = targetSummary(input);
  const normals = new Map(picture.normals.map((one) => [one.method, one]));
  const names = [...new Set([...picture.samples, ...picture.normals].map(({ method }) => method))];
  const looks = methodLooks(names.filter((name) => name !== exact));
  const layers = names.flatMap((name): Layer[] => {
    // Contours say more than draws do.
    if (name === exact && picture.density !== undefined && show !== 'all') return [];
    const normal = normals.get(name) ?? null;
    const wanted = show === 'all' || (show === 'chains' && normal === null);
    const points = wanted ? (picture.samples.find(({ method }) => method === name)?.points ?? []) : [];
    if (points.length === 0 && normal === null) return [];
    return [
      {
        key: name,
        label: name === exact ? 'exact draws' : label(name),
        look: name === exact ? looks('hmc') : looks(name),
        points: points.map(([x = 0, y = 0]): Point => [x, y]),
        normal,
      },
    ];
  });
  const { density } = picture;
  const reach = (axis: 0 | 1): Range => {
    const given = axis === 0 ? density?.x : density?.y;
    if (given !== undefined && given.length > 1) return [given[0] ?? 0, given.at(-1) ?? 1];
    const draws = picture.samples
      .flatMap(({ points }) => points.map((point) => point[axis] ?? 0))
      .sort((a, b) => a - b);
    const edges =
      draws.length === 0 ? [] : [0.002, 0.998].map((share) => draws[Math.round(share * (draws.length - 1))] ?? 0);
    const ellipses = picture.normals.flatMap(({ mean, covariance }) => {
      const deviation = Math.sqrt(covariance[3 * axis] ?? 0);
      return [(mean[axis] ?? 0) - 2.2 * deviation, (mean[axis] ?? 0) + 2.2 * deviation];
    });
    const all = [...edges, ...ellipses];
    return all.length === 0 ? [-1, 1] : padded(all, 0.04, 1e-6);
  };
  return { picture, layers, x: reach(0), y: reach(1) };
}

function wordsOf({ label, normal, points }: Layer): string {
  if (normal === null) return `${label}: ${points.length} draws.`;
  const [x = NaN, y = NaN] = normal.mean;
  const deviations = [0, 3].map((index) => formatNumber(Math.sqrt(normal.covariance[index] ?? NaN)));
  return `${label}: mean (${formatNumber(x)}, ${formatNumber(y)}), standard deviations ${deviations.join(' and ')}.`;
}

function option(
  { picture, x, y, layers: all }: Scene,
  layers: readonly Layer[],
  theme: ChartTheme,
  size: Size,
  view: View | undefined,
): ChartOption {
  const em = theme.fontSize;
  const items = all.filter((layer) => layers.includes(layer)).map((layer) => itemOf(layer, theme));
  const [first = '', second = ''] = picture.axes;
  const made = frame(
    { x: { title: first, range: x }, y: { title: second, range: y }, equal: true, legend: items },
    theme,
    size,
    view,
  );
  const budget = theme.name === 'paper' ? mostOnPaper : mostPoints;
  const sampled = layers.filter(({ points }) => points.length > 0);
  const each = Math.max(1, Math.floor(budget / Math.max(1, sampled.length)));
  return {
    ...made.option,
    tooltip: itemTooltip((series, index) => (series === 'means' ? tip(means(layers)[index]) : '')),
    series: [
      ...(picture.density?.y === undefined
        ? []
        : contourMarks({ ...picture.density, y: picture.density.y }, { id: 'density' }, theme)),
      ...sampled.map((layer) => dots(layer, each, [x, y], theme)),
      ...layers.flatMap((layer) => ellipses(layer, theme)),
      centres(layers, theme),
      ...(theme.name === 'paper' ? [legend(items, 0.4 * em, made.top, size.width - 0.8 * em, theme)] : []),
    ],
  };
}

/** The layer's draws, thinned evenly. */
function dots(
  { key, points, look }: Layer,
  most: number,
  ranges: readonly [Range, Range],
  theme: ChartTheme,
): CustomSeriesOption {
  const stride = Math.max(1, Math.ceil(points.length / most));
  const kept = points.filter((_, index) => index % stride === 0);
  return dotMarks(kept, { id: `draws|${key}`, colour: look.colour(theme) }, ranges, theme);
}

/** One standard deviation in a full line, two in a thin one. */
function ellipses({ key, normal, look }: Layer, theme: ChartTheme): CustomSeriesOption[] {
  if (normal === null) return [];
  const dash = dashOf(look.mark.dash, theme);
  return ([1, 2] as const).map((deviations) => {
    const ring = ellipse(normal.mean, normal.covariance, deviations);
    return drawn({ id: `normal|${key}|${deviations}`, z: 4 }, (api) => ({
      type: 'path',
      shape: { pathData: pathOf(ring, (point) => api.coord([...point])) },
      style: {
        fill: 'none',
        stroke: look.colour(theme),
        lineWidth: deviations === 1 ? theme.line : theme.line * 0.6,
        ...(dash === 'solid' ? {} : { lineDash: dash }),
      },
    }));
  });
}

function means(layers: readonly Layer[]): readonly Layer[] {
  return layers.filter(({ normal }) => normal !== null);
}

/** The means, which can be pointed at. */
function centres(layers: readonly Layer[], theme: ChartTheme): LineSeriesOption {
  return {
    id: 'means',
    ...pointsOnly,
    clip: true,
    data: means(layers).map(({ normal, look }) => ({
      value: [normal?.mean[0] ?? 0, normal?.mean[1] ?? 0],
      symbol: look.mark.symbol,
      symbolSize: theme.fontSize * 0.6,
      itemStyle: {
        color: look.mark.hollow ? theme.behind : look.colour(theme),
        borderColor: look.colour(theme),
        borderWidth: theme.line * 0.7,
      },
    })),
  };
}

function tip(layer: Layer | undefined): string {
  if (layer?.normal === undefined || layer.normal === null) return '';
  const { mean, covariance } = layer.normal;
  const row = (name: string, ...values: (number | undefined)[]): string =>
    `<tr><td>${name}</td>${values.map((value) => `<td class="value">${formatNumber(value, 3)}</td>`).join('')}</tr>`;
  const deviations = [0, 3].map((index) => Math.sqrt(covariance[index] ?? NaN));
  return `<p>${escapeHtml(layer.label)}</p><table>${row('mean', mean[0], mean[1])}${row('standard deviation', ...deviations)}</table>`;
}

function itemOf({ key, label, look, normal }: Layer, theme: ChartTheme): LegendItem {
  const colour = look.colour(theme);
  const mark = normal === null ? { ...look.mark, symbol: 'rect' as const, hollow: false } : look.mark;
  return { key, text: label, colour, textColour: theme.ink, mark, dash: normal === null ? [0, 100] : look.mark.dash };
}

function legendHeight(scene: Scene | null, width: number, theme: ChartTheme): number {
  if (scene === null || theme.name !== 'paper') return 0;
  const items = scene.layers.map((layer) => itemOf(layer, theme));
  return legendLayout(items, width - 0.8 * theme.fontSize, theme).height;
}

function table(scene: Scene | null): DataTable {
  const [x, y] = scene?.picture.axes ?? ['x', 'y'];
  const columns = [
    { name: 'method', label: 'method', numeric: false },
    ...[x, y].map((axis, index) => ({ name: `mean_${index + 1}`, label: `mean of ${axis}`, numeric: true })),
    ...[x, y].map((axis, index) => ({ name: `std_${index + 1}`, label: `std of ${axis}`, numeric: true })),
    { name: 'correlation', label: 'correlation', numeric: true },
  ];
  return {
    columns,
    rows: (scene?.layers ?? []).map((layer) => {
      const { mean, covariance } = layer.normal ?? momentsOf(layer.points);
      const [a = NaN, b = NaN, , d = NaN] = covariance;
      return [
        textCell(layer.normal === null ? `${layer.label}, draws` : layer.label),
        ...[0, 1].map((index) => numberCell(mean[index] ?? null, 3)),
        ...[a, d].map((value) => numberCell(Math.sqrt(value), 3)),
        numberCell(b / Math.sqrt(a * d), 3),
      ];
    }),
  };
}

/** Of draws, in the shape of a normal's. */
export function momentsOf(points: readonly Point[]): { readonly mean: number[]; readonly covariance: number[] } {
  const count = points.length;
  const mean = [0, 1].map((axis) => points.reduce((total, point) => total + (point[axis] ?? 0), 0) / count);
  const between = (i: 0 | 1, j: 0 | 1): number =>
    points.reduce((total, p) => total + (p[i] - (mean[i] ?? 0)) * (p[j] - (mean[j] ?? 0)), 0) / Math.max(1, count - 1);
  return { mean, covariance: [between(0, 0), between(0, 1), between(1, 0), between(1, 1)] };
}
