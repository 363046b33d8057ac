/** Buffers of {@link steinDirection}: squared distances of each pair i < j, row by row. */
export interface SteinPairs {
  readonly count: number;
  readonly dim: number;
  readonly squares: Float64Array;
  readonly scratch: Float64Array;
}

export function steinPairs(count: number, dim: number): SteinPairs {
  const pairs = (count * (count - 1)) / 2;
  return { count, dim, squares: new Float64Array(pairs), scratch: new Float64Array(pairs) };
}

/**
 * The direction in which particles move (Liu and Wang 2016, equation 8),
 *
 *     φ(x_i) = (1/N) Σ_j [ k(x_j, x_i) ∇log f(x_j) + ∇_{x_j} k(x_j, x_i) ],  k(x, y) = exp(−|x − y|² / h)
 *
 * the first term toward mass, by who is near, the second away from each other.
 * @param points `[N, d]`
 * @param gradients ∇log f at them, `[N, d]`
 * @param out φ, `[N, d]`
 * @param bandwidth h; without it med² / log N, with the median distance of pairs
 * @returns h
 */
export function steinDirection(
  pairs: SteinPairs,
  points: Float64Array,
  gradients: Float64Array,
  out: Float64Array,
  bandwidth?: number,
): number {
  const { count, dim, squares, scratch } = pairs;
  for (let i = 0, pair = 0; i < count; i += 1) {
    for (let j = i + 1; j < count; j += 1, pair += 1) {
      let square = 0;
      for (let a = i * dim, b = j * dim, end = a + dim; a < end; a += 1, b += 1) {
        const difference = (points[a] as number) - (points[b] as number);
        square += difference * difference;
      }
      squares[pair] = square;
    }
  }
  // Of points that all agree no distance is left to go by.
  const h = bandwidth ?? (medianSquare(squares, scratch) / Math.log(count) || 1);
  // k(x, x) = 1, and its gradient there is zero.
  out.set(gradients);
  for (let i = 0, pair = 0; i < count; i += 1) {
    for (let j = i + 1; j < count; j += 1, pair += 1) {
      const kernel = Math.exp(-(squares[pair] as number) / h);
      if (kernel === 0) continue;
      const apart = (2 * kernel) / h;
      for (let a = i * dim, b = j * dim, end = a + dim; a < end; a += 1, b += 1) {
        const push = apart * ((points[a] as number) - (points[b] as number));
        out[a] = (out[a] as number) + kernel * (gradients[b] as number) + push;
        out[b] = (out[b] as number) + kernel * (gradients[a] as number) - push;
      }
    }
  }
  for (let at = 0; at < out.length; at += 1) out[at] = (out[at] as number) / count;
  return h;
}

/** Square of the median distance; of an even number, the mean of the two in the middle. */
export function medianSquare(squares: Float64Array, scratch: Float64Array): number {
  if (squares.length === 0) return 0;
  scratch.set(squares);
  const half = squares.length >> 1;
  const upper = selected(scratch, half);
  if (squares.length % 2 === 1) return upper;
  let lower = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < half; at += 1) lower = Math.max(lower, scratch[at] as number);
  return ((Math.sqrt(lower) + Math.sqrt(upper)) / 2) ** 2;
}

/** The value of rank k, with no larger one before it and no smaller one behind (Hoare 1961). Reorders. */
function selected(values: Float64Array, k: number): number {
  let [low, high] = [0, values.length - 1];
  while (low < high) {
    const pivot = values[(low + high) >> 1] as number;
    let [i, j] = [low, high];
    while (i <= j) {
      while ((values[i] as number) < pivot) i += 1;
      while ((values[j] as number) > pivot) j -= 1;
      if (i > j) break;
      const kept = values[i] as number;
      values[i] = values[j] as number;
      values[j] = kept;
      i += 1;
      j -= 1;
    }
    if (k <= j) high = j;
    else if (k >= i) low = i;
    else break;
  }
  return values[k] as number;
}
