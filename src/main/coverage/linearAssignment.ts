/**
 * The permutation of least total cost (Jonker and Volgenant 1987, "A shortest augmenting path algorithm for dense and sparse linear
 * assignment problems"): columns are given to the rows that are cheapest for them, free rows bid for columns twice, and what is left is
 * assigned along shortest alternating paths. O(n³) at worst, usually far less.
 * @param cost `[n, n]`, row after row
 * @returns the column of each row
 */
export function assignRows(cost: Float64Array, n: number): Int32Array {
  const columnOf = new Int32Array(n).fill(-1);
  const rowOf = new Int32Array(n).fill(-1);
  /** Prices of columns. */
  const v = new Float64Array(n);
  reduceColumns(cost, n, v, columnOf, rowOf);
  let free = Array.from(columnOf.keys()).filter((row) => columnOf[row] === -1);
  for (let round = 0; round < 2 && free.length > 0; round += 1) free = bid(cost, n, v, columnOf, rowOf, free);
  const search = newSearch(n);
  for (const row of free) augment(cost, n, v, columnOf, rowOf, row, search);
  return columnOf;
}

/** Each column costs as much as its cheapest row and goes there, if that row has none yet. */
function reduceColumns(cost: Float64Array, n: number, v: Float64Array, columnOf: Int32Array, rowOf: Int32Array): void {
  const cheapest = new Int32Array(n);
  v.fill(Number.POSITIVE_INFINITY);
  for (let row = 0; row < n; row += 1)
    for (let column = 0; column < n; column += 1) {
      const value = cost[row * n + column] ?? NaN;
      if (value < (v[column] ?? NaN)) {
        v[column] = value;
        cheapest[column] = row;
      }
    }
  for (let column = n - 1; column >= 0; column -= 1) {
    const row = cheapest[column] ?? 0;
    if (columnOf[row] !== -1) continue;
    columnOf[row] = column;
    rowOf[column] = row;
  }
}

/** Each free row takes its best column at the price of its second best; whoever had it is free again, once more in line if that helped. */
function bid(
  cost: Float64Array,
  n: number,
  v: Float64Array,
  columnOf: Int32Array,
  rowOf: Int32Array,
  free: readonly number[],
): number[] {
  const left: number[] = [];
  const queue = [...free];
  // Rounding could let two rows outbid each other by nothing for ever.
  let turns = 20 * n;
  for (let at = 0; at < queue.length; at += 1) {
    const row = queue[at] ?? 0;
    let [best, second, first, other] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, -1, -1];
    for (let column = 0; column < n; column += 1) {
      const reduced = (cost[row * n + column] ?? NaN) - (v[column] ?? NaN);
      if (reduced < best) {
        [second, other] = [best, first];
        [best, first] = [reduced, column];
      } else if (reduced < second) [second, other] = [reduced, column];
    }
    turns -= 1;
    let taken = first;
    let before = rowOf[taken] ?? -1;
    const gain = second - best;
    if (gain > 0 && Number.isFinite(gain)) v[taken] = (v[taken] ?? NaN) - gain;
    else if (before !== -1 && other !== -1) {
      taken = other;
      before = rowOf[taken] ?? -1;
    }
    if (before !== -1) {
      columnOf[before] = -1;
      if (gain > 1e-12 * Math.abs(best) && turns > 0) queue.push(before);
      else left.push(before);
    }
    columnOf[row] = taken;
    rowOf[taken] = row;
  }
  return left;
}

interface Search {
  readonly distance: Float64Array;
  readonly via: Int32Array;
  readonly done: Uint8Array;
  readonly open: Int32Array;
}

function newSearch(n: number): Search {
  return { distance: new Float64Array(n), via: new Int32Array(n), done: new Uint8Array(n), open: new Int32Array(n) };
}

/** Dijkstra over columns from a free row to the nearest free column; prices of the columns passed are mended on the way back. */
function augment(
  cost: Float64Array,
  n: number,
  v: Float64Array,
  columnOf: Int32Array,
  rowOf: Int32Array,
  start: number,
  { distance, via, done, open }: Search,
): void {
  done.fill(0);
  for (let column = 0; column < n; column += 1) {
    distance[column] = (cost[start * n + column] ?? NaN) - (v[column] ?? NaN);
    via[column] = start;
    open[column] = column;
  }
  let [remaining, end, reach] = [n, -1, 0];
  while (end === -1) {
    let [least, place] = [Number.POSITIVE_INFINITY, 0];
    for (let at = 0; at < remaining; at += 1) {
      const value = distance[open[at] ?? 0] ?? NaN;
      if (value < least) [least, place] = [value, at];
    }
    const nearest = open[place] ?? 0;
    remaining -= 1;
    open[place] = open[remaining] ?? 0;
    reach = least;
    const row = rowOf[nearest] ?? -1;
    if (row === -1) {
      end = nearest;
      break;
    }
    done[nearest] = 1;
    const offset = (cost[row * n + nearest] ?? NaN) - (v[nearest] ?? NaN) - least;
    for (let at = 0; at < remaining; at += 1) {
      const column = open[at] ?? 0;
      const through = (cost[row * n + column] ?? NaN) - (v[column] ?? NaN) - offset;
      if (through < (distance[column] ?? NaN)) {
        distance[column] = through;
        via[column] = row;
      }
    }
  }
  for (let column = 0; column < n; column += 1)
    if (done[column] === 1) v[column] = (v[column] ?? NaN) + (distance[column] ?? NaN) - reach;
  for (let column = end; ;) {
    const row = via[column] ?? 0;
    rowOf[column] = row;
    const previous = columnOf[row] ?? -1;
    columnOf[row] = column;
    if (row === start) return;
    column = previous;
  }
}
