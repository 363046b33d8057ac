import bytes from './pairs.wat';
import type { Points } from './points';

/** Node's types leave WebAssembly to those of the browser. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (
    module: object,
    imports: { readonly math: { readonly log: (x: number) => number } },
  ) => { readonly exports: unknown };
};

/** The functions of pairs.wat; places are in bytes. */
interface Kernels {
  readonly memory: { readonly buffer: ArrayBuffer; readonly grow: (pages: number) => number };
  readonly squares: (x: number, rows: number, y: number, columns: number, dim: number, out: number) => void;
  readonly products: (x: number, rows: number, y: number, columns: number, dim: number, out: number) => void;
  readonly exps: (input: number, out: number, total: number, count: number, scale: number) => number;
  readonly fourths: (at: number, total: number, count: number) => number;
  readonly roots: (input: number, out: number, total: number, count: number) => number;
  readonly below: (input: number, limit: number, count: number, reach: number, out: number) => number;
  readonly softmaxRows: (
    cost: number,
    rows: number,
    potential: number,
    count: number,
    scale: number,
    out: number,
  ) => void;
}

const compiled = new WebAssembly.Module(bytes);

/** Memory of its own for one computation, given out from its start; forgotten as a whole. */
export class PairMemory {
  readonly kernels = new WebAssembly.Instance(compiled, { math: Math }).exports as Kernels;
  private end = 64;

  /** Views of numbers are lost when more is asked for: ask for all places first. */
  reserve(numbers: number): number {
    const at = this.end;
    this.end += Math.ceil(numbers / 8) * 64;
    const missing = this.end - this.kernels.memory.buffer.byteLength;
    if (missing > 0) this.kernels.memory.grow(Math.ceil(missing / 65_536));
    return at;
  }

  view(at: number, numbers: number): Float64Array {
    return new Float64Array(this.kernels.memory.buffer, at, numbers);
  }
}

/** Some rows of x against some of y. */
export interface PairBlock {
  /** Of x, where the block begins, and how many are in it. */
  readonly rowFrom: number;
  readonly rows: number;
  /** Of y. */
  readonly columnFrom: number;
  readonly columns: number;
  /** Numbers from one row to the next, a multiple of four; +∞ after `columns`, and at and below the diagonal of one set with itself. */
  readonly stride: number;
  /** |x_i − y_j|², `[rows, stride]` */
  readonly squares: Float64Array;
  /** Σ_j exp(scale · d_ij) of a row, entries left in {@link scratch} and added to {@link totals}. */
  readonly exps: (row: number, scale: number) => number;
  /** Raises what {@link exps} left to the fourth power, the kernel of half the bandwidth, and adds it too. Returns the sum. */
  readonly fourths: () => number;
  /** Σ_j √d_ij of a row, entries left in {@link scratch} and added to {@link totals}. */
  readonly roots: (row: number) => number;
  /** `[stride]` */
  readonly scratch: Float64Array;
  /** Column sums over the rows since they were last set to zero, `[stride]`. */
  readonly totals: Float64Array;
  /** Where d_ij is below {@link limits} of the column or below the reach of the row: how many places, left in {@link places}. */
  readonly below: (row: number, reach: number) => number;
  /** Set by whoever calls {@link below}, `[stride]`. */
  readonly limits: Float64Array;
  /** Columns. */
  readonly places: Int32Array;
}

const rowsAtOnce = 64;
/** Coordinates of one call: more are added up in parts that stay in the cache. */
const coordinatesAtOnce = 512;

function columnsAtOnce(dim: number): number {
  // Coordinates of a block stay in the second level of cache, distances too.
  return Math.min(512, 4 * Math.floor(32_768 / Math.min(dim, coordinatesAtOnce) / 4));
}

/** Numbers of `rows` rows for {@link partsOfRows}. */
export function roomOfParts(rows: number, dim: number): number {
  return rows * Math.min(dim, coordinatesAtOnce);
}

/** Copies rows [from, from + rows) part by part, `[rows, width]`, and tells the first coordinate and the width of each. */
export function* partsOfRows(
  out: Float64Array,
  { data, dim }: Points,
  from: number,
  rows: number,
): Generator<{ readonly first: number; readonly width: number }, void> {
  for (let first = 0; first < dim; first += coordinatesAtOnce) {
    const width = Math.min(coordinatesAtOnce, dim - first);
    for (let row = 0; row < rows; row += 1) {
      const at = (from + row) * dim + first;
      out.set(data.subarray(at, at + width), row * width);
    }
    yield { first, width };
  }
}

/** Adds what the next part gave. */
export function addInto(total: Float64Array, part: Float64Array, count: number): void {
  for (let i = 0; i < count; i += 1) total[i] = (total[i] ?? NaN) + (part[i] ?? NaN);
}

/**
 * All pairs of two sets, or each pair i < j of one with itself, block by block. A block is overwritten by the next.
 * @param y the same object as x for one set with itself
 */
export function* pairBlocks(x: Points, y: Points): Generator<PairBlock, void> {
  const own = x === y;
  const { dim } = x;
  const stride = columnsAtOnce(dim);
  const memory = new PairMemory();
  const { kernels } = memory;
  const places = {
    x: memory.reserve(roomOfParts(rowsAtOnce, dim)),
    y: memory.reserve(stride * dim),
    squares: memory.reserve(rowsAtOnce * stride),
    part: memory.reserve(rowsAtOnce * stride),
    scratch: memory.reserve(stride),
    totals: memory.reserve(stride),
    limits: memory.reserve(stride),
    found: memory.reserve(stride),
  };
  const rowBlock = memory.view(places.x, roomOfParts(rowsAtOnce, dim));
  const columnBlock = memory.view(places.y, stride * dim);
  const squares = memory.view(places.squares, rowsAtOnce * stride);
  const part = memory.view(places.part, rowsAtOnce * stride);
  const shared = {
    stride,
    squares,
    scratch: memory.view(places.scratch, stride),
    totals: memory.view(places.totals, stride),
    limits: memory.view(places.limits, stride),
    places: new Int32Array(kernels.memory.buffer, places.found, stride + 2),
    exps: (row: number, scale: number) =>
      kernels.exps(places.squares + 8 * row * stride, places.scratch, places.totals, stride, scale),
    fourths: () => kernels.fourths(places.scratch, places.totals, stride),
    roots: (row: number) => kernels.roots(places.squares + 8 * row * stride, places.scratch, places.totals, stride),
    below: (row: number, reach: number) =>
      kernels.below(places.squares + 8 * row * stride, places.limits, stride, reach, places.found),
  };
  for (let columnFrom = 0; columnFrom < y.count; columnFrom += stride) {
    const columns = Math.min(stride, y.count - columnFrom);
    transposeInto(columnBlock, y, columnFrom, columns, stride);
    const lastRow = own ? Math.min(x.count, columnFrom + columns) : x.count;
    for (let rowFrom = 0; rowFrom < lastRow; rowFrom += rowsAtOnce) {
      const rows = Math.min(rowsAtOnce, lastRow - rowFrom);
      const padded = Math.ceil(rows / 4) * 4;
      for (const { first, width } of partsOfRows(rowBlock, x, rowFrom, rows)) {
        const out = first === 0 ? places.squares : places.part;
        kernels.squares(places.x, padded, places.y + 8 * first * stride, stride, width, out);
        if (first > 0) addInto(squares, part, rows * stride);
      }
      for (let row = 0; row < rows; row += 1) {
        const at = row * stride;
        if (columns < stride) squares.fill(Number.POSITIVE_INFINITY, at + columns, at + stride);
        const below = own ? rowFrom + row - columnFrom + 1 : 0;
        if (below > 0) squares.fill(Number.POSITIVE_INFINITY, at, at + Math.min(stride, below));
      }
      yield { ...shared, rowFrom, rows, columnFrom, columns };
    }
  }
}

/** Rows [from, from + columns) of y as the columns of `[dim, stride]`; what is left over repeats nothing and is masked later. */
export function transposeInto(out: Float64Array, y: Points, from: number, columns: number, stride: number): void {
  const { data, dim } = y;
  // Some coordinates of all columns at a time: what is written lies together.
  for (let first = 0; first < dim; first += 64) {
    const end = Math.min(dim, first + 64);
    for (let column = 0; column < columns; column += 1) {
      const at = (from + column) * dim;
      for (let k = first; k < end; k += 1) out[k * stride + column] = data[at + k] ?? NaN;
    }
  }
}

/** What is added up over pairs while their distances are at hand. */
export interface PairVisitor {
  /** Once for each block of the set x with itself, then of y, then of x with y; see {@link pairBlocks}. */
  visit(block: PairBlock, sets: 'xx' | 'yy' | 'xy'): void;
}

/** Lets several metrics read one pass over all distances. Yields the share done, some hundred times. */
export function* visitPairs(x: Points, y: Points, visitors: readonly PairVisitor[]): Generator<number, void> {
  const [own, other] = [(x.count * x.count) / 2, (y.count * y.count) / 2];
  const total = own + other + x.count * y.count;
  let [done, told] = [0, 0];
  for (const [a, b, sets] of [
    [x, x, 'xx'],
    [y, y, 'yy'],
    [x, y, 'xy'],
  ] as const) {
    for (const block of pairBlocks(a, b)) {
      for (const visitor of visitors) visitor.visit(block, sets);
      done += block.rows * block.columns;
      if (done - told > total / 200) {
        told = done;
        yield Math.min(1, done / total);
      }
    }
  }
}
