import { Matrix } from 'ml-matrix';

/** The inverse of a lower triangular matrix, by forward substitution. */
export function lowerInverse(factor: Matrix): Matrix {
  const size = factor.rows;
  const inverse = Matrix.zeros(size, size);
  for (let column = 0; column < size; column += 1) {
    for (let row = column; row < size; row += 1) {
      let rest = row === column ? 1 : 0;
      for (let k = column; k < row; k += 1) rest -= factor.get(row, k) * inverse.get(k, column);
      inverse.set(row, column, rest / factor.get(row, row));
    }
  }
  return inverse;
}

/** Half the log determinant of L Lᵀ. */
export function halfLogDeterminant(factor: Matrix): number {
  return factor.diagonal().reduce((total, value) => total + Math.log(value), 0);
}

/** The average with its own transpose: rounding leaves products of symmetric matrices a little askew. */
export function symmetrised(matrix: Matrix): Matrix {
  return Matrix.add(matrix, matrix.transpose()).mul(0.5);
}
