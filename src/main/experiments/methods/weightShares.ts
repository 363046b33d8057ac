import { histogram } from '../../trainers/mcd/strip';

/** Bins of log weights. */
const bins = 60;
/** Of the draws, those with the largest weights. */
const few = 0.01;

/** Log weights of both directions in the same bins: `edges` has one more entry than each list of counts. */
export interface LogWeightHistogram extends Record<string, number[]> {
  readonly edges: number[];
  readonly counts: number[];
}

/**
 * Log weights of a method's own draws, and of exact samples where it can run back from them. What decides a mean is always within the
 * bins: the largest of the own ones, the smallest of the others.
 * @param back log w of exact samples, nats, as the own ones have it
 */
export function logWeightHistogram(own: Float64Array, back?: Float64Array): LogWeightHistogram | undefined {
  const edges = edgesOf(own, back);
  if (edges === undefined) return undefined;
  return {
    ...{ edges, counts: histogram(own, edges) },
    ...(back === undefined ? {} : { reverse: histogram(back, edges) }),
  };
}

function edgesOf(own: Float64Array, back: Float64Array | undefined): number[] | undefined {
  const sorted = own.filter(Number.isFinite).sort();
  const other = back?.filter(Number.isFinite).sort() ?? new Float64Array();
  if (sorted.length === 0) return undefined;
  const at = (list: Float64Array, share: number): number[] =>
    list.length === 0 ? [] : [list[Math.round(share * (list.length - 1))] ?? NaN];
  const ends = [...at(sorted, 0.001), ...at(sorted, 1), ...at(other, 0), ...at(other, 0.999)];
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  // Equal weights have one bin that is not empty.
  const width = Math.max(high - low, 1e-9, Math.abs(low) * 1e-9);
  return Array.from({ length: bins + 1 }, (_, i) => low + (width * i) / bins);
}

/** What share of all weight the largest hundredth of the draws has, one draw at least: 0.01 where all weigh the same. */
export function topShare(logWeights: Float64Array): number {
  const sorted = logWeights.filter(Number.isFinite).sort().reverse();
  const top = sorted[0] ?? NaN;
  const count = Math.max(1, Math.round(few * sorted.length));
  let [whole, largest] = [0, 0];
  sorted.forEach((logWeight, place) => {
    const weight = Math.exp(logWeight - top);
    whole += weight;
    if (place < count) largest += weight;
  });
  return largest / whole;
}

/**
 * What exact samples say of the weights: 1/(E_π[w] E_π[1/w]), the share of effective draws that a method would have were its draws spread
 * as the target is, and the largest share of 1/w.
 * @param logWeights log w of exact samples, nats
 */
export function sharesBack(logWeights: Float64Array): { readonly ess: number; readonly largest: number } {
  const finite = logWeights.filter(Number.isFinite);
  const [most, least] = finite.reduce<readonly [number, number]>(
    ([high, low], value) => [Math.max(high, value), Math.min(low, value)],
    [-Infinity, Infinity],
  );
  const n = finite.length;
  const up = finite.reduce((total, value) => total + Math.exp(value - most), 0);
  const down = finite.reduce((total, value) => total + Math.exp(least - value), 0);
  return { ess: Math.exp(2 * Math.log(n) - Math.log(up) - Math.log(down) + least - most), largest: 1 / down };
}
