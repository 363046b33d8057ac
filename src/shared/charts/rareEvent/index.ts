import type { Result } from '../../result';
import type { Figure } from '../figure';
import { eventBlocks } from './blocks';
import { eventPlane } from './plane';
import { runningEstimate } from './running';

export { eventBlocks, eventPlane, runningEstimate };

/** What a run of a rare event shows; only what it has. */
export function rareEventFigures(result: Result): Figure[] {
  return [runningEstimate(result), eventPlane(result), eventBlocks(result)].filter(({ empty }) => empty === null);
}
