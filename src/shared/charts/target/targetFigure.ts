import type { Result } from '../../result';
import type { Figure } from '../figure';
import type { CurvePoint } from '../../runRecord';
import { learning } from './learning';
import { blockCurves } from './blockCurves';
import { logZByMethod } from './logZ';
import { logZBySteps } from './logZBySteps';
import { marginal } from './marginal';
import { marginalChoices } from './marginalData';
import { momentScatter } from './moments';
import { picturePlane, type PictureInput } from './picture';
import { masses, schedules } from './schedules';
import { stageChoices } from './stageData';
import { stagePanels } from './stagePanels';
import { stageStrip } from './stageStrip';
import { weightHistograms } from './weights';

/** What stands for a run of a target: its picture, in one dimension its marginal, and its bounds where it has no picture. */
export function targetFigure(result: Result, options: Pick<PictureInput, 'show'> = {}): Figure {
  const axes = result.picture?.axes.length ?? 0;
  if (axes === 0) return logZByMethod(result);
  return axes === 1 ? marginal({ ...result, of: 'axis-0' }) : picturePlane({ ...result, ...options });
}

/** Every other figure of a run of a target that has something to show. */
export function targetFigures(result: Result, curves: readonly CurvePoint[]): Figure[] {
  const shown = targetFigure(result).name;
  return [
    picturePlane(result),
    ...marginalChoices(result).map(({ value }) => marginal({ ...result, of: value })),
    logZByMethod(result),
    logZBySteps(result),
    schedules(result),
    masses(result),
    weightHistograms(result),
    momentScatter(result),
    ...stageChoices(result).flatMap(({ value }) => {
      const input = { ...result, method: value };
      return [
        stagePanels(input),
        stageStrip({ ...input, axis: 0 }),
        stageStrip({ ...input, axis: 1 }),
        blockCurves(input),
      ];
    }),
    ...(['iterations', 'time'] as const).map((by) => learning({ ...result, curves, by })),
  ].filter(({ empty, name }) => empty === null && name !== shown);
}
