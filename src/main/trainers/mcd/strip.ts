import type { Floats } from '../paths/types';

// Where paths are at a few transitions, seen along one or two directions: what a strip of densities with paths is drawn of.

/** Snapshots at the most, and paths that are drawn through all of them. */
const mostSnapshots = 8;
const mostPaths = 400;
const bins = 40;
/** Rows that a histogram is made of. */
const mostRows = 4096;

/** Points seen along the directions, snapshot by snapshot. Plain arrays, for snapshots of runs. */
export interface StripState {
  /** Transitions k, from 0 to K. */
  readonly transitions: readonly number[];
  /** How many directions there are. */
  readonly axes: number;
  readonly rows: number;
  /** `[transitions, axes, rows]` */
  readonly values: Float64Array;
}

export interface PathStrip {
  readonly transitions: readonly {
    readonly transition: number;
    /** One point a path, `[x]` or `[x, y]`; the same path at the same place in each snapshot. */
    readonly points: readonly (readonly number[])[];
  }[];
  /** Along each axis: bins of all snapshots, and how many paths are in each, snapshot by snapshot. */
  readonly histograms: readonly {
    readonly edges: readonly number[];
    readonly counts: readonly (readonly number[])[];
  }[];
}

export function noStrip(steps: number, axes: number, rows: number): StripState {
  const count = Math.min(mostSnapshots, steps + 1);
  const transitions = Array.from({ length: count }, (_, i) => Math.round((i * steps) / Math.max(1, count - 1)));
  const kept = Math.min(rows, mostRows);
  return { transitions, axes, rows: kept, values: new Float64Array(count * axes * kept) };
}

/** Looks at all rows after transition k, if that is one of the snapshots. */
export function lookAt(strip: StripState, k: number, x: Floats, directions: readonly Float64Array[]): void {
  const snapshot = strip.transitions.indexOf(k);
  if (snapshot === -1) return;
  directions.forEach((direction, axis) => {
    const from = (snapshot * strip.axes + axis) * strip.rows;
    for (let row = 0; row < strip.rows; row += 1) {
      let along = 0;
      for (let i = 0; i < direction.length; i += 1) {
        along += (direction[i] as number) * (x[row * direction.length + i] as number);
      }
      strip.values[from + row] = along;
    }
  });
}

export function stripOf(strip: StripState): PathStrip {
  const { transitions, axes, rows } = strip;
  const along = (snapshot: number, axis: number): Float64Array => {
    const from = (snapshot * axes + axis) * rows;
    return strip.values.subarray(from, from + rows);
  };
  const shown = Math.min(rows, mostPaths);
  return {
    transitions: transitions.map((transition, snapshot) => ({
      transition,
      points: Array.from({ length: shown }, (_, row) =>
        Array.from({ length: axes }, (__, axis) => rounded(along(snapshot, axis)[row] ?? Number.NaN)),
      ),
    })),
    histograms: Array.from({ length: axes }, (_, axis) => {
      const all = transitions.map((__, snapshot) => along(snapshot, axis));
      const edges = histogramEdges(all, bins);
      return { edges, counts: all.map((values) => histogram(values, edges)) };
    }),
  };
}

/** Equal bins from the smallest to the largest of nearly all numbers. */
function histogramEdges(groups: readonly Float64Array[], count: number): number[] {
  const sorted = groups.flatMap((values) => [...values.filter(Number.isFinite)]).sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? 0;
  const [low, high] = [at(0.001), at(0.999)];
  const width = high > low ? high - low : Math.max(1e-9, Math.abs(low) * 1e-9);
  return Array.from({ length: count + 1 }, (_, i) => low + (width * i) / count);
}

/** How many numbers are in each bin; those beyond the ends are in none, those on the last edge in the last. */
export function histogram(values: Float64Array, edges: readonly number[]): number[] {
  const [first = 0, last = 1] = [edges[0], edges.at(-1)];
  const count = edges.length - 1;
  const counts = new Array<number>(count).fill(0);
  for (const value of values) {
    if (!(value >= first && value <= last)) continue;
    const bin = Math.min(count - 1, Math.floor(((value - first) / (last - first)) * count));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts;
}

/** Five digits are more than a picture shows. */
function rounded(value: number): number {
  return Number(value.toPrecision(5));
}
