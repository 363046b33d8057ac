import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { Mixture } from './gaussianMixture';
import { firstTwo, unit } from './plane';
import type { Plane } from './types';

/** The plane in which a mixture's means lie furthest apart: the coordinates in two dimensions, principal directions in more. */
export function meansPlane(mixture: Mixture): { plane?: Plane } {
  const { dim } = mixture;
  if (dim <= 2) return firstTwo(dim, dim < 2 ? undefined : projected(mixture, unit(2, 0), unit(2, 1)));
  const [x, y] = directions(mixture);
  return {
    plane: {
      x,
      y,
      labels: ['First principal direction of the means', 'Second principal direction'],
      logDensity: projected(mixture, x, y),
    },
  };
}

/** Log density of (x·z, y·z): the mixture of the projected components. */
function projected(
  { dim, means, stds, weights }: Mixture,
  x: Float64Array,
  y: Float64Array,
): NonNullable<Plane['logDensity']> {
  const along = (direction: Float64Array, c: number): number =>
    direction.reduce((total, entry, i) => total + entry * (means[c * dim + i] ?? NaN), 0);
  const centres = Array.from(stds, (std, c) => ({
    a: along(x, c),
    b: along(y, c),
    precision: 1 / (std * std),
    offset: Math.log(weights[c] ?? NaN) - Math.log(2 * Math.PI * std * std),
  }));
  return (a, b) => {
    const logs = centres.map((c) => c.offset - 0.5 * c.precision * ((a - c.a) ** 2 + (b - c.b) ** 2));
    const most = Math.max(...logs);
    return most + Math.log(logs.reduce((total, log) => total + Math.exp(log - most), 0));
  };
}

/** Two orthogonal unit vectors: the eigenvectors of the means' scatter with the greatest eigenvalues. */
function directions({ dim, means, stds }: Mixture): [Float64Array, Float64Array] {
  const count = stds.length;
  const centred = Matrix.from1DArray(count, dim, Array.from(means)).center('column');
  // The scatter between C means has the nonzero eigenvalues of their C × C products.
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(centred.mmul(centred.transpose()), {
    assumeSymmetric: true,
  });
  const order = realEigenvalues.map((_, i) => i).sort((a, b) => (realEigenvalues[b] ?? 0) - (realEigenvalues[a] ?? 0));
  const principal = order
    .slice(0, 2)
    .map((c) => Float64Array.from(centred.transpose().mmul(eigenvectorMatrix.getColumnVector(c)).to1DArray()));
  const found: Float64Array[] = [];
  // Coordinates stand in where the means span less than a plane.
  for (const vector of [...principal, unit(dim, 0), unit(dim, 1), unit(dim, 2)]) {
    const length = Math.hypot(...vector);
    const rest = vector.slice();
    for (const other of found) {
      const share = rest.reduce((total, entry, i) => total + entry * (other[i] ?? NaN), 0);
      rest.forEach((entry, i) => (rest[i] = entry - share * (other[i] ?? NaN)));
    }
    const left = Math.hypot(...rest);
    if (left > 1e-6 * Math.max(length, 1)) found.push(rest.map((entry) => entry / left));
    if (found.length === 2) break;
  }
  return found as [Float64Array, Float64Array];
}
