import { answerOf } from '../answer';
import { quantityLabel } from '../labels';
import type { Result } from '../result';
import type { RunDetail } from '../runRecord';
import type { Figure } from './figure';
import { runningEstimate } from './rareEvent';
import { logZByMethod, targetFigure } from './target';
import { sandwich, type SandwichInput } from './sandwich';
import { lastPointOf } from './sandwichData';
import { vaeLearning, vaeLearningCurve } from './vae';

/** The sandwich of a run, the picture of a target, or the curve by which a VAE learned, the same on its page and from the command line. */
export function runFigure(
  { row, result, points }: Pick<RunDetail, 'row' | 'result' | 'points'>,
  options: Pick<SandwichInput, 'x' | 'fit'> & { readonly answer?: Result | undefined } = {},
): Figure {
  if (row.kind === 'target') {
    const bounds = points.at(-1)?.bounds ?? [];
    return result === null ? logZByMethod({ spec: {}, metrics: {}, bounds: [...bounds] }) : targetFigure(result);
  }
  if (row.kind === 'importance-flow') {
    return runningEstimate(result ?? { kind: row.kind, metrics: {}, series: [] });
  }
  if (row.kind === 'vae') return vaeLearningCurve(vaeLearning([], result?.series ?? []), true);
  const number = (value: unknown): number | null => (typeof value === 'number' ? value : null);
  const rounds = points.length === 0 && result !== null ? lastPointOf(result) : points;
  const last = rounds.at(-1)?.bounds ?? [];
  // The row may be ahead of the rounds, or behind them.
  const current = [row.lower, row.upper].every(
    (side) => side === null || last.some(({ value }) => value === side.value),
  );
  const answer = options.answer ?? result ?? undefined;
  return sandwich({
    points: rounds,
    quantity: row.quantity,
    x: options.x ?? 'temperatures',
    fit: options.fit ?? 'all',
    truth: row.truth ?? number(result?.metrics['truth']),
    truthOfData: number(result?.metrics['truthOfData']),
    gapCi95: current ? row.gapCi95 : null,
    answer: answer === undefined ? undefined : answerOf(answer),
    title: `Bounds on ${quantityLabel(row.quantity)}, ${row.name}`,
  });
}
