import type { Mark } from '../encoding';
import type { ChartTheme } from '../theme';

interface EventLook {
  readonly colour: (theme: ChartTheme) => string;
  readonly mark: Mark;
}

/** How draws of the flow and plain ones look in every figure of a rare event. */
export function eventLooks(method: string): EventLook {
  return method === 'importance-flow'
    ? { colour: (theme) => theme.runs[2] ?? theme.ink, mark: { symbol: 'circle', dash: [], hollow: false } }
    : { colour: (theme) => theme.estimate, mark: { symbol: 'rect', dash: [3, 3], hollow: false } };
}
