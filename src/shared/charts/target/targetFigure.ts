import type { Result } from '../../result';
import type { Figure } from '../figure';
import { logZByMethod } from './logZ';
import { marginal } from './marginal';
import { picturePlane, type PictureInput } from './picture';

/** What stands for a run of a target: its picture, in one dimension its marginal, and its bounds where it has no picture. */
export function targetFigure(result: Result, options: Pick<PictureInput, 'show'> = {}): Figure {
  const axes = result.picture?.axes.length ?? 0;
  if (axes === 0) return logZByMethod(result);
  return axes === 1 ? marginal({ ...result, of: 'axis-0' }) : picturePlane({ ...result, ...options });
}
