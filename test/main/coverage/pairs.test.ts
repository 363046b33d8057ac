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
])('%d points against %d in %d dimensions meet once each, at their distance', (n, m, dim) => {
  const [x, y] = [set(n, dim, 1), set(m, dim, 2)];
  for (const [a, b] of [
    [x, y],
    [y, y],
  ] as const) {
    let met = 0;
    for (const block of pairBlocks(a, b))
      for (let row = 0; row < block.rows; row += 1) {
        const [expSum, at] = [block.exps(row, -0.1), row * block.stride];
        let total = 0;
        for (let column = 0; column < block.stride; column += 1) {
          const [i, j] = [block.rowFrom + row, block.columnFrom + column];
          const squared = block.squares[at + column] ?? NaN;
          if (column >= block.columns || (a === b && i >= j)) {
            expect(squared).toBe(Number.POSITIVE_INFINITY);
            continue;
          }
          met += 1;
          const expected = squaredDistance(a, i, b, j);
          expect(Math.abs(squared / expected - 1)).toBeLessThan(1e-13);
          expect(Math.abs((block.scratch[column] ?? NaN) / Math.exp(-0.1 * squared) - 1)).toBeLessThan(1e-14);
          total += Math.exp(-0.1 * squared);
        }
        expect(Math.abs(expSum - total)).toBeLessThan(1e-12 * (1 + total));
        const fourths = block.fourths();
        expect(Math.abs(fourths - block.exps(row, -0.4))).toBeLessThan(1e-12 * (1 + fourths));
      }
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
    row.forEach((value, j) => expect(value).toBe(there[j]?.[i]));
  });
});
