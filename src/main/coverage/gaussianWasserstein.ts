import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { meanOf, type Points } from './points';

/** Mean `[d]` and covariance `[d, d]`. */
export interface Moments {
  readonly mean: ArrayLike<number>;
  readonly covariance: ArrayLike<number>;
}

/**
 * W2² of two normals, |m₁ − m₂|² + tr(S₁ + S₂ − 2 (S₁^½ S₂ S₁^½)^½) (Dowson and Landau 1982); on features of images it is the Fréchet
 * distance of Heusel et al. (2017). O(d³).
 */
export function gaussianWasserstein(a: Moments, b: Moments): number {
  const dim = a.mean.length;
  const [first, second] = [matrixOf(a.covariance, dim), matrixOf(b.covariance, dim)];
  const root = symmetricRoot(first);
  const inner = root.mmul(second).mmul(root);
  const { realEigenvalues } = new EigenvalueDecomposition(Matrix.add(inner, inner.transpose()).mul(0.5), {
    assumeSymmetric: true,
  });
  let total = first.trace() + second.trace();
  for (const value of realEigenvalues) total -= 2 * Math.sqrt(Math.max(0, value));
  for (let k = 0; k < dim; k += 1) total += ((a.mean[k] ?? NaN) - (b.mean[k] ?? NaN)) ** 2;
  return total;
}

/** Mean and unbiased covariance. */
export function momentsOf(points: Points): Moments {
  const { data, count, dim } = points;
  const mean = meanOf(points);
  const covariance = new Float64Array(dim * dim);
  const centred = new Float64Array(dim);
  for (let row = 0; row < count; row += 1) {
    for (let k = 0; k < dim; k += 1) centred[k] = (data[row * dim + k] ?? NaN) - (mean[k] ?? NaN);
    for (let k = 0; k < dim; k += 1) {
      const value = (centred[k] ?? NaN) / (count - 1);
      for (let l = 0; l <= k; l += 1)
        covariance[k * dim + l] = (covariance[k * dim + l] ?? NaN) + value * (centred[l] ?? NaN);
    }
  }
  for (let k = 0; k < dim; k += 1)
    for (let l = 0; l < k; l += 1) covariance[l * dim + k] = covariance[k * dim + l] ?? NaN;
  return { mean, covariance };
}

/** Fréchet distance of two sets of features. It wants at least ten samples a feature: fewer raise it. */
export function frechetDistance(x: Points, y: Points): number {
  return gaussianWasserstein(momentsOf(x), momentsOf(y));
}

function matrixOf(values: ArrayLike<number>, dim: number): Matrix {
  return Matrix.from1DArray(dim, dim, Array.from(values));
}

function symmetricRoot(matrix: Matrix): Matrix {
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(matrix, { assumeSymmetric: true });
  const roots = Matrix.diag(realEigenvalues.map((value) => Math.sqrt(Math.max(0, value))));
  return eigenvectorMatrix.mmul(roots).mmul(eigenvectorMatrix.transpose());
}
