import { boundsOf } from '../boundsTables';
import type { RunDetail } from '../runRecord';
import { bySamples } from './bySamples';
import { decomposition } from './decomposition';
import type { Figure } from './figure';
import { ibal } from './ibal';
import { lastPointOf } from './sandwichData';
import { rareEventFigures } from './rareEvent';
import { targetFigures } from './target';
import { tightness } from './tightness';
import { training, trainingsOf } from './training';

type Drawn = Pick<RunDetail, 'row' | 'result' | 'points'>;

/** The bounds of a run seen from other sides than its sandwich: by K, of each critic, term by term, against time. Only what it has. */
export function otherFigures({ row, result, points }: Drawn): Figure[] {
  const rounds = points.length === 0 && result !== null ? lastPointOf(result) : points;
  const ofData = result?.metrics['truthOfData'];
  const truth = typeof ofData === 'number' ? ofData : row.truth;
  const common = { points: rounds, quantity: row.quantity, truth };
  return [
    bySamples(common),
    ibal(common),
    decomposition({ bounds: boundsOf({ result, points }), truth }),
    tightness(common),
  ].filter(({ empty }) => empty === null);
}

/** Those, or of a target what it has instead of them, and the learning curves of what it trained. */
export function figuresOf(run: Drawn & Pick<RunDetail, 'curves' | 'series'>): Figure[] {
  return [...ownFigures(run), ...trainingsOf(run.curves, run.series).map(training)];
}

function ownFigures(run: Drawn & Pick<RunDetail, 'curves'>): Figure[] {
  const { row, result, curves } = run;
  if (row.kind === 'target') return result === null ? [] : targetFigures(result, curves);
  if (row.kind === 'importance-flow') return result === null ? [] : rareEventFigures(result);
  return otherFigures(run);
}
