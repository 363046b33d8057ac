import type { CompareLine } from '../../../shared/compare/lines';
import type { RunPoint } from '../../../shared/runRecord';
import { meanInterval } from '../../../shared/statistics';

export type Abscissa = 'temperatures' | 'seconds';

/** One bound of a line along its rounds. */
export interface Curve {
  readonly x: number;
  readonly lower: number | null;
  readonly upper: number | null;
}

/** The tightest bounds of a line at each round; the mean over its seeds where it has several. */
export function curveOf(line: CompareLine, pointsOf: (id: string) => readonly RunPoint[], by: Abscissa): Curve[] {
  const rounds = new Map<number, Curve[]>();
  for (const row of line.rows) {
    for (const point of pointsOf(row.id)) {
      const values = (side: 'lower' | 'upper') =>
        point.bounds.flatMap((bound) =>
          bound.side === side && bound.quantity === row.quantity && bound.value !== null ? [bound.value] : [],
        );
      const [lowers, uppers] = [values('lower'), values('upper')];
      const curve = {
        x: point[by],
        lower: lowers.length === 0 ? null : Math.max(...lowers),
        upper: uppers.length === 0 ? null : Math.min(...uppers),
      };
      rounds.set(point.temperatures, [...(rounds.get(point.temperatures) ?? []), curve]);
    }
  }
  return [...rounds.values()]
    .map((seeds) => ({
      x: mean(seeds.map(({ x }) => x)) ?? 0,
      lower: mean(seeds.map(({ lower }) => lower)),
      upper: mean(seeds.map(({ upper }) => upper)),
    }))
    .sort((a, b) => a.x - b.x);
}

function mean(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : meanInterval(known).mean;
}

/** The range of nats that shows the ends of all lines; a first round that is far off is cut. */
export function rangeOf(curves: readonly (readonly Curve[])[], truths: readonly number[]): [number, number] | null {
  const ends = curves.flatMap((curve) => curve.at(-1) ?? []);
  const all = curves.flat();
  const low = quantile(
    all.map(({ lower }) => lower),
    0.1,
    ends.map(({ lower }) => lower),
    Math.min,
  );
  const high = quantile(
    all.map(({ upper }) => upper),
    0.9,
    ends.map(({ upper }) => upper),
    Math.max,
  );
  const known = [low, high, ...truths].filter((value) => value !== null && Number.isFinite(value)) as number[];
  if (known.length === 0) return null;
  const [from, to] = [Math.min(...known), Math.max(...known)];
  const air = Math.max((to - from) * 0.08, 1e-3);
  return [from - air, to + air];
}

function quantile(
  values: readonly (number | null)[],
  share: number,
  ends: readonly (number | null)[],
  extreme: (...values: number[]) => number,
): number | null {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  if (sorted.length === 0) return null;
  const value = sorted[Math.round((sorted.length - 1) * share)] as number;
  return extreme(value, ...ends.filter((end) => end !== null));
}

/** Few human ticks: 1, 2 or 5 times a power of ten. */
export function linearTicks(from: number, to: number, count: number): number[] {
  const rough = (to - from) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  const ticks: number[] = [];
  for (let tick = Math.ceil(from / step) * step; tick <= to + step * 1e-9; tick += step)
    ticks.push(Number(tick.toPrecision(12)));
  return ticks;
}

/** Powers of ten in a range, with 2 and 5 between where there are few. */
export function logTicks(from: number, to: number): number[] {
  const powers = range(Math.floor(Math.log10(from)), Math.ceil(Math.log10(to)));
  const inside = (ticks: number[]) => ticks.filter((tick) => tick >= from * 0.999 && tick <= to * 1.001);
  const decades = inside(powers.map((power) => 10 ** power));
  return decades.length > 2
    ? decades
    : inside(powers.flatMap((power) => [1, 2, 5].map((factor) => factor * 10 ** power)));
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

/** Labels at the ends of lines, moved apart so that none covers another, in their order from the top. */
export function spread(
  positions: readonly number[],
  height: number,
  [top, bottom]: readonly [number, number],
): number[] {
  const order = positions.map((_, index) => index).sort((a, b) => (positions[a] ?? 0) - (positions[b] ?? 0));
  const placed = [...positions];
  let least = top;
  for (const index of order) {
    placed[index] = Math.max(least, placed[index] ?? 0);
    least = (placed[index] ?? 0) + height;
  }
  let most = bottom;
  for (const index of order.reverse()) {
    placed[index] = Math.min(most, placed[index] ?? 0);
    most = (placed[index] ?? 0) - height;
  }
  return placed;
}
