import { chainEffectiveSampleSize } from './effectiveSampleSize';
import { rHat } from './rHat';

/** What draws of several chains say of each coordinate, `[d]` each. */
export interface ChainMoments {
  readonly mean: Float64Array;
  readonly std: Float64Array;
  /** Monte-Carlo standard errors. */
  readonly meanError: Float64Array;
  readonly stdError: Float64Array;
  /** Rank-normalised split R-hat. */
  readonly rHat: Float64Array;
  readonly effectiveSampleSize: Float64Array;
}

/**
 * Moments coordinate by coordinate, with how well the chains agree on them.
 * @param draws `[iteration, chains, d]`
 */
export function chainMoments(draws: Float32Array | Float64Array, chains: number, dim: number): ChainMoments {
  const length = draws.length / (chains * dim);
  const count = chains * length;
  const out = {
    mean: new Float64Array(dim),
    std: new Float64Array(dim),
    meanError: new Float64Array(dim),
    stdError: new Float64Array(dim),
    rHat: new Float64Array(dim),
    effectiveSampleSize: new Float64Array(dim),
  };
  for (let i = 0; i < dim; i += 1) {
    const each = Array.from({ length: chains }, (_, chain) =>
      Float64Array.from({ length }, (__, t) => draws[(t * chains + chain) * dim + i] ?? NaN),
    );
    const average = sum(each) / count;
    const squares = each.map((chain) => chain.map((value) => (value - average) ** 2));
    const variance = sum(squares) / (count - 1);
    const size = chainEffectiveSampleSize(each);
    out.mean[i] = average;
    out.std[i] = Math.sqrt(variance);
    out.rHat[i] = rHat(each);
    out.effectiveSampleSize[i] = size;
    out.meanError[i] = Math.sqrt(variance / size);
    // Delta method: the error of a variance over twice the standard deviation.
    const spread = sum(squares.map((chain) => chain.map((value) => (value - variance) ** 2))) / (count - 1);
    out.stdError[i] = Math.sqrt(spread / chainEffectiveSampleSize(squares)) / (2 * Math.sqrt(variance));
  }
  return out;
}

function sum(chains: readonly Float64Array[]): number {
  return chains.reduce((total, chain) => total + chain.reduce((sum, value) => sum + value, 0), 0);
}
