import { gridOf, tickRoom, xAxis, yAxis, type Axis, type Plot } from '../axes';
import { baseOption } from '../base';
import type { ChartOption, Figure, Range, Size } from '../figure';
import { textAt } from '../labels';
import { drawn } from '../marks';
import { textWidth, widest } from '../text';
import type { ChartTheme } from '../theme';
import { linearTicks } from '../ticks';
import type { Point } from './contours';
import { contourMarks, dotMarks, trailMarks } from './planeMarks';
import {
  aimedAt,
  betaText,
  followedDraws,
  planePoints,
  selected,
  stageName,
  stagesOf,
  stagesRange,
  type Stage,
  type StagesInput,
  type StagesOf,
} from './stageData';
import { stagesTable, stageWords } from './stageTable';

/** Panels at the most, and draws that are followed through them. */
const mostPanels = 8;
const followed = 6;
/** Contours are small here. */
const fewDrops = [0.5, 2, 4.5] as const;

interface Scene {
  readonly of: StagesOf;
  readonly shown: readonly Stage[];
  readonly x: Range;
  readonly y: Range;
}

/** Draws in the plane on their way from a start to the target, stage by stage beside each other, a few of them with the way they came. */
export function stagePanels(input: StagesInput): Figure {
  const of = stagesOf(input);
  const scene: Scene | null =
    of?.axes.length !== 2
      ? null
      : {
          ...{ of, shown: selected(of.stages, mostPanels) },
          ...{ x: stagesRange(of, input.picture, 0), y: stagesRange(of, input.picture, 1) },
        };
  return {
    name: `stages-${input.method}`,
    title: `${of?.label ?? 'Draws'} on their way`,
    description: scene === null ? '' : scene.shown.map((stage) => stageWords(scene.of, stage)).join(' '),
    empty: scene === null ? 'There are no stages in a plane to show.' : null,
    aspect: 0.6,
    heightAt: (width, theme) => (scene === null ? 300 : layoutOf(scene, width, theme).height),
    zoomable: false,
    steps: null,
    option: (theme, size) => (scene === null ? {} : option(input, scene, theme, size)),
    rows: () => stagesTable(of),
  };
}

interface Layout {
  readonly columns: number;
  readonly height: number;
  readonly left: number;
  readonly cell: { readonly width: number; readonly height: number };
  readonly plot: { readonly width: number; readonly height: number };
}

/** A unit is as long on both axes; axes are marked at the left and below only. */
function layoutOf({ shown, x, y }: Scene, width: number, theme: ChartTheme): Layout {
  const em = theme.fontSize;
  const left = leftRoom(y, theme);
  const most = Math.max(2, Math.floor((width - left) / (13 * em)));
  const columns = Math.ceil(shown.length / Math.ceil(shown.length / most));
  const cell = (width - left) / columns;
  const wide = cell - 1.1 * em;
  const aspect = Math.min(1.6, Math.max(0.5, (y[1] - y[0]) / (x[1] - x[0])));
  const high = wide * aspect;
  const lines = Math.ceil(shown.length / columns);
  return {
    ...{ columns, left, height: lines * (high + 2.1 * em) + 3.6 * em },
    ...{ cell: { width: cell, height: high + 2.1 * em }, plot: { width: wide, height: high } },
  };
}

function leftRoom(y: Range, theme: ChartTheme): number {
  const labels = linearTicks(y, 4).map(({ label }) => label);
  return widest(labels, theme.fontSize) + 0.9 * theme.fontSize;
}

function option(input: StagesInput, scene: Scene, theme: ChartTheme, size: Size): ChartOption {
  const em = theme.fontSize;
  const { of, shown, x, y } = scene;
  const layout = layoutOf(scene, size.width, theme);
  // A given height may be less than what the figure wants.
  const shrink = Math.min(1, size.height / layout.height);
  const places = followedDraws(of.stages, 0, followed);
  const [first = '', second = ''] = of.axes;
  const placed = shown.map((stage, index) => {
    const [column, line] = [index % layout.columns, Math.floor(index / layout.columns)];
    const left = layout.left + column * layout.cell.width;
    const top = (line * layout.cell.height + 2.1 * em) * shrink;
    const plot: Plot = { left, top, right: left + layout.plot.width, bottom: top + layout.plot.height * shrink };
    const below = index + layout.columns >= shown.length;
    const xTicks = linearTicks(x, tickRoom(layout.plot.width, theme, 4));
    const yTicks = linearTicks(y, Math.min(4, tickRoom(layout.plot.height, theme, 3)));
    const horizontal: Axis = { title: below ? first : '', range: x, ticks: below ? xTicks : [] };
    const vertical: Axis = { title: '', range: y, ticks: column === 0 ? yTicks : [] };
    return { stage, index, plot, horizontal, vertical, leftmost: column === 0 };
  });
  const trail = (place: number, upTo: Stage): Point[] =>
    of.stages.slice(0, of.stages.indexOf(upTo) + 1).flatMap(({ points }): Point[] => {
      const [u, v] = points[place] ?? [];
      return u === undefined || v === undefined ? [] : [[u, v]];
    });
  return {
    ...baseOption(theme),
    grid: placed.map(({ plot }) => gridOf(plot, size)),
    xAxis: placed.map(({ horizontal, index }) => xAxis(horizontal, theme, index)),
    yAxis: placed.map(({ vertical, index }) => ({
      ...yAxis(vertical, theme, index),
      splitLine: { show: false },
    })),
    series: placed.flatMap(({ stage, index, plot, leftmost }) => {
      const field = aimedAt(input, of, stage);
      const dots = { id: `draws|${index}`, gridIndex: index, colour: of.look.colour(theme), opacity: 0.55 };
      return [
        ...(field === undefined
          ? []
          : contourMarks(field, { id: `density|${index}`, gridIndex: index, drops: fewDrops, closed: true }, theme)),
        dotMarks(planePoints(stage), dots, [x, y], theme),
        trailMarks(
          places.map((place) => trail(place, stage)),
          `paths|${index}`,
          index,
          theme,
        ),
        heading(of, stage, index, plot, leftmost ? second : '', theme),
      ];
    }),
  };
}

/** Which stage it is, and over the leftmost what the vertical axis measures. */
function heading(of: StagesOf, stage: Stage, gridIndex: number, plot: Plot, axis: string, theme: ChartTheme) {
  const em = theme.fontSize;
  const name = stageName(of, stage);
  const beta = betaText(stage);
  const nameWidth = textWidth(name, em) * 1.06;
  const wide = nameWidth + 0.8 * em + textWidth(beta, em) <= plot.right - plot.left;
  return drawn(
    { id: `heading|${gridIndex}`, gridIndex, z: 6 },
    () => ({
      type: 'group',
      children: [
        textAt(name, plot.left, plot.top - 0.85 * em, theme.ink, theme, true),
        ...(wide && beta !== ''
          ? [textAt(beta, plot.left + nameWidth + 0.8 * em, plot.top - 0.85 * em, theme.quiet, theme)]
          : []),
        ...(axis === ''
          ? []
          : [textAt(axis, plot.left - textWidth(axis, em) - 0.6 * em, plot.top - 0.85 * em, theme.ink, theme)]),
      ],
    }),
    false,
  );
}
