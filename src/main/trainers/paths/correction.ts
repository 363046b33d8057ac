import type { BackwardMean, CorrectionWeights, Floats } from './types';

// What a score network changes in log w of one transition, and the cotangents of everything that this reads. Host arithmetic in doubles.

/**
 * Overdamped: the backward mean is x_k + δ g_k(x_k) + 2δ ŝ with variance 2δ, which adds −ŝ·(Δ + δ g₊) − δ‖ŝ‖².
 * @param step δ_k
 */
export function overdampedWeights(step: number, dim: number): CorrectionWeights {
  return { linear: 1, quadratic: new Float64Array(dim).fill(2 * step) };
}

/**
 * Underdamped: the backward mean is h p̃ + c M ŝ with variance (1 − h²) M; c = −2 h log h in the paper's form, (1 − h²)/h in Tweedie's.
 * @param refreshment h
 */
export function underdampedWeights(refreshment: number, mass: Float64Array, mean: BackwardMean): CorrectionWeights {
  const { linear, quadratic } = momentumWeights(refreshment, mean);
  return { linear, quadratic: mass.map((value) => quadratic * value) };
}

/** 1 − h², without cancellation near 1. */
export function refreshed(refreshment: number): number {
  return -Math.expm1(2 * Math.log(refreshment));
}

/** c of the backward mean h p̃ + c M ŝ. */
export function scoreFactor(refreshment: number, mean: BackwardMean): number {
  return mean === 'paper' ? -2 * refreshment * Math.log(refreshment) : refreshed(refreshment) / refreshment;
}

/** Linear and quadratic weight in units of M, and their derivatives in h. */
export function momentumWeights(
  h: number,
  mean: BackwardMean,
): {
  readonly linear: number;
  readonly quadratic: number;
  readonly linearSlope: number;
  readonly quadraticSlope: number;
} {
  if (mean === 'tweedie') {
    const variance = refreshed(h);
    return {
      linear: 1 / h,
      quadratic: variance / (h * h),
      linearSlope: -1 / (h * h),
      quadraticSlope: -2 / (h * h * h),
    };
  }
  const [variance, factor, slope] = [refreshed(h), scoreFactor(h, mean), -2 * (Math.log(h) + 1)];
  const linear = factor / variance;
  const linearSlope = (slope + 2 * h * linear) / variance;
  return { linear, quadratic: factor * linear, linearSlope, quadraticSlope: slope * linear + factor * linearSlope };
}

/** Adds linear · ŝ·r − ½ ŝ·quadratic ŝ of each row to `logWeights` `[R]`. */
export function addCorrection(
  { linear, quadratic }: CorrectionWeights,
  score: Floats,
  residual: Floats,
  logWeights: Float64Array,
): void {
  const dim = quadratic.length;
  for (let row = 0, at = 0; row < logWeights.length; row += 1) {
    let sum = 0;
    for (let i = 0; i < dim; i += 1, at += 1) {
      const s = score[at] as number;
      sum += s * (linear * (residual[at] as number) - 0.5 * (quadratic[i] as number) * s);
    }
    logWeights[row] = (logWeights[row] as number) + sum;
  }
}

/** The cotangent of ŝ, w̄ (linear r − quadratic ŝ), into `out` `[R, d]`. */
export function scoreCotangent(
  { linear, quadratic }: CorrectionWeights,
  score: Floats,
  residual: Floats,
  cotangent: Float64Array,
  out: Floats,
): void {
  const dim = quadratic.length;
  for (let row = 0, at = 0; row < cotangent.length; row += 1) {
    const wBar = cotangent[row] as number;
    for (let i = 0; i < dim; i += 1, at += 1) {
      out[at] = wBar * (linear * (residual[at] as number) - (quadratic[i] as number) * (score[at] as number));
    }
  }
}

/** Cotangents of what the correction reads beside ŝ. */
export interface WeightCotangents {
  readonly linear: number;
  /** `[d]` */
  readonly quadratic: Float64Array;
}

/** The cotangents of r, w̄ linear ŝ, into `residualBar` `[R, d]`, and those of the two weights. */
export function correctionCotangents(
  { linear, quadratic }: CorrectionWeights,
  score: Floats,
  residual: Floats,
  cotangent: Float64Array,
  residualBar: Float64Array,
): WeightCotangents {
  const dim = quadratic.length;
  const quadraticBar = new Float64Array(dim);
  let linearBar = 0;
  for (let row = 0, at = 0; row < cotangent.length; row += 1) {
    const wBar = cotangent[row] as number;
    for (let i = 0; i < dim; i += 1, at += 1) {
      const along = wBar * (score[at] as number);
      residualBar[at] = linear * along;
      linearBar += along * (residual[at] as number);
      quadraticBar[i] = (quadraticBar[i] as number) - 0.5 * along * (score[at] as number);
    }
  }
  return { linear: linearBar, quadratic: quadraticBar };
}
