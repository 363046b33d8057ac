import type { Bound } from '../result';
import type { Range } from './figure';
import { finite, type SandwichData } from './sandwichData';
import { padded } from './ticks';

/** How much taller than the closing bracket a chart may become to show the bounds that are far from it. */
const patience = 6;

/**
 * What of the y axis to show: all of it where that leaves the bracket visible; else the tightest bounds of every round with their last
 * intervals, and what lies within reach of those. A bound that saturates, as IWAE does at log K, is then named at the edge.
 */
export function sandwichRange(data: SandwichData, truths: readonly number[], fit: 'all' | 'gap' = 'all'): Range {
  const tight = [...data.lower, ...data.upper].flatMap(finite);
  return fit === 'gap' && tight.length > 0 ? gapRange(data) : wholeRange(data, truths, tight);
}

/** The gap as it closes, and nothing else: intervals and other bounds may lie outside. */
function gapRange({ lower, upper }: SandwichData): Range {
  const values = [...lower, ...upper].flatMap(finite);
  return padded(values, 0.15, Math.max(1e-4, ...values.map((value) => Math.abs(value) * 1e-5)));
}

function wholeRange(data: SandwichData, truths: readonly number[], tight: readonly number[]): Range {
  const intervals = [data.best.lower, data.best.upper].map((line) => (line?.bounds ?? []).map(ends));
  const all = data.lines.flatMap(({ bounds }) => bounds.flatMap((bound) => finite(bound?.value)));
  const core = [...tight, ...intervals.flatMap((rounds) => rounds.at(-1) ?? [])];
  if (core.length === 0) return all.length === 0 ? [0, 1] : padded(all, 0.08, 0.5);
  const [low, high] = [Math.min(...core), Math.max(...core)];
  const reach = Math.max(high - low, 1e-3) * (patience - 1) * 0.5;
  const shown = [...all, ...intervals.flat(2), ...truths].filter(
    (value) => value >= low - reach && value <= high + reach,
  );
  return padded([...core, ...shown], 0.06, Math.max(1e-4, (high - low) * 0.06, Math.abs(high) * 1e-6));
}

function ends(bound: Bound | null): number[] {
  const [value] = finite(bound?.value);
  const [width = 0] = finite(bound?.ci95);
  return value === undefined ? [] : [value - width, value + width];
}
