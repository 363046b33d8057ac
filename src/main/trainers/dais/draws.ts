import { tQuantile975 } from '../../../shared/statistics';
import type { Evaluation } from '../methodTypes';

/** Log weights and ends of chains, summed up one by one without keeping them. Plain numbers and arrays, for snapshots. */
export interface DrawsState {
  /** Draws so far, those included that were not finite. */
  count: number;
  dropped: number;
  /** The greatest log weight; the next four are in units of its weight. */
  top: number;
  weight: number;
  squares: number;
  /** Weighted sums of squared distances from the weighted mean, `[d]`. */
  readonly spread: Float64Array;
  readonly mean: Float64Array;
  /** Of single log weights: mean and sum of squared distances from it. */
  logMean: number;
  logSpread: number;
  /** The group in progress: its draws, those that were not finite among them, its greatest log weight and the sum in units of it. */
  inGroup: number;
  broken: number;
  groupTop: number;
  groupSum: number;
  /** Finished groups: how many, mean and spread of their log-mean-exp. */
  groups: number;
  bound: number;
  boundSpread: number;
}

export function noDraws(dim: number): DrawsState {
  return {
    ...{ count: 0, dropped: 0, top: -Infinity, weight: 0, squares: 0, logMean: 0, logSpread: 0 },
    ...{ spread: new Float64Array(dim), mean: new Float64Array(dim) },
    ...{ inGroup: 0, broken: 0, groupTop: -Infinity, groupSum: 0, groups: 0, bound: 0, boundSpread: 0 },
  };
}

/**
 * Takes one draw.
 * @param ends where the draw is, at `from` on
 * @param particles N of a group
 */
export function addDraw(
  state: DrawsState,
  logWeight: number,
  ends: ArrayLike<number>,
  from: number,
  particles: number,
): void {
  state.count += 1;
  state.inGroup += 1;
  if (Number.isFinite(logWeight)) {
    addWeight(state, logWeight, ends, from);
    const top = Math.max(state.groupTop, logWeight);
    state.groupSum = state.groupSum * Math.exp(state.groupTop - top) + Math.exp(logWeight - top);
    state.groupTop = top;
  } else {
    state.dropped += 1;
    state.broken += 1;
  }
  if (state.inGroup < particles) return;
  if (state.broken === 0) {
    const value = state.groupTop + Math.log(state.groupSum / particles);
    state.groups += 1;
    const before = value - state.bound;
    state.bound += before / state.groups;
    state.boundSpread += before * (value - state.bound);
  }
  state.inGroup = 0;
  state.broken = 0;
  state.groupTop = -Infinity;
  state.groupSum = 0;
}

function addWeight(state: DrawsState, logWeight: number, ends: ArrayLike<number>, from: number): void {
  const { mean, spread } = state;
  if (logWeight > state.top) {
    const scale = Math.exp(state.top - logWeight);
    state.weight *= scale;
    state.squares *= scale * scale;
    for (let i = 0; i < spread.length; i += 1) spread[i] = (spread[i] as number) * scale;
    state.top = logWeight;
  }
  const weight = Math.exp(logWeight - state.top);
  state.weight += weight;
  state.squares += weight * weight;
  const share = weight / state.weight;
  for (let i = 0; i < mean.length; i += 1) {
    const value = ends[from + i] as number;
    const distance = value - (mean[i] as number);
    mean[i] = (mean[i] as number) + share * distance;
    spread[i] = (spread[i] as number) + weight * distance * (value - (mean[i] as number));
  }
  const count = state.count - state.dropped;
  const before = logWeight - state.logMean;
  state.logMean += before / count;
  state.logSpread += before * (logWeight - state.logMean);
}

/** What the draws say; NaN where there are none. */
export function summarised(
  state: DrawsState,
): Omit<Evaluation, 'samples' | 'sampleLogWeights' | 'gradientEvaluations'> {
  const { count, dropped, top, weight, squares, spread, groups, bound, boundSpread } = state;
  const finite = count - dropped;
  return {
    bound: {
      value: groups > 0 ? bound : Number.NaN,
      ci95: groups > 1 ? tQuantile975(groups - 1) * Math.sqrt(boundSpread / (groups - 1) / groups) : null,
      n: groups,
    },
    estimate: finite > 0 ? top + Math.log(weight / finite) : Number.NaN,
    logWeightVariance: state.logSpread / (finite - 1),
    effectiveSampleSize: (weight * weight) / squares,
    largestShare: 1 / weight,
    mean: finite > 0 ? state.mean.slice() : new Float64Array(state.mean.length).fill(Number.NaN),
    std: spread.map((value) => Math.sqrt(value / weight)),
    dropped,
  };
}
