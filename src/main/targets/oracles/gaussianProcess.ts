import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { halfLogDeterminant, symmetrised } from './linear';

/** Observations y_i = f(t_i) + noise of a path f ~ GP(0, exp(−(t − t′)²/(2ρ²))). */
export interface ProcessData {
  /** t, `[n]` */
  readonly sites: Float64Array;
  /** y, `[n]` */
  readonly observations: Float64Array;
  /** ρ */
  readonly lengthScale: number;
  /** Standard deviation of the noise. */
  readonly noise: number;
  /** On the diagonal of the Gram matrix. */
  readonly jitter: number;
}

/** p(f(t) | y) = N(mean, covariance) with A = K + σ²I. */
export interface ProcessPosterior {
  /** K A⁻¹ y */
  readonly mean: Float64Array;
  /** σ² A⁻¹ K; K − K A⁻¹ K is the same and loses digits. */
  readonly covariance: Matrix;
  /** log N(y; 0, A), in nats. */
  readonly logZ: number;
  /** K, jitter included. */
  readonly gram: Matrix;
}

/** exp(−(a_i − b_j)²/(2ρ²)), `[a, b]`. */
function kernelMatrix(a: ArrayLike<number>, b: ArrayLike<number>, lengthScale: number): Matrix {
  const matrix = Matrix.zeros(a.length, b.length);
  for (let i = 0; i < a.length; i += 1) {
    for (let j = 0; j < b.length; j += 1) {
      matrix.set(i, j, Math.exp(-0.5 * (((a[i] ?? NaN) - (b[j] ?? NaN)) / lengthScale) ** 2));
    }
  }
  return matrix;
}

export function gramMatrix(sites: ArrayLike<number>, lengthScale: number, jitter: number): Matrix {
  return kernelMatrix(sites, sites, lengthScale).add(Matrix.eye(sites.length).mul(jitter));
}

export function processPosterior({ sites, observations, lengthScale, noise, jitter }: ProcessData): ProcessPosterior {
  const gram = gramMatrix(sites, lengthScale, jitter);
  const noisy = Matrix.add(gram, Matrix.eye(sites.length).mul(noise * noise));
  const cholesky = new CholeskyDecomposition(noisy);
  const y = Matrix.columnVector(Array.from(observations));
  const solved = cholesky.solve(y);
  const logZ =
    -0.5 * (y.dot(solved) + sites.length * Math.log(2 * Math.PI)) - halfLogDeterminant(cholesky.lowerTriangularMatrix);
  return {
    mean: Float64Array.from(gram.mmul(solved).to1DArray()),
    covariance: symmetrised(cholesky.solve(gram).mul(noise * noise)),
    logZ,
    gram,
  };
}
