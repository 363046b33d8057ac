import type { Floats, Start } from './types';

/** π₀ as the loops over rows read it. */
export interface StartLaw {
  readonly mean: Float64Array;
  readonly logVariance: Float64Array;
  /** e^{−λ} */
  readonly precision: Float64Array;
  /** How far the vectors of one row are from those of the next: 0 where all rows share them, else d. */
  readonly stride: number;
}

/** @throws Error where the vectors are neither `[d]` nor `[R, d]` */
export function startLaw({ mean, logVariance }: Start, rows: number, dim: number): StartLaw {
  const { length } = mean;
  if (logVariance.length !== length || (length !== dim && length !== rows * dim)) {
    throw new Error(`A start has ${mean.length} means and ${logVariance.length} variances for ${rows} rows of ${dim}.`);
  }
  // With one row the two layouts are the same.
  const stride = length === dim ? 0 : dim;
  return { mean, logVariance, precision: logVariance.map((value) => Math.exp(-value)), stride };
}

/**
 * x₀ = μ + e^{λ/2} ε and −log π₀(x₀) = ½ Σ (ε² + λ + log 2π).
 * @param normals ε, `[R, d]`
 * @param minusLog receives −log π₀(x₀), `[R]`
 */
export function drawStart(law: StartLaw, dim: number, normals: Floats, x: Floats, minusLog: Float64Array): void {
  const { mean, logVariance, stride } = law;
  const widths = logVariance.map((value) => Math.exp(0.5 * value));
  const constant = Math.log(2 * Math.PI);
  for (let row = 0, at = 0, from = 0; row < minusLog.length; row += 1, from += stride) {
    let square = 0;
    for (let i = 0; i < dim; i += 1, at += 1) {
      const epsilon = normals[at] as number;
      x[at] = (mean[from + i] as number) + (widths[from + i] as number) * epsilon;
      square += epsilon * epsilon + (logVariance[from + i] as number) + constant;
    }
    minusLog[row] = 0.5 * square;
  }
}

/** Subtracts log π₀(x) of each row from `logWeights` `[R]`. */
export function subtractLogStart(law: StartLaw, dim: number, x: Floats, logWeights: Float64Array): void {
  const { mean, logVariance, precision, stride } = law;
  const constant = Math.log(2 * Math.PI);
  for (let row = 0, at = 0, from = 0; row < logWeights.length; row += 1, from += stride) {
    let square = 0;
    for (let i = 0; i < dim; i += 1, at += 1) {
      const distance = (x[at] as number) - (mean[from + i] as number);
      square += distance * distance * (precision[from + i] as number) + (logVariance[from + i] as number) + constant;
    }
    logWeights[row] = (logWeights[row] as number) + 0.5 * square;
  }
}

/**
 * Adds what x₀ and −log π₀(x₀) give the start: μ gets x̄₀, λ gets ½ (x̄₀ (x₀ − μ) + w̄).
 * @param xBar the cotangent of x₀ but for that of log π₀(x₀), which is ½ Σ (ε² + λ) and so needs none
 * @param sums added to, in the start's layout
 */
export function addStartGradient(
  law: StartLaw,
  dim: number,
  x: Floats,
  xBar: Float64Array,
  cotangent: Float64Array,
  sums: Start,
): void {
  const { mean, stride } = law;
  for (let row = 0, at = 0, from = 0; row < cotangent.length; row += 1, from += stride) {
    const wBar = cotangent[row] as number;
    for (let i = 0; i < dim; i += 1, at += 1) {
      const bar = xBar[at] as number;
      const place = from + i;
      sums.mean[place] = (sums.mean[place] as number) + bar;
      sums.logVariance[place] =
        (sums.logVariance[place] as number) + 0.5 * (bar * ((x[at] as number) - (mean[place] as number)) + wBar);
    }
  }
}
