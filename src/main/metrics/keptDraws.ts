/** How many draws of a method are kept: 20,000, and fewer where their coordinates are many. */
export function mostDraws(dim: number): number {
  return Math.max(1500, Math.min(20_000, Math.floor(2 ** 22 / dim)));
}

/** Multiplications for the distances of all pairs of two sets: a second or two. */
const workOfPairs = 2e9;

/** Of how many draws all distances to each other are looked at, at most: they cost the square of the draws, coordinate by coordinate. */
export function mostPaired(dim: number): number {
  return Math.floor(Math.sqrt(workOfPairs / dim));
}

/**
 * Draws spread evenly over time and over all chains.
 * @param draws `[iteration, chains, d]`
 * @returns `[kept, d]`, at most `mostDraws` of them
 */
export function keptDraws(draws: Float32Array | Float64Array, chains: number, dim: number): Float64Array {
  const count = draws.length / dim;
  let stride = Math.max(1, Math.ceil(count / mostDraws(dim)));
  // With a factor in common with the number of chains, some chains would never be met.
  while (stride > 1 && commonDivisor(stride, chains) > 1) stride += 1;
  const kept = new Float64Array(Math.ceil(count / stride) * dim);
  for (let at = 0; at < kept.length; at += dim) {
    const from = at * stride;
    for (let i = 0; i < dim; i += 1) kept[at + i] = draws[from + i] ?? NaN;
  }
  return kept;
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}
