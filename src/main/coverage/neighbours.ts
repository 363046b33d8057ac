import { pairBlocks, type PairVisitor } from './pairs';
import type { Points } from './points';
import { normalCdf } from './special';

/**
 * Leave-one-out accuracy of one nearest neighbour over both sets, added up over a pass: one half for equal laws, below it where one set
 * copies the other. Ties count half.
 */
export function neighbourTestSums(n: number, m: number): PairVisitor & { result(): number } {
  const fill = (count: number): Float64Array => new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  const [own, other] = [
    { x: fill(n), y: fill(m) },
    { x: fill(n), y: fill(m) },
  ];
  return {
    visit(block, sets) {
      const [rows, columns] = sets === 'xx' ? [own.x, own.x] : sets === 'yy' ? [own.y, own.y] : [other.x, other.y];
      const { limits, places, squares, stride, columnFrom } = block;
      limits.fill(0).set(columns.subarray(columnFrom, columnFrom + block.columns));
      for (let row = 0; row < block.rows; row += 1) {
        const i = block.rowFrom + row;
        const near = block.below(row, rows[i] ?? NaN);
        for (let place = 0; place < near; place += 1) {
          const column = places[place] ?? 0;
          const squared = squares[row * stride + column] ?? NaN;
          if (squared < (rows[i] ?? NaN)) rows[i] = squared;
          if (squared >= (columns[columnFrom + column] ?? NaN)) continue;
          columns[columnFrom + column] = squared;
          limits[column] = squared;
        }
      }
    },
    result() {
      let right = 0;
      for (const side of ['x', 'y'] as const)
        own[side].forEach((value, i) => {
          const across = other[side][i] ?? NaN;
          right += value === across ? 0.5 : Number(value < across);
        });
      return right / (n + m);
    },
  };
}

/** Squared distance of each point of x to the nearest of y, and which that is. */
export function nearestIn(x: Points, y: Points): { readonly squared: Float64Array; readonly index: Int32Array } {
  const squared = new Float64Array(x.count).fill(Number.POSITIVE_INFINITY);
  const index = new Int32Array(x.count).fill(-1);
  const other = x === y ? { ...y } : y;
  for (const block of pairBlocks(x, other))
    for (let row = 0; row < block.rows; row += 1) {
      const i = block.rowFrom + row;
      for (let column = 0; column < block.columns; column += 1) {
        const value = block.squares[row * block.stride + column] ?? NaN;
        if (value < (squared[i] ?? NaN)) {
          squared[i] = value;
          index[i] = block.columnFrom + column;
        }
      }
    }
  return { squared, index };
}

export interface Memorisation {
  /** P(generated items lie nearer to training items than held-out real ones do): ½ without memorisation, 1 for copies. */
  readonly share: number;
  /** Of one as large by chance (Mann–Whitney, normal limit, one-sided). */
  readonly pValue: number;
}

/** Mann and Whitney's (1947) test that a tends to be smaller than b, ties with their mean rank. */
export function mannWhitney(a: Float64Array, b: Float64Array): Memorisation {
  const [n, m] = [a.length, b.length];
  const sorted = b.slice().sort();
  const before = (value: number, orEqual: boolean): number => {
    let [low, high] = [0, m];
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = sorted[middle] ?? NaN;
      if (other < value || (orEqual && other === value)) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  let smaller = 0;
  for (const value of a) smaller += m - (before(value, true) + before(value, false)) / 2;
  const all = Float64Array.from([...a, ...b]).sort();
  let ties = 0;
  for (let first = 0; first < all.length;) {
    let last = first;
    while (last + 1 < all.length && all[last + 1] === all[first]) last += 1;
    const size = last - first + 1;
    ties += size ** 3 - size;
    first = last + 1;
  }
  const total = n + m;
  const variance = ((n * m) / 12) * (total + 1 - ties / (total * (total - 1)));
  const z = (smaller - (n * m) / 2) / Math.sqrt(variance);
  return { share: smaller / (n * m), pValue: variance > 0 ? normalCdf(-z) : 1 };
}
