import { expect, it } from 'vitest';
import { pointsOf } from '../../../src/main/coverage';
import { principalComponents, projected, type Principal } from '../../../src/main/coverage/pca';
import { momentsOf } from '../../support/coverage';
import { random } from '../../support/random';

function ended(steps: Generator<number, Principal>): Principal {
  for (;;) {
    const next = steps.next();
    if (next.done === true) return next.value;
  }
}

// Both ways: all eigenvectors at once, and by subspace iteration.
it.each([20, 300])('finds the directions of greatest variance in %i dimensions', (dim) => {
  const { normals } = random(3);
  const count = 800;
  const z = normals(count * dim);
  // Variances 100, 25, 4 and then 1 to 0.01, along axes that are turned in pairs.
  const scale = (k: number): number => [10, 5, 2][k] ?? 0.1 + 0.9 * (1 - k / dim);
  const turned = Float64Array.from({ length: count * dim }, (_, at) => {
    const [row, k] = [Math.floor(at / dim), at % dim];
    const other = k % 2 === 0 ? k + 1 : k - 1;
    const own = (z[at] ?? NaN) * scale(k);
    const theirs = (z[row * dim + other] ?? NaN) * scale(other);
    return (k % 2 === 0 ? own - theirs : own + theirs) / Math.SQRT2 + 3;
  });
  const points = pointsOf(turned, dim);
  const found = ended(principalComponents(points, 4));
  expect(found.variances).toHaveLength(4);
  const flat = projected(points, found, false);
  const { mean, covariance } = momentsOf(flat);
  const whitened = momentsOf(projected(points, found, true));
  for (let a = 0; a < 4; a += 1) {
    expect(mean[a]).toBeCloseTo(0, 8);
    for (let b = 0; b < 4; b += 1) {
      // The last component has close rivals, of which an iteration may keep a part.
      const off = a === 3 || b === 3 ? 0.02 : 1e-6;
      const expected = a === b ? (found.variances[a] ?? NaN) : 0;
      expect(Math.abs((covariance[a * 4 + b] ?? NaN) - expected)).toBeLessThan(off * (found.variances[0] ?? NaN));
      expect(Math.abs((whitened.covariance[a * 4 + b] ?? NaN) - Number(a === b))).toBeLessThan(0.05);
    }
  }
  // Five standard errors of a variance of 800 values.
  [100, 25].forEach((variance, k) =>
    expect(Math.abs((found.variances[k] ?? NaN) / variance - 1)).toBeLessThan(5 * Math.sqrt(2 / count)),
  );
});
