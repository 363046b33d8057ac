import { boundLabels, isAnnealed, nameKey } from '../boundNames';
import { decimalsFor, formatCount, formatDuration } from '../format';
import { estimatorLabel, quantityLabel } from '../labels';
import { nameCells } from '../nameCells';
import type { Bound } from '../result';
import type { RunPoint, RunQuantity } from '../runRecord';
import { numberCell, textCell, type DataTable } from '../tables';
import { boundLine, temperaturesText } from './boundLines';
import { looksOf } from './encoding';
import type { Figure, Range } from './figure';
import { panels, type PanelLine } from './panels';
import { finite } from './sandwichData';
import { padded } from './ticks';

export interface TightnessInput {
  readonly points: readonly RunPoint[];
  readonly quantity: RunQuantity;
  readonly truth?: number | null;
}

/** A bound with the time that its samples or chains took, and what was spent there: samples or temperatures. */
interface Timed {
  readonly bound: Bound;
  readonly seconds: number;
  readonly at: string;
  readonly temperatures: number | null;
  /** Samples or temperatures. */
  readonly effort: number;
}

/**
 * Bounds against the time they took: importance-weighted ones as K grows, annealed ones as T grows, training left out. A line needs two
 * of either.
 */
export function tightness({ points, quantity, truth = null }: TightnessInput): Figure {
  const timed = timedOf(points, quantity);
  const groups = [...Map.groupBy(timed, ({ bound }) => lineKey(bound))].filter(
    ([, members]) => new Set(members.map(({ seconds }) => seconds)).size > 1,
  );
  const names = groups.flatMap(([, [first]]) => (first === undefined ? [] : [nameOf(first.bound)]));
  const label = boundLabels(names);
  const look = looksOf(names);
  const lines = groups.flatMap(([key, members]): PanelLine[] => {
    const [first] = members;
    if (first === undefined) return [];
    const name = nameOf(first.bound);
    const over = isAnnealed(name) ? 'over T' : 'over K';
    // By what was spent: a first round may take longer than the next, which has less to prepare.
    const sorted = [...members].sort((a, b) => a.effort - b.effort);
    return [
      boundLine(
        first.bound.side,
        `${label(name)} ${over}`,
        look(name),
        key,
        sorted.map(({ bound, seconds, at }) => ({
          x: seconds,
          y: bound.value,
          ci95: bound.ci95,
          at: `${at}, ${formatDuration(seconds)}`,
        })),
      ),
    ];
  });
  return panels({
    name: 'tightness',
    title: `Bounds on ${quantityLabel(quantity)} against the time they took`,
    description: `Bounds on ${quantityLabel(quantity)} against computing time: importance-weighted ones over the number of samples K, annealed ones over the number of temperatures T. Training is left out.`,
    empty:
      lines.length === 0
        ? 'A line needs bounds at several K, as "iwae.samples" lists them, or of several rounds, as "ais.ladder" asks for.'
        : null,
    panels: [
      {
        title: '',
        yTitle: `${quantityLabel(quantity)}, nats`,
        lines,
        levels: finite(truth).map((value) => ({ label: 'truth', value })),
        ...(lines.length === 0 ? {} : { range: rangeOf(lines, finite(truth)) }),
      },
    ],
    x: { title: 'computing time', scale: 'time' },
    rows: () => table(timed),
  });
}

/**
 * Around where the lines end: those that end far from the rest, as a bound that saturates at log K does, are named at the edge, and early
 * bounds may be anywhere.
 */
function rangeOf(lines: readonly PanelLine[], truths: readonly number[]): Range {
  const ends = lines.flatMap(({ points }) => finite(points.at(-1)?.y)).sort((a, b) => a - b);
  const middle = truths[0] ?? ends[Math.floor(ends.length / 2)] ?? 0;
  const distances = ends.map((value) => Math.abs(value - middle)).sort((a, b) => a - b);
  const reach = patience * Math.max(distances[Math.floor(distances.length / 2)] ?? 0, 1e-3);
  const near = lines
    .flatMap(({ points }) => points.flatMap(({ y }) => finite(y)))
    .filter((value) => Math.abs(value - middle) <= reach);
  return padded([...near, ...truths, middle], 0.06, 1e-3);
}

/** Lines are shown whose ends are so many times as far from the middle as half of them are. */
const patience = 6;

/** Whether a bound closes as more is spent; the family of MINE has the same mean for any number of samples. */
function grows({ estimator, side }: Bound): boolean {
  return side !== 'estimate' && !/^g?mine-/.test(estimator);
}

function timedOf(points: readonly RunPoint[], quantity: RunQuantity): Timed[] {
  const found = new Map<string, Timed>();
  const most = new Map<string, number>();
  const all = points.flatMap((point) =>
    point.bounds
      .filter((bound) => bound.quantity === quantity && bound.value !== null && grows(bound))
      .map((bound) => ({ bound, point })),
  );
  // Fewer chains out of the same ones took the same time and are looser.
  for (const { bound } of all) {
    if (!isAnnealed(bound)) continue;
    most.set(lineKey(bound), Math.max(most.get(lineKey(bound)) ?? 0, bound.samples ?? 0));
  }
  for (const { bound, point } of all) {
    const annealed = isAnnealed(bound);
    if (annealed && (bound.samples ?? 0) < (most.get(lineKey(bound)) ?? 0)) continue;
    const seconds = bound.seconds ?? (annealed ? point.seconds : undefined);
    if (seconds === undefined || !(seconds > 0)) continue;
    const at = annealed ? temperaturesText(point.temperatures) : `K = ${formatCount(bound.samples ?? 1)}`;
    found.set(`${lineKey(bound)}|${at}`, {
      bound,
      seconds,
      at,
      temperatures: annealed ? point.temperatures : null,
      effort: annealed ? point.temperatures : (bound.samples ?? 1),
    });
  }
  return [...found.values()];
}

/** A line goes over K, or over T: neither is part of its name. */
function nameOf({ estimator, base, critic }: Bound): Pick<Bound, 'estimator' | 'base' | 'critic'> {
  return { estimator, ...(base === undefined ? {} : { base }), ...(critic === undefined ? {} : { critic }) };
}

function lineKey(bound: Bound): string {
  return `${bound.side}|${nameKey(nameOf(bound))}`;
}

function table(timed: readonly Timed[]): DataTable {
  const nats = { unit: 'nats', numeric: true };
  return {
    columns: [
      { name: 'estimator', label: 'estimator', numeric: false },
      { name: 'base', label: 'base', numeric: false },
      { name: 'critic', label: 'critic', numeric: false },
      { name: 'samples', label: 'K', numeric: true },
      { name: 'temperatures', label: 'temperatures', numeric: true },
      { name: 'seconds', label: 'time', unit: 's', numeric: true },
      { name: 'side', label: 'side', numeric: false },
      { name: 'value_nats', label: 'value', ...nats },
      { name: 'ci95_nats', label: '± 95 %', ...nats },
    ],
    rows: [...timed]
      .sort((a, b) => lineKey(a.bound).localeCompare(lineKey(b.bound)) || a.seconds - b.seconds)
      .map(({ bound, seconds, temperatures }) => [
        textCell(estimatorLabel(bound.estimator)),
        ...nameCells(bound, ['base', 'critic', 'samples']),
        numberCell(temperatures, 0),
        numberCell(seconds, seconds < 1 ? 3 : 1),
        textCell(bound.side),
        numberCell(bound.value, Math.max(2, decimalsFor(bound.ci95))),
        numberCell(bound.ci95, decimalsFor(bound.ci95)),
      ]),
  };
}
