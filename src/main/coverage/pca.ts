import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { meanOf, type Points } from './points';
import { seeded } from './random';

/** Directions of greatest variance, the greatest first. */
export interface Principal {
  /** `[d]` */
  readonly mean: Float64Array;
  /** `[k, d]`, orthonormal rows. */
  readonly axes: Float64Array;
  /** `[k]` */
  readonly variances: Float64Array;
}

/** Up to this many dimensions all eigenvectors are quickly found at once. */
const few = 200;
/** Vectors beyond those wanted, and turns of the iteration: the last wanted ones are then good to a per cent. */
const [spare, turns] = [12, 40];
const rowsAtOnce = 250;

/**
 * Principal components by the covariance: of many dimensions by subspace iteration (Halko, Martinsson and Tropp 2011). O(n d² + d² k).
 * Yields the share that is done, at least every second.
 * @returns at most `wanted` of them, those without any variance left out
 */
export function* principalComponents(points: Points, wanted: number, seed = 0): Generator<number, Principal> {
  const { dim, count } = points;
  const mean = meanOf(points);
  const covariance = new Float64Array(dim * dim);
  for (let first = 0; first < count; first += rowsAtOnce) {
    addProducts(covariance, points, mean, first, Math.min(count, first + rowsAtOnce));
    yield (0.5 * first) / count;
  }
  mirror(covariance, dim, count - 1);
  const matrix = Matrix.from1DArray(dim, dim, covariance);
  const size = Math.min(dim, wanted + spare);
  let basis: Matrix = Matrix.eye(dim);
  if (dim > few) {
    const { normal } = seeded(seed, 'principal');
    basis = orthonormal(Matrix.from1DArray(dim, size, Float64Array.from({ length: dim * size }, normal)));
    for (let turn = 0; turn < turns; turn += 1) {
      basis = orthonormal(matrix.mmul(basis));
      yield 0.5 + (0.5 * turn) / turns;
    }
  }
  const inner = basis.transpose().mmul(matrix).mmul(basis);
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(
    Matrix.add(inner, inner.transpose()).mul(0.5),
    { assumeSymmetric: true },
  );
  const order = realEigenvalues
    .map((_, place) => place)
    .sort((a, b) => at(realEigenvalues, b) - at(realEigenvalues, a));
  const most = at(realEigenvalues, order[0] ?? 0);
  const kept = order.slice(0, wanted).filter((place) => at(realEigenvalues, place) > 1e-10 * most);
  const vectors = basis.mmul(eigenvectorMatrix);
  const axes = new Float64Array(kept.length * dim);
  kept.forEach((place, row) => {
    // The sign of an eigenvector means nothing: its largest entry is positive.
    const column = vectors.getColumn(place);
    const largest = column.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a), 0);
    column.forEach((value, k) => (axes[row * dim + k] = largest < 0 ? -value : value));
  });
  return { mean, axes, variances: Float64Array.from(kept, (place) => at(realEigenvalues, place)) };
}

/** Coordinates along the components, `[n, k]`; `whitened` to variance 1 over what they are the components of. */
export function projected(points: Points, { mean, axes, variances }: Principal, whitened: boolean): Points {
  const { data, count, dim } = points;
  const width = variances.length;
  const out = new Float64Array(count * width);
  const scales = variances.map((variance) => (whitened ? 1 / Math.sqrt(variance) : 1));
  const centred = new Float64Array(dim);
  for (let row = 0; row < count; row += 1) {
    for (let k = 0; k < dim; k += 1) centred[k] = (data[row * dim + k] ?? NaN) - (mean[k] ?? NaN);
    for (let axis = 0; axis < width; axis += 1) {
      let total = 0;
      const from = axis * dim;
      for (let k = 0; k < dim; k += 1) total += (centred[k] ?? NaN) * (axes[from + k] ?? NaN);
      out[row * width + axis] = total * (scales[axis] ?? NaN);
    }
  }
  return { data: out, count, dim: width };
}

function addProducts(into: Float64Array, { data, dim }: Points, mean: Float64Array, from: number, to: number): void {
  const centred = new Float64Array(dim);
  for (let row = from; row < to; row += 1) {
    for (let k = 0; k < dim; k += 1) centred[k] = (data[row * dim + k] ?? NaN) - (mean[k] ?? NaN);
    for (let k = 0; k < dim; k += 1) {
      const value = centred[k] ?? NaN;
      const start = k * dim;
      for (let l = 0; l <= k; l += 1) into[start + l] = (into[start + l] ?? NaN) + value * (centred[l] ?? NaN);
    }
  }
}

function mirror(covariance: Float64Array, dim: number, over: number): void {
  for (let k = 0; k < dim; k += 1)
    for (let l = 0; l <= k; l += 1) {
      const value = (covariance[k * dim + l] ?? NaN) / over;
      covariance[k * dim + l] = value;
      covariance[l * dim + k] = value;
    }
}

/** Columns made orthonormal one after the other (Gram and Schmidt, twice). */
function orthonormal(matrix: Matrix): Matrix {
  const { rows, columns } = matrix;
  const list = Array.from({ length: columns }, (_, k) => Float64Array.from(matrix.getColumn(k)));
  list.forEach((column, k) => {
    for (let pass = 0; pass < 2; pass += 1)
      for (const before of list.slice(0, k)) {
        let product = 0;
        for (let i = 0; i < rows; i += 1) product += (column[i] ?? NaN) * (before[i] ?? NaN);
        for (let i = 0; i < rows; i += 1) column[i] = (column[i] ?? NaN) - product * (before[i] ?? NaN);
      }
    const length = Math.sqrt(column.reduce((total, value) => total + value * value, 0));
    for (let i = 0; i < rows; i += 1) column[i] = (column[i] ?? NaN) / Math.max(length, 1e-300);
  });
  const out = new Matrix(rows, columns);
  list.forEach((column, k) => out.setColumn(k, column));
  return out;
}

function at(values: readonly number[], place: number): number {
  return values[place] ?? NaN;
}
