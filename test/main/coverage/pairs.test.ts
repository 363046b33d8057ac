import { expect, it } from 'vitest';
import { pairBlocks } from '../../../src/main/coverage/pairs';
import { pointsOf, squaredDistance, type Points } from '../../../src/main/coverage/points';
import { random } from '../../support/random';

const set = (count: number, dim: number, seed: number): Points =>
  pointsOf(Float64Array.from(random(seed).normals(count * dim)), dim);

it.each([
  [1, 1, 1],
  [5, 7, 3],
  [70, 530, 2],
  [67, 129, 300],
  // More coordinates than one call takes.
  [67, 70, 1300],
])('%d points against %d in %d dimensions meet once each, at their distance', (n, m, dim) => {
  const [x, y] = [set(n, dim, 1), set(m, dim, 2)];
  for (const [a, b] of [
    [x, y],
    [y, y],
  ] as const) {
    let met = 0;
    const worst = { masked: 0, distance: 0, kernel: 0, sum: 0, fourths: 0 };
    const tell = (what: keyof typeof worst, error: number): void => {
      // A NaN must not pass for small.
      worst[what] = Math.max(worst[what], Number.isNaN(error) ? 1 : error);
    };
    for (const block of pairBlocks(a, b))
      for (let row = 0; row < block.rows; row += 1) {
        const [expSum, at] = [block.exps(row, -0.1), row * block.stride];
        let total = 0;
        for (let column = 0; column < block.stride; column += 1) {
          const [i, j] = [block.rowFrom + row, block.columnFrom + column];
          const squared = block.squares[at + column] ?? NaN;
          if (column >= block.columns || (a === b && i >= j)) {
            tell('masked', Number(squared !== Number.POSITIVE_INFINITY));
            continue;
          }
          met += 1;
          const expected = squaredDistance(a, i, b, j);
          tell('distance', Math.abs(squared / expected - 1));
          tell('kernel', Math.abs((block.scratch[column] ?? NaN) / Math.exp(-0.1 * squared) - 1));
          total += Math.exp(-0.1 * squared);
        }
        tell('sum', Math.abs(expSum - total) / (1 + total));
        const fourths = block.fourths();
        tell('fourths', Math.abs(fourths - block.exps(row, -0.4)) / (1 + fourths));
      }
    expect(worst.masked).toBe(0);
    expect(worst.distance).toBeLessThan(1e-13);
    // Exponents of some tens lose as many units in the last place.
    expect(worst.kernel).toBeLessThan(1e-14);
    expect(worst.sum).toBeLessThan(1e-12);
    expect(worst.fourths).toBeLessThan(1e-12);
    expect(met).toBe(a === b ? (m * (m - 1)) / 2 : n * m);
  }
});

it('distances are the same number both ways and zero between equal points', () => {
  const x = set(40, 7, 3);
  const distances = (a: Points, b: Points): number[][] => {
    const out = Array.from({ length: a.count }, () => new Array<number>(b.count));
    for (const block of pairBlocks(a, b))
      for (let row = 0; row < block.rows; row += 1)
        for (let column = 0; column < block.columns; column += 1)
          (out[block.rowFrom + row] ?? [])[block.columnFrom + column] =
            block.squares[row * block.stride + column] ?? NaN;
    return out;
  };
  const copy = pointsOf(x.data.slice(), 7);
  const there = distances(x, copy);
  there.forEach((row, i) => {
    expect(row[i]).toBe(0);
    expect(row).toEqual(there.map((other) => other[i]));
  });
});

it('column sums and near places are those of a plain loop', () => {
  const [x, y] = [set(70, 3, 4), set(90, 3, 5)];
  for (const block of pairBlocks(x, y)) {
    block.limits.fill(0).fill(0.5, 0, block.columns);
    block.totals.fill(0);
    const sums = new Array<number>(block.columns).fill(0);
    for (let row = 0; row < block.rows; row += 1) {
      const squares = [...block.squares.subarray(row * block.stride, row * block.stride + block.columns)];
      block.roots(row);
      squares.forEach((squared, column) => (sums[column] = (sums[column] ?? NaN) + Math.sqrt(squared)));
      const reach = row % 2 === 0 ? 0 : 2;
      const expected = squares.flatMap((squared, column) => (squared < Math.max(0.5, reach) ? [column] : []));
      expect([...block.places.subarray(0, block.below(row, reach))]).toEqual(expected);
    }
    sums.forEach((sum, column) => expect(block.totals[column]).toBeCloseTo(sum, 10));
  }
});
