import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

/** Places and weights with Σ w_i f(x_i) = E f(x), x ~ N(0, 1), for polynomials f of degree below 2n. */
export interface Quadrature {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
}

/** Gauss–Hermite quadrature for a standard normal, from the eigenvalues of its Jacobi matrix (Golub and Welsch 1969). */
export function gaussHermite(count: number): Quadrature {
  const jacobi = Matrix.zeros(count, count);
  for (let i = 1; i < count; i += 1) {
    jacobi.set(i, i - 1, Math.sqrt(i));
    jacobi.set(i - 1, i, Math.sqrt(i));
  }
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(jacobi, { assumeSymmetric: true });
  return {
    nodes: Float64Array.from(realEigenvalues),
    weights: Float64Array.from(realEigenvalues, (_, i) => eigenvectorMatrix.get(0, i) ** 2),
  };
}
