import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { symmetricEigenvalues } from '../../../src/main/coverage/eigenvalues';
import { frechetSteps } from '../../../src/main/coverage/gaussianWasserstein';
import { finished } from '../../../src/main/coverage/turns';
import { normalPoints } from '../../support/pointSets';
import { random } from '../../support/random';

/** G Gᵀ of a matrix of normals, `[n, rank]`. */
function gram(n: number, rank: number): Float64Array {
  const g = [...random(n + rank).normals(n * rank)];
  return Float64Array.from({ length: n * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    let total = 0;
    for (let k = 0; k < rank; k += 1) total += (g[i * rank + k] ?? NaN) * (g[j * rank + k] ?? NaN);
    return total;
  });
}

describe('eigenvalues of a symmetric matrix', () => {
  it.each([
    [1, 1],
    [2, 2],
    [7, 7],
    [40, 40],
    [40, 5],
  ])('of %i rows and rank %i are those of another algorithm', (n, rank) => {
    const matrix = gram(n, rank);
    const { realEigenvalues } = new EigenvalueDecomposition(Matrix.from1DArray(n, n, matrix), {
      assumeSymmetric: true,
    });
    const expected = realEigenvalues.sort((a, b) => a - b);
    const norm = expected.at(-1) ?? NaN;
    const found = finished(symmetricEigenvalues(matrix.slice(), n));
    found.forEach((value, k) => expect(Math.abs(value - (expected[k] ?? NaN))).toBeLessThan(1e-13 * norm));
  });

  it('are those on the diagonal where nothing is beside it, zeros and signs included', () => {
    const values = [3, 0, -2, 0];
    const matrix = Float64Array.from({ length: 16 }, (_, at) => (at % 5 === 0 ? (values[at / 5] ?? NaN) : 0));
    const found = finished(symmetricEigenvalues(matrix, 4));
    [-2, 0, 0, 3].forEach((value, k) => expect(found[k]).toBeCloseTo(value, 12));
  });

  it('are no numbers of a matrix that has some that are none', () => {
    expect(finished(symmetricEigenvalues(Float64Array.of(1, NaN, NaN, 1), 2)).every(Number.isNaN)).toBe(true);
  });
});

it('a Fréchet distance of many features lets others take their turn', () => {
  const source = random(4);
  const zeros = new Array<number>(300).fill(0);
  const steps = frechetSteps(normalPoints(source, 400, zeros), normalPoints(source, 400, zeros));
  let turns = 0;
  for (;;) {
    const next = steps.next();
    if (next.done === true) break;
    turns += 1;
  }
  // 400 × 300² / 2 products of each covariance alone are as much as one turn.
  expect(turns).toBeGreaterThan(2);
});
