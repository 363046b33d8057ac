import type { ModeCounts } from './counting';
import type { Points } from './points';

/** A row of the list of missed modes. */
export interface MissedMode {
  readonly mode: number;
  readonly weight: number;
  readonly count: number;
  readonly highQuality: number;
  readonly reweighted?: number;
  /** P(Bin(n, w) ≤ count) */
  readonly pValue: number;
  /** The nearest mode that was found, and its distance; absent where modes have no places or none was found. */
  readonly nearest?: number;
  readonly distance?: number;
}

/** What the list reads. Arrays are `[K]`. */
export interface MissedInputs {
  readonly counts: ModeCounts;
  readonly weights: ArrayLike<number>;
  readonly raw: ArrayLike<number>;
  readonly highQuality: ArrayLike<number>;
  readonly reweighted?: ArrayLike<number> | undefined;
  readonly locations?: Points | undefined;
}

/** Modes that were certainly missed, the heaviest first. */
export function missedModes(inputs: MissedInputs): MissedMode[] {
  const { counts, weights, raw, highQuality, reweighted, locations } = inputs;
  const found = Array.from({ length: weights.length }, (_, k) => k).filter(
    (k) => (raw[k] ?? 0) > 0 && !counts.missing.includes(k),
  );
  return [...counts.missing]
    .sort((a, b) => (weights[b] ?? NaN) - (weights[a] ?? NaN))
    .map((mode) => {
      const near = locations === undefined ? undefined : nearestFound(locations, mode, found);
      return {
        mode,
        weight: weights[mode] ?? NaN,
        count: raw[mode] ?? NaN,
        highQuality: highQuality[mode] ?? NaN,
        pValue: counts.pValues[mode] ?? NaN,
        ...(reweighted === undefined ? {} : { reweighted: reweighted[mode] ?? NaN }),
        ...(near === undefined ? {} : { nearest: near.mode, distance: near.distance }),
      };
    });
}

/** Points of the straight way between two modes that its highest one is looked for among. */
const onTheWay = 200;
/** Ways that are looked at, of the heaviest modes. */
const mostWays = 256;

/**
 * Adds the energy to climb from the nearest found mode on the straight way to each missed one: max(−log q̃) on 200 points of it, minus the
 * value at its start.
 */
export async function withBarriers<Row extends { readonly mode: number; readonly nearest?: number | undefined }>(
  rows: readonly Row[],
  locations: Points,
  logDensity: (points: Points) => Promise<Float64Array> | Float64Array,
): Promise<(Row & { readonly barrier?: number })[]> {
  const { data, dim } = locations;
  const ways = rows.slice(0, mostWays).filter(({ nearest }) => nearest !== undefined);
  if (ways.length === 0) return [...rows];
  const path = new Float64Array(ways.length * onTheWay * dim);
  ways.forEach(({ nearest = 0, mode }, way) => {
    for (let step = 0; step < onTheWay; step += 1)
      for (let k = 0; k < dim; k += 1) {
        const [a, b] = [data[nearest * dim + k] ?? NaN, data[mode * dim + k] ?? NaN];
        path[(way * onTheWay + step) * dim + k] = a + ((b - a) * step) / (onTheWay - 1);
      }
  });
  const values = await logDensity({ data: path, count: ways.length * onTheWay, dim });
  const barriers = new Map(
    ways.map((row, way) => {
      const own = values.subarray(way * onTheWay, (way + 1) * onTheWay);
      return [row.mode, (own[0] ?? NaN) - own.reduce((a, b) => Math.min(a, b))] as const;
    }),
  );
  return rows.map((row) => {
    const barrier = barriers.get(row.mode);
    return barrier === undefined || !Number.isFinite(barrier) ? row : { ...row, barrier };
  });
}

function nearestFound(
  { data, dim }: Points,
  mode: number,
  found: readonly number[],
): { readonly mode: number; readonly distance: number } | undefined {
  let best: { mode: number; distance: number } | undefined;
  for (const other of found) {
    let total = 0;
    for (let k = 0; k < dim; k += 1) total += ((data[mode * dim + k] ?? NaN) - (data[other * dim + k] ?? NaN)) ** 2;
    const distance = Math.sqrt(total);
    if (best === undefined || distance < best.distance) best = { mode: other, distance };
  }
  return best;
}
