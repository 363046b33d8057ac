import { mostDraws } from '../../metrics/keptDraws';
import { addDraw, noDraws, summarised, type DrawsState } from '../../trainers/dais/draws';
import type { Evaluation } from '../../trainers/methodTypes';

/** Weighted draws summed up as they come, and some of them kept. Plain data, for snapshots. */
export interface Weighted {
  readonly draws: DrawsState;
  /** Every so many is kept. */
  readonly stride: number;
  /** `[kept, d]` */
  readonly samples: Float64Array;
  readonly logWeights: Float64Array;
}

/** @param count how many draws there will be */
export function noWeighted(count: number, dim: number): Weighted {
  const stride = Math.ceil(count / mostDraws(dim));
  const kept = Math.ceil(count / stride);
  return {
    draws: noDraws(dim),
    stride,
    samples: new Float64Array(kept * dim),
    logWeights: new Float64Array(kept),
  };
}

/** @param particles N: draws under one logarithm */
export function addWeighted(
  { draws, stride, samples, logWeights }: Weighted,
  block: { readonly logWeights: Float64Array; readonly positions: Float64Array },
  particles: number,
): void {
  const dim = draws.mean.length;
  block.logWeights.forEach((logWeight, row) => {
    const draw = draws.count;
    addDraw(draws, logWeight, block.positions, row * dim, particles);
    if (draw % stride !== 0) return;
    samples.set(block.positions.subarray(row * dim, (row + 1) * dim), (draw / stride) * dim);
    logWeights[draw / stride] = logWeight;
  });
}

export function evaluationOf({ draws, samples, logWeights }: Weighted, gradientEvaluations: number): Evaluation {
  return { ...summarised(draws), samples, sampleLogWeights: logWeights, gradientEvaluations };
}
