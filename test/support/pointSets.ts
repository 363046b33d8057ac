import { pointsOf, type Points } from '../../src/main/coverage/points';
import type { Random } from './random';

/** Independent normals with one standard deviation around a mean. */
export function normalPoints(random: Random, count: number, mean: readonly number[], sd = 1): Points {
  const { length } = mean;
  const data = Float64Array.from(
    random.normals(count * length),
    (value, at) => (mean[at % length] ?? NaN) + sd * value,
  );
  return pointsOf(data, length);
}

/** A ring of unit modes in the plane, by their weights. */
export function ring(
  random: Random,
  count: number,
  { modes, radius, weights }: { modes: number; radius: number; weights?: readonly number[] },
): Points {
  const data = new Float64Array(2 * count);
  for (let row = 0; row < count; row += 1) {
    const turn = (2 * Math.PI * modeOf(random.uniform(), weights ?? new Array<number>(modes).fill(1 / modes))) / modes;
    data[2 * row] = radius * Math.cos(turn) + random.normal();
    data[2 * row + 1] = radius * Math.sin(turn) + random.normal();
  }
  return pointsOf(data, 2);
}

function modeOf(uniform: number, weights: readonly number[]): number {
  let below = 0;
  const mode = weights.findIndex((weight) => uniform < (below += weight));
  return mode < 0 ? weights.length - 1 : mode;
}

/** The rows in another order. */
export function shuffled({ data, count, dim }: Points, random: Random): Points {
  const order = Array.from({ length: count }, (_, row) => ({ row, key: random.uniform() })).sort(
    (a, b) => a.key - b.key,
  );
  return pointsOf(Float64Array.from(order.flatMap(({ row }) => [...data.subarray(row * dim, (row + 1) * dim)])), dim);
}
