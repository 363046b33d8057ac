import { CholeskyDecomposition, EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { halfLogDeterminant, lowerInverse } from './linear';
import { minimise } from './minimise';

// A factorised Gaussian q = N(m, diag(s)) against π = N(m, Σ), Λ = Σ⁻¹: what each divergence makes of s, in closed form. All in nats.

/** Variances of q, and how far q is from π. */
export interface FactorisedFit {
  /** s, `[d]` */
  readonly variance: Float64Array;
  /** KL(q ‖ π) */
  readonly reverse: number;
  /** KL(π ‖ q) */
  readonly forward: number;
  /** J = KL(q ‖ π) + KL(π ‖ q), Jeffreys' divergence. */
  readonly symmetrised: number;
}

export interface GaussianOptima {
  /** s_i = 1/Λ_ii: variational inference. */
  readonly reverse: FactorisedFit;
  /** s_i = Σ_ii: the moments, what Markovian score climbing goes to. */
  readonly forward: FactorisedFit;
  /** s_i = √(Σ_ii/Λ_ii), the geometric mean of the two: annealing with many perfect transitions. */
  readonly symmetrised: FactorisedFit;
}

/** The best factorised Gaussians for each divergence; all have the mean of π. */
export function gaussianOptima(covariance: Matrix): GaussianOptima {
  const precision = precisionOf(covariance);
  const wide = covariance.diagonal();
  const narrow = precision.diagonal().map((entry) => 1 / entry);
  const fit = (variance: number[]): FactorisedFit => divergences(covariance, Float64Array.from(variance));
  return {
    reverse: fit(narrow),
    forward: fit(wide),
    symmetrised: fit(wide.map((entry, i) => Math.sqrt(entry * (narrow[i] ?? NaN)))),
  };
}

/** How far N(m, diag(variance)) is from N(m, Σ). */
export function divergences(covariance: Matrix, variance: Float64Array): FactorisedFit {
  const precision = precisionOf(covariance).diagonal();
  const wide = covariance.diagonal();
  const logDeterminant = 2 * halfLogDeterminant(new CholeskyDecomposition(covariance).lowerTriangularMatrix);
  const sum = (term: (s: number, i: number) => number): number =>
    variance.reduce((total, s, i) => total + term(s, i), 0);
  const logs = sum(Math.log);
  const reverse = 0.5 * (sum((s, i) => s * (precision[i] ?? NaN) - 1) - logs + logDeterminant);
  const forward = 0.5 * (sum((s, i) => (wide[i] ?? NaN) / s - 1) + logs - logDeterminant);
  return { variance, reverse, forward, symmetrised: reverse + forward };
}

/**
 * The gap log Z − E[log w] of annealing from q to π over K equal steps of β, each state an exact draw: Σ_k KL(π_k ‖ π_{k+1}), with
 * π_β of precision (1 − β) diag(1/s) + βΛ. In the eigenvalues e of diag(s)^½ Λ diag(s)^½ it is
 * ½ Σ_j [ (1/K) Σ_k (e_j − 1)/(1 − β_k + β_k e_j) − log e_j ].
 */
export function perfectGap(covariance: Matrix, variance: Float64Array, steps: number): number {
  return gapIn(precisionOf(covariance), variance, steps).value;
}

/** The variances that make {@link perfectGap} smallest: what annealing with K perfect transitions would learn. */
export function perfectOptimum(
  covariance: Matrix,
  steps: number,
): { readonly variance: Float64Array; readonly gap: number } {
  const precision = precisionOf(covariance);
  const start = gaussianOptima(covariance)[steps === 1 ? 'reverse' : 'symmetrised'].variance;
  const { x, value } = minimise((logs) => gapIn(precision, logs.map(Math.exp), steps), start.map(Math.log));
  return { variance: x.map(Math.exp), gap: value };
}

/** The gap and its gradient in log s: −½ (1 − Σ_j U_ij² (1/K) Σ_k e_j/(1 − β_k + β_k e_j)²), U the eigenvectors. */
function gapIn(precision: Matrix, variance: Float64Array, steps: number): { value: number; gradient: Float64Array } {
  const size = precision.rows;
  const roots = variance.map(Math.sqrt);
  const scaled = Matrix.zeros(size, size);
  for (let i = 0; i < size; i += 1) {
    for (let j = 0; j < size; j += 1) scaled.set(i, j, (roots[i] ?? NaN) * (roots[j] ?? NaN) * precision.get(i, j));
  }
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(scaled, { assumeSymmetric: true });
  let value = 0;
  const weights = realEigenvalues.map((e) => {
    let [first, second] = [0, 0];
    for (let k = 0; k < steps; k += 1) {
      const tempered = 1 + (k / steps) * (e - 1);
      first += (e - 1) / tempered;
      second += e / tempered ** 2;
    }
    value += 0.5 * (first / steps - Math.log(e));
    return second / steps;
  });
  const gradient = Float64Array.from({ length: size }, (_, i) => {
    const share = weights.reduce((total, weight, j) => total + eigenvectorMatrix.get(i, j) ** 2 * weight, 0);
    return -0.5 * (1 - share);
  });
  return { value, gradient };
}

function precisionOf(covariance: Matrix): Matrix {
  const inverse = lowerInverse(new CholeskyDecomposition(covariance).lowerTriangularMatrix);
  return inverse.transpose().mmul(inverse);
}
