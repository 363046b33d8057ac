import { annealingBetas } from '../../../shared/runFile/methods/annealingFlow';
import { gradientUnits } from '../meter';
import type { Kind, Work } from './types';

type Method = Kind<'annealing-flow'>;

/** What a row through a velocity and its divergence costs: some two thousand products as much as a density of a few coordinates. */
function velocityUnits({ net }: Method): number {
  const widths = [2, ...net.hidden, 2];
  return widths.slice(1).reduce((sum, width, layer) => sum + width * (widths[layer] ?? 0), 0) / 1000;
}

/** Of its training; none where a kept flow is used. */
export function flowWork(method: Method): Work {
  const { batch, ode, iterations } = method;
  const evaluations = 4 * ode.steps * velocityUnits(method);
  const steps = method.flow === undefined ? iterations * annealingBetas(method).length : 0;
  return { perStep: batch * gradientUnits * (1 + evaluations), steps };
}

/** Of a draw through all blocks. */
export function forwardUnits(method: Method): number {
  return annealingBetas(method).length * (1 + 4 * method.ode.steps * velocityUnits(method));
}

/** Of a draw through corrected blocks; 0 where that is not asked for. */
export function correctionUnits(method: Method): number {
  const { enabled, moves, leapfrog } = method.correction;
  if (!enabled) return 0;
  return forwardUnits(method) + annealingBetas(method).length * moves * leapfrog * gradientUnits;
}
