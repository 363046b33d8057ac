import { pairBlocks } from './pairs';
import { pool, take, type Points } from './points';
import { choose, seeded } from './random';

/** Half of the pairs of 2,000 points are two million numbers. */
const mostPoints = 2000;

/**
 * Median distance between different points of both sets together: of all pairs up to 2,000 points, else of the pairs of 2,000 of them.
 * It is often far larger than a mode, and a kernel of that width sees weights of modes and not their shapes.
 */
export function medianDistance(x: Points, y?: Points, seed = 0): number {
  const all = y === undefined ? x : pool(x, y);
  const points = all.count <= mostPoints ? all : take(all, choose(all.count, mostPoints, seeded(seed, 'median')));
  return Math.sqrt(medianOf(pairSquares(points)));
}

/** Squared distances of all pairs i < j. */
function pairSquares(points: Points): Float64Array {
  const out = new Float64Array((points.count * (points.count - 1)) / 2);
  let filled = 0;
  for (const { rowFrom, rows, columnFrom, columns, stride, squares } of pairBlocks(points, points))
    for (let row = 0; row < rows; row += 1)
      for (let column = Math.max(0, rowFrom + row - columnFrom + 1); column < columns; column += 1)
        out[filled++] = squares[row * stride + column] ?? NaN;
  return out;
}

/** The middle number, or of the two in the middle the square of the mean of their roots. Sorts in place. */
function medianOf(squares: Float64Array): number {
  squares.sort();
  const { length } = squares;
  const [a, b] = [squares[(length - 1) >> 1] ?? NaN, squares[length >> 1] ?? NaN];
  return a === b ? a : ((Math.sqrt(a) + Math.sqrt(b)) / 2) ** 2;
}
