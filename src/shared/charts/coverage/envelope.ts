import { splitMix } from './smallRandom';

/** Between which ratios u_k / w_k of each rank lie for exact samples, 90 % of the time, rank by rank from the lowest. */
export interface Envelope {
  readonly low: readonly number[];
  readonly high: readonly number[];
  readonly repeats: number;
}

/** Draws that an envelope may take: a moment of work. */
const budget = 2e6;

/**
 * By simulation: exact counts of n samples, their ratios sorted, again and again. The same for the same weights and n.
 * @param weights of the modes, of sum 1
 * @param samples n
 */
export function ratioEnvelope(weights: readonly number[], samples: number): Envelope {
  const modes = weights.length;
  const repeats = Math.max(20, Math.min(200, Math.floor(budget / Math.max(1, samples))));
  const ends = new Float64Array(modes);
  let total = 0;
  weights.forEach((weight, mode) => {
    total += weight;
    ends[mode] = total;
  });
  const random = splitMix(modes * 7919 + samples);
  const sorted = Array.from({ length: repeats }, () => {
    const counts = new Float64Array(modes);
    for (let draw = 0; draw < samples; draw += 1) {
      const mode = modeAt(ends, random() * total);
      counts[mode] = (counts[mode] ?? 0) + 1;
    }
    return counts.map((count, mode) => count / (samples * (weights[mode] ?? NaN))).sort();
  });
  const quantile = (rank: number, share: number): number => {
    const own = Float64Array.from(sorted, (ratios) => ratios[rank] ?? NaN).sort();
    return own[Math.round(share * (repeats - 1))] ?? NaN;
  };
  const ranks = Array.from({ length: modes }, (_, rank) => rank);
  return {
    low: ranks.map((rank) => quantile(rank, 0.05)),
    high: ranks.map((rank) => quantile(rank, 0.95)),
    repeats,
  };
}

/** The first mode whose share of the line ends beyond a place. */
function modeAt(ends: Float64Array, place: number): number {
  let [low, high] = [0, ends.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ends[middle] ?? NaN) > place) high = middle;
    else low = middle + 1;
  }
  return low;
}
