import { assignRows } from './linearAssignment';
import { pairBlocks } from './pairs';
import { take, type Points } from './points';
import { choose, seeded } from './random';

export interface ExactWasserstein {
  /** W2², the least mean squared distance of a matching. */
  readonly squared: number;
  /** Of each set, that were matched. */
  readonly samples: number;
  /** Whether more were there and a random part was matched. */
  readonly subsampled: boolean;
}

/** A matrix of costs of four million numbers. */
const mostMatched = 2000;

/** W2² by the best matching of equally many samples; at most 2,000 of each set, drawn at random where there are more. */
export function exactWasserstein(
  x: Points,
  y: Points,
  { cap = mostMatched, seed = 0 }: { cap?: number; seed?: number } = {},
): ExactWasserstein {
  const samples = Math.min(cap, mostMatched, x.count, y.count);
  const random = seeded(seed, 'matching');
  const part = (points: Points): Points =>
    points.count === samples ? points : take(points, choose(points.count, samples, random));
  const [a, b] = [part(x), part(y)];
  const cost = squaredCosts(a, b);
  const columns = assignRows(cost, samples);
  let total = 0;
  columns.forEach((column, row) => (total += cost[row * samples + column] ?? NaN));
  return { squared: total / samples, samples, subsampled: x.count > samples || y.count > samples };
}

/** |x_i − y_j|², `[n, m]`: for sets whose product is at most four million. */
export function squaredCosts(x: Points, y: Points): Float64Array {
  const out = new Float64Array(x.count * y.count);
  // A set against itself too has all pairs here.
  const other = x === y ? { ...y } : y;
  for (const block of pairBlocks(x, other))
    for (let row = 0; row < block.rows; row += 1) {
      const at = row * block.stride;
      out.set(block.squares.subarray(at, at + block.columns), (block.rowFrom + row) * y.count + block.columnFrom);
    }
  return out;
}
