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
  /** Energy to climb from the nearest found mode on the straight way here, nats; absent without a density. */
  readonly barrier?: number;
}

/** What the list reads. Arrays are `[K]`. */
export interface MissedInputs {
  readonly counts: ModeCounts;
  readonly weights: ArrayLike<number>;
  readonly raw: ArrayLike<number>;
  readonly highQuality: ArrayLike<number>;
  readonly reweighted?: ArrayLike<number> | undefined;
  readonly locations?: Points | undefined;
  /** log q̃ of rows, nats. */
  readonly logDensity?: ((points: Points) => Float64Array) | undefined;
}

/** Modes that were certainly missed, the heaviest first. */
export function missedModes(inputs: MissedInputs): MissedMode[] {
  const { counts, weights, raw, highQuality, reweighted, locations, logDensity } = inputs;
  const found = Array.from({ length: weights.length }, (_, k) => k).filter(
    (k) => (raw[k] ?? 0) > 0 && !counts.missing.includes(k),
  );
  return [...counts.missing]
    .sort((a, b) => (weights[b] ?? NaN) - (weights[a] ?? NaN))
    .map((mode) => {
      const near = locations === undefined ? undefined : nearestFound(locations, mode, found);
      const barrier =
        near === undefined || locations === undefined || logDensity === undefined
          ? undefined
          : barrierBetween(locations, near.mode, mode, logDensity);
      return {
        mode,
        weight: weights[mode] ?? NaN,
        count: raw[mode] ?? NaN,
        highQuality: highQuality[mode] ?? NaN,
        pValue: counts.pValues[mode] ?? NaN,
        ...(reweighted === undefined ? {} : { reweighted: reweighted[mode] ?? NaN }),
        ...(near === undefined ? {} : { nearest: near.mode, distance: near.distance }),
        ...(barrier === undefined ? {} : { barrier }),
      };
    });
}

/** max(−log q̃) on 200 points of the straight way between two modes, minus its value at the first. */
export function barrierBetween(
  locations: Points,
  from: number,
  to: number,
  logDensity: (points: Points) => Float64Array,
  count = 200,
): number {
  const { data, dim } = locations;
  const path = new Float64Array(count * dim);
  for (let step = 0; step < count; step += 1)
    for (let k = 0; k < dim; k += 1) {
      const [a, b] = [data[from * dim + k] ?? NaN, data[to * dim + k] ?? NaN];
      path[step * dim + k] = a + ((b - a) * step) / (count - 1);
    }
  const values = logDensity({ data: path, count, dim });
  return (values[0] ?? NaN) - values.reduce((a, b) => Math.min(a, b));
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
