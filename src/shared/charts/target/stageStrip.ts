import type { CustomSeriesOption } from 'echarts/charts';
import { formatCount, formatNumber } from '../../format';
import { gridOf, plotArea, tickRoom, xAxis, yAxis, type Axis, type Plot } from '../axes';
import { baseOption } from '../base';
import type { ChartOption, Figure, Range, Size } from '../figure';
import { axisTooltip } from '../interaction';
import { textAt } from '../labels';
import { drawn } from '../marks';
import { escapeHtml, textWidth } from '../text';
import type { ChartTheme } from '../theme';
import { linearTicks } from '../ticks';
import { densityAlong, histogram, type Histogram } from './marginalData';
import { short } from './planeMarks';
import {
  betaText,
  followedDraws,
  selected,
  stageName,
  stagesOf,
  stagesRange,
  type Stage,
  type StagesInput,
  type StagesOf,
} from './stageData';
import { momentsAlong, stagesTable, stageWords } from './stageTable';

export interface StageStripInput extends StagesInput {
  /** Which of the stages' axes. */
  readonly axis: number;
}

const mostStages = 9;
const followed = 8;
/** How far a density reaches toward the next stage. */
const reach = 0.62;

interface Column {
  readonly stage: Stage;
  readonly place: number;
  readonly draws: Histogram;
}

interface Scene {
  readonly of: StagesOf;
  readonly axis: number;
  readonly columns: readonly Column[];
  readonly paths: readonly (readonly number[])[];
  readonly target: { readonly x: readonly number[]; readonly values: readonly number[] } | null;
  readonly range: Range;
  /** The density that reaches farthest. */
  readonly highest: number;
}

/**
 * Densities along one axis on the way from a start to the target, one beside the other and the target's own last, with the paths of a few
 * draws through all of them.
 */
export function stageStrip(input: StageStripInput): Figure {
  const scene = sceneOf(input);
  const of = scene?.of;
  const axis = of?.axes[input.axis] ?? '';
  return {
    name: `strip-${input.method}-axis-${input.axis}`,
    title: `${of?.label ?? 'Draws'} on their way along ${axis}`,
    description: scene === null ? '' : scene.columns.map(({ stage }) => stageWords(scene.of, stage)).join(' '),
    empty: scene === null ? 'There are no stages along this axis.' : null,
    aspect: 0.5,
    heightAt: (width, { fontSize }) => Math.min(0.5 * width, 30 * fontSize),
    zoomable: false,
    steps: scene === null ? null : { series: 'pointed', count: scene.columns.length },
    option: (theme, size) => (scene === null ? {} : option(scene, theme, size)),
    rows: () => stagesTable(of),
  };
}

function sceneOf(input: StageStripInput): Scene | null {
  const of = stagesOf(input);
  const { axis, picture } = input;
  if (of === undefined || axis >= of.axes.length) return null;
  const range = axis > 1 ? ([-1, 1] as const) : stagesRange(of, picture, axis === 0 ? 0 : 1);
  const stages = selected(of.stages, mostStages);
  const columns = stages.map((stage, place) => ({ stage, place, draws: densityOf(of, stage, axis, range) }));
  const target = picture === undefined ? null : (densityAlong(picture, axis) ?? exactDraws(input, axis, range));
  const paths = followedDraws(stages, axis, followed).map((place) =>
    stages.map(({ points }) => points[place]?.[axis] ?? NaN),
  );
  const tops = columns.map(({ draws }) => Math.max(...draws.densities)).sort((a, b) => a - b);
  const median = tops[Math.floor(tops.length / 2)] ?? 1;
  const top = Math.max(...tops, ...(target?.values ?? []));
  // One very narrow density must not flatten all others.
  return { of, axis, columns, paths, target, range, highest: Math.min(top, 4 * median) };
}

/** From the counts of all draws where they were kept, else from the points. */
function densityOf(of: StagesOf, stage: Stage, axis: number, range: Range): Histogram {
  const counted = of.histograms?.[axis];
  const counts = counted?.counts[of.stages.indexOf(stage)];
  if (counted === undefined || counts === undefined)
    return histogram(
      stage.points.map((point) => point[axis] ?? NaN),
      range,
    );
  const { edges } = counted;
  const width = (edges[1] ?? NaN) - (edges[0] ?? NaN);
  const whole = counts.reduce((total, count) => total + count, 0);
  return { edges, densities: counts.map((count) => count / Math.max(1, whole) / width) };
}

function exactDraws({ picture }: StagesInput, axis: number, range: Range): Scene['target'] {
  const points = picture?.samples.find(({ method }) => method === 'target')?.points ?? [];
  if (points.length === 0) return null;
  const { edges, densities } = histogram(
    points.map((point) => point[axis] ?? NaN),
    range,
  );
  return {
    x: densities.flatMap((_, i) => [edges[i] ?? 0, edges[i + 1] ?? 0]),
    values: densities.flatMap((value) => [value, value]),
  };
}

function option(scene: Scene, theme: ChartTheme, size: Size): ChartOption {
  const em = theme.fontSize;
  const { of, axis, columns, target, range, highest } = scene;
  const last = columns.length - (target === null ? 1 : 0);
  const y: Axis = {
    ...{ title: of.axes[axis] ?? '', range },
    ticks: linearTicks(range, tickRoom(size.height - 6.5 * em, theme, 3)),
  };
  const plot = { ...plotArea(size, theme, y), top: Math.ceil(3.2 * em) };
  const room = (plot.right - plot.left) / (last + 1);
  const names = columns.map(({ stage }) => (stage.index === 0 ? '0' : formatCount(stage.index)));
  const stride = names.some((name) => textWidth(name, em) > room - 0.4 * em) ? 2 : 1;
  const x: Axis = {
    title: of.by === 'block' ? 'block k' : 'transition k',
    range: [-0.12, last + 0.88],
    ticks: [
      ...columns.flatMap(({ place }) => (place % stride === 0 ? [{ at: place, label: names[place] ?? '' }] : [])),
      ...(target === null ? [] : [{ at: last, label: 'target' }]),
    ],
  };
  const colour = of.look.colour(theme);
  return {
    ...baseOption(theme),
    grid: gridOf(plot, size),
    xAxis: xAxis(x, theme),
    yAxis: { ...yAxis(y, theme, 0, plot.left - em * 0.7), nameGap: 1.7 * em, splitLine: { show: false } },
    tooltip: axisTooltip(theme, (index) => tip(scene, index)),
    series: [
      ...columns.map(({ draws, place }) =>
        profile(
          `draws|${place}`,
          corners(draws),
          place,
          highest,
          { fill: colour, opacity: 0.22, stroke: colour },
          theme,
        ),
      ),
      ...(target === null
        ? []
        : [
            profile(
              'target',
              target.x.map((at, i) => [at, target.values[i] ?? 0] as const),
              last,
              highest,
              { fill: theme.gap, opacity: 1, stroke: theme.truth },
              theme,
            ),
          ]),
      pathsMark(scene, theme),
      betas(columns, plot, room, theme),
      {
        ...{ id: 'pointed', type: 'line', symbol: 'none', animation: false, silent: true, lineStyle: { opacity: 0 } },
        emphasis: { disabled: true },
        data: columns.map(({ stage, place }) => [place, momentsAlong(stage, axis).mean]),
      },
    ],
  };
}

function corners({ edges, densities }: Histogram): (readonly [number, number])[] {
  return densities.flatMap((height, i) => [[edges[i] ?? 0, height] as const, [edges[i + 1] ?? 0, height] as const]);
}

/** A density on its side: along the vertical axis, reaching to the right of its stage. */
function profile(
  id: string,
  along: readonly (readonly [at: number, density: number])[],
  place: number,
  highest: number,
  { fill, opacity, stroke }: { readonly fill: string; readonly opacity: number; readonly stroke: string },
  theme: ChartTheme,
): CustomSeriesOption {
  const [first, end] = [along[0]?.[0] ?? 0, along.at(-1)?.[0] ?? 0];
  return drawn({ id, z: 2 }, (api) => {
    const outline = [[first, 0] as const, ...along, [end, 0] as const].map(([at, density]) =>
      api.coord([place + (reach * Math.min(density, 1.3 * highest)) / highest, at]).map(short),
    );
    return {
      type: 'path',
      shape: { pathData: `M${outline.map((point) => point.join(' ')).join('L')}Z` },
      style: { fill, fillOpacity: opacity, stroke, lineWidth: theme.hairline },
    };
  });
}

function pathsMark({ paths }: Scene, theme: ChartTheme): CustomSeriesOption {
  return drawn({ id: 'paths', z: 4 }, (api) => ({
    type: 'path',
    shape: {
      pathData: paths
        .map((path) => `M${path.map((at, place) => api.coord([place, at]).map(short).join(' ')).join('L')}`)
        .join(''),
    },
    style: { fill: 'none', stroke: theme.ink, lineWidth: theme.hairline, opacity: 0.6 },
  }));
}

/** Above each stage its β, where there is room for it. */
function betas(columns: readonly Column[], plot: Plot, room: number, theme: ChartTheme): CustomSeriesOption {
  const em = theme.fontSize;
  const texts = columns.map(({ stage }) => betaText(stage).replace('β = ', ''));
  const widest = Math.max(...texts.map((text) => textWidth(text, em)));
  const stride = Math.max(1, Math.ceil((widest + 0.6 * em) / room));
  return drawn(
    { id: 'betas', z: 6 },
    (api) => ({
      type: 'group',
      children: texts.flatMap((text, place) => {
        if (text === '' || place % stride !== 0) return [];
        const [x = 0] = api.coord([place, 0]);
        return [textAt(place === 0 && room > 4 * em ? `β ${text}` : text, x, plot.top - 0.7 * em, theme.quiet, theme)];
      }),
    }),
    false,
  );
}

function tip({ of, axis, columns }: Scene, index: number): string {
  const stage = columns[index]?.stage;
  if (stage === undefined) return '';
  const { mean, std } = momentsAlong(stage, axis);
  const row = (name: string, value: number): string =>
    `<tr><td>${name}</td><td class="value">${formatNumber(value, 3)}</td></tr>`;
  const head = [stageName(of, stage), betaText(stage)].filter((text) => text !== '').join(', ');
  return `<p>${escapeHtml(head)}</p><table>${row('mean', mean)}${row('standard deviation', std)}</table>`;
}
