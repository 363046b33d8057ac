import { boundKey, boundLabels, type BoundName } from '../boundNames';
import { decimalsFor } from '../format';
import type { Bound, Result } from '../result';
import type { RunPoint, RunQuantity } from '../runRecord';

/** One bound over the rounds of a run: an estimator on one side, with its base, critic and K. */
export interface SandwichLine extends BoundName {
  readonly side: Bound['side'];
  /** The same for the same bound in any data. */
  readonly key: string;
  /** What it is called among the lines: "IWAE, q". */
  readonly label: string;
  /** One for each round; null where this estimator had no value. */
  readonly bounds: readonly (Bound | null)[];
}

export interface SandwichData {
  readonly points: readonly RunPoint[];
  readonly lines: readonly SandwichLine[];
  /** The tightest lower and upper bound of each round, nats. */
  readonly lower: readonly (number | null)[];
  readonly upper: readonly (number | null)[];
  /** Half-width of the 95 % interval of the last gap, nats. */
  readonly gapCi95: number | null;
  /** The lines that close the bracket in the last round. */
  readonly best: { readonly lower: SandwichLine | null; readonly upper: SandwichLine | null };
}

/** The bounds on one quantity, line by line, in the order of the temperatures or of the rounds. */
export function sandwichData(
  points: readonly RunPoint[],
  quantity: RunQuantity,
  by: 'temperatures' | 'seconds' = 'temperatures',
  gapCi95: number | null = null,
): SandwichData {
  const sorted = [...points].sort((a, b) => a[by] - b[by]);
  const firsts = new Map<string, Bound>();
  const rounds = sorted.map(({ bounds }) => {
    const own = bounds.filter((bound) => bound.quantity === quantity);
    for (const bound of own) if (!firsts.has(boundKey(bound))) firsts.set(boundKey(bound), bound);
    return new Map(own.map((bound) => [boundKey(bound), bound]));
  });
  const label = boundLabels([...firsts.values()]);
  const lines = [...firsts].map(([key, { estimator, base, critic, samples, side }]): SandwichLine => {
    const name = { estimator, base, critic, samples };
    return { ...name, side, key, label: label(name), bounds: rounds.map((round) => round.get(key) ?? null) };
  });
  const envelope = (side: 'lower' | 'upper'): (number | null)[] =>
    sorted.map((_, index) => {
      const values = lines.flatMap((line) => (line.side === side ? finite(line.bounds[index]?.value) : []));
      return values.length === 0 ? null : side === 'lower' ? Math.max(...values) : Math.min(...values);
    });
  const [lower, upper] = [envelope('lower'), envelope('upper')];
  const closing = (side: 'lower' | 'upper', values: readonly (number | null)[]): SandwichLine | null => {
    const last = sorted.length - 1;
    const value = values[last];
    if (value === null || value === undefined) return null;
    return lines.find((line) => line.side === side && line.bounds[last]?.value === value) ?? null;
  };
  return {
    points: sorted,
    lines,
    lower,
    upper,
    gapCi95,
    best: { lower: closing('lower', lower), upper: closing('upper', upper) },
  };
}

/** The rounds of a result that was kept without them: the bounds it ended with. */
export function lastPointOf(result: Result): RunPoint[] {
  if (result.bounds.length === 0) return [];
  const ais = result.spec['ais'];
  const asked = typeof ais === 'object' && ais !== null && 'temperatures' in ais ? ais.temperatures : undefined;
  const temperatures = result.diagnostics['temperatures'] ?? asked;
  return [
    {
      temperatures: typeof temperatures === 'number' && temperatures >= 1 ? temperatures : 1,
      seconds: result.seconds,
      bounds: result.bounds,
    },
  ];
}

export function isBest(line: SandwichLine, { best }: SandwichData): boolean {
  return line === best.lower || line === best.upper;
}

/** The gap after a round, nats. */
export function gapAt({ lower, upper }: SandwichData, index: number): number | null {
  const [low, high] = [lower[index] ?? null, upper[index] ?? null];
  return low === null || high === null ? null : high - low;
}

/** Digits of a gap: what its interval supports, else two of its own. */
export function gapDecimals(gap: number | null, ci95?: number | null): number {
  return decimalsFor(ci95 ?? (gap === null ? null : Math.abs(gap)));
}

/** Digits of the gap after a round; only that of the last has an interval. */
export function gapDecimalsAt(data: SandwichData, index: number): number {
  return gapDecimals(gapAt(data, index), index === data.points.length - 1 ? data.gapCi95 : null);
}

/**
 * Digits of a bound after a round. Bounds of one run share their data, so their differences are known far more finely than their
 * values: those that close the bracket have the digits of the gap, others as many as tell them from the best of their side.
 */
export function boundDecimals(data: SandwichData, line: SandwichLine, index: number): number {
  const bound = line.bounds[index];
  const own = decimalsFor(bound?.ci95);
  const gap = gapAt(data, index);
  const best = line.side === 'estimate' ? null : data[line.side][index];
  if (gap === null || best === null || best === undefined || typeof bound?.value !== 'number') return own;
  const finest = gapDecimalsAt(data, index);
  const distance = Math.abs(bound.value - best);
  return Math.max(own, distance === 0 ? finest : Math.min(finest, decimalsFor(distance)));
}

export function finite(value: number | null | undefined): number[] {
  return typeof value === 'number' && Number.isFinite(value) ? [value] : [];
}
