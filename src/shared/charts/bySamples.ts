import { boundKey, boundLabels } from '../boundNames';
import { decimalsFor, formatCount } from '../format';
import { estimatorLabel, quantityLabel } from '../labels';
import { nameCells } from '../nameCells';
import type { RunPoint, RunQuantity } from '../runRecord';
import { numberCell, textCell, type DataTable } from '../tables';
import { annealedRounds, boundLine, temperaturesText } from './boundLines';
import { looksOf } from './encoding';
import type { Figure, Range } from './figure';
import { panels, type Panel } from './panels';
import { finite, sandwichData } from './sandwichData';
import { sandwichRange } from './sandwichRange';

export interface BySamplesInput {
  readonly points: readonly RunPoint[];
  readonly quantity: RunQuantity;
  readonly truth?: number | null;
}

/**
 * Bounds of annealed chains against the number of temperatures, one panel for each number of chains K, on one scale: what more chains
 * gain at each T.
 */
export function bySamples({ points, quantity, truth = null }: BySamplesInput): Figure {
  const rounds = annealedRounds(points, quantity).map((round) => ({
    ...round,
    bounds: round.bounds.filter(({ estimator }) => estimator !== 'ibal'),
  }));
  const all = rounds.flatMap(({ bounds }) => bounds);
  const counts = [...new Set(all.flatMap(({ samples }) => samples ?? []))].sort((a, b) => a - b);
  const unnumbered = all.map(({ estimator, base, critic }) => ({ estimator, base, critic }));
  const label = boundLabels(unnumbered);
  const look = looksOf(unnumbered);
  const at = counts.map((samples) => ({
    samples,
    data: sandwichData(
      rounds.map((round) => ({ ...round, bounds: round.bounds.filter((bound) => bound.samples === samples) })),
      quantity,
    ),
  }));
  const ranges = at.map(({ data }) => sandwichRange(data, finite(truth)));
  const range: Range = [Math.min(...ranges.map(([low]) => low)), Math.max(...ranges.map(([, high]) => high))];
  const parts = at.map(({ samples, data }): Panel => ({
    title: `K = ${formatCount(samples)}`,
    yTitle: `${quantityLabel(quantity)}, nats`,
    range,
    levels: finite(truth).map((value) => ({ label: 'truth', value })),
    lines: data.lines.map(({ side, bounds, estimator, base, critic }) => {
      const name = { estimator, base, critic };
      return boundLine(
        side,
        label(name),
        look(name),
        boundKey({ ...name, side }),
        bounds.map((bound, index) => {
          const { temperatures } = data.points[index] ?? { temperatures: 1 };
          const [y = null, ci95 = null] = [bound?.value, bound?.ci95];
          return { x: temperatures, y, ci95, at: temperaturesText(temperatures) };
        }),
      );
    }),
  }));
  return panels({
    name: 'by-samples',
    title: `Bounds on ${quantityLabel(quantity)} against temperatures, by the number of chains`,
    description: `Bounds on ${quantityLabel(quantity)} of annealed chains against the number of temperatures, for ${counts.map(formatCount).join(', ')} chains for each datum.`,
    empty: counts.length === 0 ? 'No bounds of annealed chains yet.' : null,
    panels: parts,
    x: { title: 'temperatures T', scale: 'log' },
    rows: () => table(rounds),
  });
}

function table(rounds: readonly RunPoint[]): DataTable {
  const nats = { unit: 'nats', numeric: true };
  return {
    columns: [
      { name: 'samples', label: 'K', numeric: true },
      { name: 'temperatures', label: 'temperatures', numeric: true },
      { name: 'estimator', label: 'estimator', numeric: false },
      { name: 'base', label: 'base', numeric: false },
      { name: 'side', label: 'side', numeric: false },
      { name: 'value_nats', label: 'value', ...nats },
      { name: 'ci95_nats', label: '± 95 %', ...nats },
    ],
    rows: rounds
      .flatMap(({ temperatures, bounds }) => bounds.map((bound) => ({ temperatures, bound })))
      .filter(({ bound }) => bound.samples !== undefined)
      .sort((a, b) => (a.bound.samples ?? 0) - (b.bound.samples ?? 0) || a.temperatures - b.temperatures)
      .map(({ temperatures, bound }) => [
        numberCell(bound.samples ?? null, 0),
        numberCell(temperatures, 0),
        textCell(estimatorLabel(bound.estimator)),
        ...nameCells(bound, ['base']),
        textCell(bound.side),
        numberCell(bound.value, Math.max(2, decimalsFor(bound.ci95))),
        numberCell(bound.ci95, decimalsFor(bound.ci95)),
      ]),
  };
}
