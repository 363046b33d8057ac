import { isAnnealed } from '../boundNames';
import { formatCount } from '../format';
import { sideLabels } from '../labels';
import type { Bound } from '../result';
import type { RunPoint, RunQuantity } from '../runRecord';
import { sideColour, sideTextColour, type Look } from './encoding';
import type { PanelLine, PanelPoint } from './panels';

/** Rounds in the order of their temperatures, with the bounds of one quantity that annealing gives. */
export function annealedRounds(points: readonly RunPoint[], quantity: RunQuantity): RunPoint[] {
  return [...points]
    .sort((a, b) => a.temperatures - b.temperatures)
    .map((point) => ({
      ...point,
      bounds: point.bounds.filter((bound) => bound.quantity === quantity && isAnnealed(bound)),
    }))
    .filter(({ bounds }) => bounds.length > 0);
}

/** A line of bounds of one side as it looks everywhere. */
export function boundLine(
  side: Bound['side'],
  name: string,
  { mark, shade }: Look,
  key: string,
  points: readonly PanelPoint[],
): PanelLine {
  return {
    key,
    label: `${sideLabels[side].relation} ${name}`,
    colour: (theme) => sideColour(side, theme, shade),
    textColour: (theme) => sideTextColour(side, theme),
    mark,
    weak: side === 'estimate',
    points,
  };
}

export function temperaturesText(count: number): string {
  return `${formatCount(count)} ${count === 1 ? 'temperature' : 'temperatures'}`;
}
