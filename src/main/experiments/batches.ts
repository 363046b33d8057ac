/** A rectangle of chains × data that is computed at once. */
export interface Batch {
  readonly firstChain: number;
  readonly chains: number;
  readonly firstDatum: number;
  readonly data: number;
}

/** Floats that one batch may keep alive at a time: about half a gigabyte. */
const budget = 2 ** 27;

/**
 * How many rows a batch may have, from what a row keeps alive in a forward and backward pass.
 * @param widths numbers that a row has in each layer
 */
export function rowsWithinBudget(widths: readonly number[]): number {
  const floats = 4 * widths.reduce((total, width) => total + width, 0);
  return Math.max(1, Math.floor(budget / Math.max(1, floats)));
}

/**
 * Cuts chains × data into batches of at most `rows` rows, as equal as they come: each size is compiled once. Whole columns of
 * data stay together as long as they fit. Random numbers do not depend on the cut.
 */
export function batchesOf(chains: number, data: number, rows: number): Batch[] {
  const dataPieces = pieces(data, Math.max(1, Math.min(data, rows)));
  const widest = Math.max(...dataPieces.map((piece) => piece.size));
  const chainPieces = pieces(chains, Math.max(1, Math.floor(rows / widest)));
  return dataPieces.flatMap((datum) =>
    chainPieces.map((chain) => ({
      firstChain: chain.first,
      chains: chain.size,
      firstDatum: datum.first,
      data: datum.size,
    })),
  );
}

function pieces(total: number, most: number): { first: number; size: number }[] {
  const count = Math.ceil(total / most);
  const size = Math.ceil(total / count);
  return Array.from({ length: count }, (_, index) => ({
    first: index * size,
    size: Math.min(size, total - index * size),
  })).filter((piece) => piece.size > 0);
}

/** The rows of a `[chains, count, width]` array that a batch covers, chain-major. */
export function rowsOf(batch: Batch, source: Float32Array, count: number, width: number): Float32Array {
  const out = new Float32Array(batch.chains * batch.data * width);
  for (let chain = 0; chain < batch.chains; chain += 1) {
    const start = ((batch.firstChain + chain) * count + batch.firstDatum) * width;
    out.set(source.subarray(start, start + batch.data * width), chain * batch.data * width);
  }
  return out;
}

/** The data of a batch, `[data, width]`, from `[count, width]`: a view. */
export function dataOf(batch: Batch, source: Float32Array, width: number): Float32Array {
  return source.subarray(batch.firstDatum * width, (batch.firstDatum + batch.data) * width);
}
