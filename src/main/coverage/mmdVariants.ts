import { kernelValue, type Kernel } from './mmd';
import { pairBlocks } from './pairs';
import { pool, take, type Points } from './points';
import { choose, seeded } from './random';

/**
 * The number that the benchmark of Blessing et al. (2024) prints as MMD, for comparison with what was published that way and for nothing
 * else: the median is taken with the zeros of the diagonal, the kernel's diagonal stays in although sums are divided by n(n − 1), n and
 * m are exchanged, and a root is taken. Two exact samples have √(2/(n − 1)) instead of 0.
 */
export function benchmarkMmd(x: Points, y: Points): number {
  const [n, m] = [x.count, y.count];
  const kernel = { type: 'gaussian', bandwidth: medianWithDiagonal(pool(x, y)) } as const;
  const sums = { xx: n, yy: m, xy: 0 };
  for (const [a, b, sets, times] of [
    [x, x, 'xx', 2],
    [y, y, 'yy', 2],
    [x, y, 'xy', 1],
  ] as const)
    for (const block of pairBlocks(a, b))
      for (let row = 0; row < block.rows; row += 1) sums[sets] += times * block.exps(row, -0.5 / kernel.bandwidth ** 2);
  return Math.sqrt(sums.xx / (m * (m - 1)) + sums.yy / (n * (n - 1)) - (2 * sums.xy) / (n * m));
}

/** Median of all N² distances, zeros of the diagonal included. Of at most 2,000 points; the number is a habit, not an estimate. */
function medianWithDiagonal(all: Points): number {
  const points = all.count <= 2000 ? all : take(all, choose(all.count, 2000, seeded(0, 'median')));
  const n = points.count;
  const distances = new Float64Array(n * n);
  let filled = n;
  for (const block of pairBlocks(points, points))
    for (let row = 0; row < block.rows; row += 1)
      for (let column = Math.max(0, block.rowFrom + row - block.columnFrom + 1); column < block.columns; column += 1) {
        const distance = Math.sqrt(block.squares[row * block.stride + column] ?? NaN);
        distances[filled++] = distance;
        distances[filled++] = distance;
      }
  distances.sort();
  return ((distances[(n * n - 1) >> 1] ?? NaN) + (distances[(n * n) >> 1] ?? NaN)) / 2;
}

export interface PermutationTest {
  /** (1 + #{permutations with at least this MMD²})/(1 + permutations) */
  readonly pValue: number;
  readonly permutations: number;
  /** Samples of each set that were compared. */
  readonly x: number;
  readonly y: number;
}

/** A kernel matrix of four million numbers. */
const mostTested = 1000;

/** Permutation test of equality by MMD²_u: exact level whatever the kernel. On at most 1,000 samples of each set, drawn at random. */
export function permutationTest(
  x: Points,
  y: Points,
  kernel: Kernel,
  { permutations = 500, seed = 0, most = mostTested }: { permutations?: number; seed?: number; most?: number } = {},
): PermutationTest {
  const random = seeded(seed, 'permutations');
  const [n, m] = [Math.min(most, x.count), Math.min(most, y.count)];
  const all = pool(take(x, choose(x.count, n, random)), take(y, choose(y.count, m, random)));
  const size = n + m;
  const matrix = kernelMatrix(all, kernel);
  const rowSums = new Float64Array(size);
  for (let i = 0; i < size; i += 1)
    for (let j = 0; j < size; j += 1) rowSums[i] = (rowSums[i] ?? NaN) + (matrix[i * size + j] ?? NaN);
  const total = rowSums.reduce((a, b) => a + b, 0);
  // Sums over the chosen set alone give the other two: the rest of its rows goes across, and the rest of all is the other set's.
  const statistic = (chosen: Uint32Array): number => {
    let [own, rows] = [0, 0];
    for (let a = 0; a < n; a += 1) {
      const at = (chosen[a] ?? 0) * size;
      rows += rowSums[chosen[a] ?? 0] ?? NaN;
      for (let b = 0; b < a; b += 1) own += matrix[at + (chosen[b] ?? 0)] ?? NaN;
    }
    const across = rows - 2 * own;
    return (2 * own) / (n * (n - 1)) + (total - 2 * own - 2 * across) / (m * (m - 1)) - (2 * across) / (n * m);
  };
  const observed = statistic(Uint32Array.from({ length: n }, (_, index) => index));
  let beyond = 1;
  for (let permutation = 0; permutation < permutations; permutation += 1) {
    const chosen = choose(size, n, random).slice().sort();
    if (statistic(chosen) >= observed - 1e-12 * Math.abs(observed)) beyond += 1;
  }
  return { pValue: beyond / (permutations + 1), permutations, x: n, y: m };
}

/** Kernel values of all pairs, with a diagonal of zeros, `[N, N]`. */
function kernelMatrix(points: Points, kernel: Kernel): Float64Array {
  const size = points.count;
  const matrix = new Float64Array(size * size);
  for (const block of pairBlocks(points, points))
    for (let row = 0; row < block.rows; row += 1) {
      const i = block.rowFrom + row;
      for (let column = Math.max(0, i - block.columnFrom + 1); column < block.columns; column += 1) {
        const j = block.columnFrom + column;
        const value = kernelValue(kernel, block.squares[row * block.stride + column] ?? NaN);
        matrix[i * size + j] = value;
        matrix[j * size + i] = value;
      }
    }
  return matrix;
}
