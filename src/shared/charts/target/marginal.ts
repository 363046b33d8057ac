import type { CustomSeriesOption, LineSeriesOption } from 'echarts/charts';
import { formatNumber } from '../../format';
import { numberCell, type DataTable } from '../../tables';
import { dashOf } from '../encoding';
import type { ChartOption, Figure, Size, View } from '../figure';
import { axisTooltip } from '../interaction';
import { legend, legendLayout, type LegendItem } from '../labels';
import { areaBetween, drawn } from '../marks';
import { escapeHtml } from '../text';
import type { ChartTheme } from '../theme';
import { frame } from './frame';
import { marginalData, normalDensity, type MarginalData, type MarginalInput, type MarginalPart } from './marginalData';

/** Places at which curves are drawn, pointed at and listed. */
const places = 161;

/** One axis of a target: its density where that is known, histograms of draws, and the normals of methods over them. */
export function marginal(input: MarginalInput): Figure {
  const data = marginalData(input);
  const isShown = ({ key }: { readonly key: string }): boolean => input.hidden?.has(key) !== true;
  const parts = data?.parts.filter(isShown) ?? [];
  const density = isShown(truthItem) ? (data?.density ?? null) : null;
  return {
    name: `marginal-${input.of}`,
    title: data === null ? 'Marginal' : `Marginal of ${data.axis}`,
    description: data === null ? '' : data.parts.map(wordsOf).join(' '),
    empty: data === null ? 'Nothing is known along this axis before a method has ended.' : null,
    aspect: 0.72,
    heightAt: (width, theme) => Math.min(0.72 * width, 30 * theme.fontSize) + legendHeight(data, width, theme),
    zoomable: true,
    steps: data === null ? null : { series: 'pointed', count: places },
    option: (theme, size, view) => (data === null ? {} : option(data, { parts, density }, theme, size, view)),
    legend: (theme) => itemsOf(data?.density ?? null, data?.parts ?? [], theme),
    without: (hidden) => marginal({ ...input, hidden }),
    rows: () => table(data),
  };
}

function wordsOf({ label, normal, draws, isTruth }: MarginalPart): string {
  if (normal !== null)
    return `${label}: mean ${formatNumber(normal.mean)}, standard deviation ${formatNumber(normal.std)}.`;
  return draws === null ? '' : `${label}: a histogram of ${isTruth ? 'exact ' : ''}draws.`;
}

function placesOf({ range: [low, high] }: MarginalData): number[] {
  return Array.from({ length: places }, (_, index) => low + ((high - low) * index) / (places - 1));
}

/** @param shown what of it is not hidden */
function option(
  data: MarginalData,
  shown: Pick<MarginalData, 'density' | 'parts'>,
  theme: ChartTheme,
  size: Size,
  view: View | undefined,
): ChartOption {
  const { axis, range } = data;
  const { density, parts } = shown;
  const x = placesOf(data);
  const all = data.parts.flatMap(({ draws, normal }) => [
    ...(draws?.densities ?? []),
    ...(normal === null ? [] : [normalDensity(normal.mean, normal)]),
  ]);
  // One very narrow normal must not flatten everything else.
  const heights = [...(data.density?.values ?? []), ...all].sort((a, b) => b - a);
  const known = Math.max(
    0,
    ...(data.density?.values ?? []),
    ...data.parts.flatMap(({ draws }) => draws?.densities ?? []),
  );
  const top = 1.08 * Math.min(heights[0] ?? 1, known === 0 ? Infinity : 2.5 * known);
  const items = itemsOf(density, parts, theme);
  const made = frame(
    { x: { title: axis, range }, y: { title: 'density', range: [0, top] }, legend: items },
    theme,
    size,
    view,
  );
  return {
    ...made.option,
    tooltip: axisTooltip(theme, (index) => tip(data, parts, x[index])),
    series: [
      ...(density === null ? [] : densityMarks(density, theme)),
      ...parts.flatMap((part) => histogramMark(part, theme)),
      ...parts.flatMap((part) => curve(part, x, theme)),
      pointed(x),
      ...(theme.name === 'paper'
        ? [legend(items, 0.4 * theme.fontSize, made.top, size.width - 0.8 * theme.fontSize, theme)]
        : []),
    ],
  };
}

function densityMarks({ x, values }: NonNullable<MarginalData['density']>, theme: ChartTheme) {
  return [
    areaBetween(
      { id: 'density', z: 1, fill: theme.gap },
      x,
      x.map(() => 0),
      values,
    ),
    lineOf('density-line', x, values, { color: theme.truth, width: theme.hairline }),
  ];
}

/** The outline of the bars, lightly filled: several histograms are over each other. */
function histogramMark({ key, draws, look }: MarginalPart, theme: ChartTheme): CustomSeriesOption[] {
  if (draws === null) return [];
  const { edges, densities } = draws;
  const colour = look.colour(theme);
  return [
    drawn({ id: `draws|${key}`, z: 2 }, (api) => {
      const corners = densities.flatMap((height, index) => [
        [edges[index] ?? 0, height],
        [edges[index + 1] ?? 0, height],
      ]);
      const outline = [[edges[0] ?? 0, 0], ...corners, [edges.at(-1) ?? 0, 0]];
      return {
        type: 'polygon',
        shape: { points: outline.map((corner) => api.coord(corner)) },
        style: { fill: colour, fillOpacity: 0.1, stroke: colour, lineWidth: theme.hairline, opacity: 0.9 },
      };
    }),
  ];
}

function curve({ key, normal, look }: MarginalPart, x: readonly number[], theme: ChartTheme): LineSeriesOption[] {
  if (normal === null) return [];
  const values = x.map((at) => normalDensity(at, normal));
  const style = { color: look.colour(theme), width: theme.line, type: dashOf(look.mark.dash, theme) };
  return [lineOf(`normal|${key}`, x, values, style)];
}

function lineOf(
  id: string,
  x: readonly number[],
  values: readonly number[],
  lineStyle: NonNullable<LineSeriesOption['lineStyle']>,
): LineSeriesOption {
  return {
    ...{ id, type: 'line', z: 4, symbol: 'none', animation: false, clip: true, silent: true },
    emphasis: { disabled: true },
    lineStyle,
    data: x.map((at, index) => [at, values[index] ?? 0]),
  };
}

/** What the pointer finds: the places along the axis. */
function pointed(x: readonly number[]): LineSeriesOption {
  return lineOf(
    'pointed',
    x,
    x.map(() => 0),
    { opacity: 0 },
  );
}

function densityAt({ density }: MarginalData, at: number): number | null {
  if (density === null) return null;
  const { x, values } = density;
  const right = x.findIndex((each) => each >= at);
  if (right <= 0) return right === 0 ? (values[0] ?? null) : null;
  const [a = 0, b = 0] = [x[right - 1], x[right]];
  const share = b === a ? 0 : (at - a) / (b - a);
  return (1 - share) * (values[right - 1] ?? 0) + share * (values[right] ?? 0);
}

function valueOf({ draws, normal }: MarginalPart, at: number): number | null {
  if (normal !== null) return normalDensity(at, normal);
  if (draws === null) return null;
  const bin = draws.edges.findIndex((edge, index) => at >= edge && at < (draws.edges[index + 1] ?? -Infinity));
  return draws.densities[bin] ?? null;
}

function tip(data: MarginalData, parts: readonly MarginalPart[], at: number | undefined): string {
  if (at === undefined) return '';
  const row = (name: string, value: number | null): string =>
    value === null ? '' : `<tr><td>${escapeHtml(name)}</td><td class="value">${formatNumber(value, 3)}</td></tr>`;
  return `<p>${escapeHtml(data.axis)} = ${formatNumber(at, 3)}</p><table>${row('target', densityAt(data, at))}${parts.map((part) => row(part.label, valueOf(part, at))).join('')}</table>`;
}

function itemOf({ key, label, look, normal }: MarginalPart, theme: ChartTheme): LegendItem {
  const dash = normal === null ? [] : look.mark.dash;
  return { key, text: label, colour: look.colour(theme), textColour: theme.ink, mark: null, dash };
}

/** The exact density is drawn in the ink of the truth. */
const truthItem = { key: 'density', text: 'density of the target' } as const;

function itemsOf(
  density: MarginalData['density'],
  parts: readonly MarginalPart[],
  theme: ChartTheme,
): readonly LegendItem[] {
  const truth: LegendItem = { ...truthItem, colour: theme.truth, textColour: theme.ink, mark: null, dash: [] };
  return [...(density === null ? [] : [truth]), ...parts.map((part) => itemOf(part, theme))];
}

function legendHeight(data: MarginalData | null, width: number, theme: ChartTheme): number {
  if (data === null || theme.name !== 'paper') return 0;
  return legendLayout(itemsOf(data.density, data.parts, theme), width - 0.8 * theme.fontSize, theme).height;
}

function table(data: MarginalData | null): DataTable {
  const x = data === null ? [] : placesOf(data);
  const parts = data?.parts ?? [];
  return {
    columns: [
      { name: 'x', label: data?.axis ?? 'x', numeric: true },
      ...(data === null || data.density === null ? [] : [{ name: 'target', label: 'target', numeric: true }]),
      ...parts.map(({ key, label }) => ({ name: key.replaceAll('-', '_'), label, numeric: true })),
    ],
    rows: x.map((at) => [
      numberCell(at, 3),
      ...(data === null || data.density === null ? [] : [numberCell(densityAt(data, at), 4)]),
      ...parts.map((part) => numberCell(valueOf(part, at), 4)),
    ]),
  };
}
