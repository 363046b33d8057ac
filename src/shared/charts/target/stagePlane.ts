import type { ChartOption, Figure, Size, View } from '../figure';
import type { ChartTheme } from '../theme';
import { frame } from './frame';
import { contourMarks, dotMarks } from './planeMarks';
import {
  aimedAt,
  betaText,
  planePoints,
  stageName,
  stagesOf,
  stagesRange,
  type Stage,
  type StagesInput,
  type StagesOf,
} from './stageData';
import { stagesTable, stageWords } from './stageTable';

export interface StagePlaneInput extends StagesInput {
  /** Place among the stages. */
  readonly stage: number;
}

/** One stage in the plane: the draws there over the contours of what the stage aims at. The axes are the same for every stage. */
export function stagePlane(input: StagePlaneInput): Figure {
  const of = stagesOf(input);
  const stage = of?.stages[input.stage];
  const drawable = of?.axes.length === 2 && stage !== undefined;
  const title = of === undefined || stage === undefined ? '' : `${of.label}: ${nameWithBeta(of, stage)}`;
  return {
    name: `stage-${stage?.index ?? 0}`,
    title: title === '' ? 'Draws of a stage' : title,
    description: of === undefined || stage === undefined ? '' : stageWords(of, stage),
    empty: drawable ? null : 'There is no stage to show.',
    aspect: 0.9,
    heightAt: (width, theme) => (of === undefined ? 320 : heightOf(of, input, width, theme)),
    zoomable: true,
    steps: null,
    option: (theme, size, view) => (drawable ? option(input, of, stage, theme, size, view) : {}),
    rows: () => stagesTable(of),
  };
}

/** A unit is as long on both axes. */
function heightOf(of: StagesOf, { picture }: StagesInput, width: number, { fontSize: em }: ChartTheme): number {
  const [x, y] = [stagesRange(of, picture, 0), stagesRange(of, picture, 1)];
  return Math.min(44 * em, ((width - 4 * em) * (y[1] - y[0])) / (x[1] - x[0]) + 5.6 * em);
}

function nameWithBeta(of: StagesOf, stage: Stage): string {
  return [stageName(of, stage), betaText(stage)].filter((text) => text !== '').join(', ');
}

function option(
  input: StagesInput,
  of: StagesOf,
  stage: Stage,
  theme: ChartTheme,
  size: Size,
  view: View | undefined,
): ChartOption {
  const [x, y] = [stagesRange(of, input.picture, 0), stagesRange(of, input.picture, 1)];
  const [first = '', second = ''] = of.axes;
  const made = frame(
    { x: { title: first, range: x }, y: { title: second, range: y }, equal: true, legend: [] },
    theme,
    size,
    view,
  );
  const field = aimedAt(input, of, stage);
  const dots = { id: 'draws', colour: of.look.colour(theme), opacity: 0.65, size: 0.22 };
  return {
    ...made.option,
    series: [
      ...(field === undefined ? [] : contourMarks(field, { id: 'density', closed: true }, theme)),
      dotMarks(planePoints(stage), dots, [x, y], theme),
    ],
  };
}
