/** A set of points, row after row. Sums over it are kept in float64 whatever its numbers are. */
export interface Points {
  /** `[count, dim]` */
  readonly data: Float32Array | Float64Array;
  readonly count: number;
  readonly dim: number;
}

export function pointsOf(data: Float32Array | Float64Array, dim: number): Points {
  return { data, count: data.length / dim, dim };
}

/** From nested arrays, for small sets. */
export function pointsFrom(rows: readonly (readonly number[])[]): Points {
  return { data: Float64Array.from(rows.flat()), count: rows.length, dim: rows[0]?.length ?? 0 };
}

/** Rows [from, to), without a copy. */
export function slice({ data, count, dim }: Points, from: number, to: number): Points {
  const end = Math.min(to, count);
  return { data: data.subarray(from * dim, end * dim), count: Math.max(0, end - from), dim };
}

/** The rows of the given indices, in their order. */
export function take({ data, dim }: Points, indices: ArrayLike<number>): Points {
  const out = new Float64Array(indices.length * dim);
  for (let row = 0; row < indices.length; row += 1) {
    const from = (indices[row] ?? NaN) * dim;
    out.set(data.subarray(from, from + dim), row * dim);
  }
  return { data: out, count: indices.length, dim };
}

/** Rows of x, then rows of y. */
export function pool(x: Points, y: Points): Points {
  const data = new Float64Array((x.count + y.count) * x.dim);
  data.set(x.data.subarray(0, x.count * x.dim), 0);
  data.set(y.data.subarray(0, y.count * y.dim), x.count * x.dim);
  return { data, count: x.count + y.count, dim: x.dim };
}

/** One coordinate of all points. */
export function column({ data, count, dim }: Points, coordinate: number): Float64Array {
  const out = new Float64Array(count);
  for (let row = 0; row < count; row += 1) out[row] = data[row * dim + coordinate] ?? NaN;
  return out;
}

export function squaredDistance(x: Points, i: number, y: Points, j: number): number {
  let total = 0;
  for (let k = 0; k < x.dim; k += 1) total += ((x.data[i * x.dim + k] ?? NaN) - (y.data[j * y.dim + k] ?? NaN)) ** 2;
  return total;
}

/** Mean of each coordinate. */
export function meanOf({ data, count, dim }: Points): Float64Array {
  const mean = new Float64Array(dim);
  for (let row = 0; row < count; row += 1)
    for (let k = 0; k < dim; k += 1) mean[k] = (mean[k] ?? NaN) + (data[row * dim + k] ?? NaN) / count;
  return mean;
}
