import { pairBlocks, type PairBlock, type PairVisitor } from './pairs';
import type { Points } from './points';

/** Precision and recall (Kynkäänniemi et al. 2019), density and coverage (Naeem et al. 2020). */
export interface Prdc {
  /** Generated items within some real item's ball. Sees neither missing modes nor wrong places inside the support. */
  readonly precision: number;
  /** Real items within some generated item's ball: sees missing modes. */
  readonly recall: number;
  /** Real balls that a generated item is in, over k; 1 for equal laws, may exceed it. */
  readonly density: number;
  /** Real items with a generated one in their ball: sees missing modes and wrong places. */
  readonly coverage: number;
  /** Which real items are covered, `[N]`. */
  readonly covered: Uint8Array;
  /** Squared distance of each real item to its k-th neighbour, `[N]`. */
  readonly realRadii: Float64Array;
}

export interface PrdcOptions {
  readonly k?: number;
  /** Balls larger than this quantile of all real ones are cut to it, so that outliers do not inflate density and precision. */
  readonly radiusQuantile?: number;
}

/** The share of real items that an exact generator covers: it depends on sizes and k alone, and belongs beside every coverage. */
export function expectedCoverage(real: number, generated: number, k = 5): number {
  let missed = 1;
  for (let i = 0; i < k; i += 1) missed *= (real - 1 - i) / (real + generated - 1 - i);
  return 1 - missed;
}

/**
 * Adds up over a pass with x generated and y real. The ball of an item reaches to its k-th nearest other item of its own set; all
 * comparisons are strict.
 */
export function prdcSums(
  generated: number,
  real: number,
  { k = 5, radiusQuantile }: PrdcOptions = {},
): PairVisitor & { result(): Prdc } {
  const own = new NearestNeighbours(generated, k);
  const theirs = new NearestNeighbours(real, k);
  const precise = new Uint8Array(generated);
  const recalled = new Uint8Array(real);
  const covered = new Uint8Array(real);
  let radii: { own: Float64Array; theirs: Float64Array } | undefined;
  let inside = 0;
  return {
    visit(block, sets) {
      if (sets !== 'xy') {
        (sets === 'xx' ? own : theirs).visit(block);
        return;
      }
      radii ??= { own: own.radii(), theirs: cut(theirs.radii(), radiusQuantile) };
      const { limits, places, squares, stride, columnFrom } = block;
      limits.fill(0).set(radii.theirs.subarray(columnFrom, columnFrom + block.columns));
      for (let row = 0; row < block.rows; row += 1) {
        const i = block.rowFrom + row;
        const reach = radii.own[i] ?? NaN;
        const near = block.below(row, reach);
        let hits = 0;
        for (let place = 0; place < near; place += 1) {
          const column = places[place] ?? 0;
          const squared = squares[row * stride + column] ?? NaN;
          if (squared < (limits[column] ?? NaN)) {
            hits += 1;
            covered[columnFrom + column] = 1;
          }
          if (squared < reach) recalled[columnFrom + column] = 1;
        }
        inside += hits;
        if (hits > 0) precise[i] = 1;
      }
    },
    result() {
      return {
        precision: share(precise),
        recall: share(recalled),
        density: inside / (k * generated),
        coverage: share(covered),
        covered,
        realRadii: radii?.theirs ?? new Float64Array(real),
      };
    },
  };
}

/** Squared distance of each point of a set to its k-th nearest other, `[n]`; yields the share that is done. */
export function* neighbourRadii(points: Points, k: number): Generator<number, Float64Array> {
  const found = new NearestNeighbours(points.count, k);
  for (const block of pairBlocks(points, points)) {
    found.visit(block);
    yield block.rowFrom / points.count;
  }
  return found.radii();
}

/** Coverage of the real items of each class, `[classes]`; NaN for a class without any. */
export function classCoverage(covered: Uint8Array, labels: ArrayLike<number>, classes: number): Float64Array {
  const [hits, all] = [new Float64Array(classes), new Float64Array(classes)];
  for (let i = 0; i < covered.length; i += 1) {
    const label = labels[i] ?? 0;
    all[label] = (all[label] ?? 0) + 1;
    hits[label] = (hits[label] ?? 0) + (covered[i] ?? 0);
  }
  return hits.map((value, label) => value / (all[label] ?? NaN));
}

/** Squared distances to the k nearest other points of one set, found over a pass of its pairs. */
class NearestNeighbours {
  /** Ascending, `[n, k]`. */
  private readonly nearest: Float64Array;
  private readonly count: number;
  private readonly k: number;

  constructor(count: number, k: number) {
    this.count = count;
    this.k = k;
    this.nearest = new Float64Array(count * k).fill(Number.POSITIVE_INFINITY);
  }

  visit(block: PairBlock): void {
    const { nearest, k } = this;
    const { limits, places, squares, stride, columnFrom } = block;
    limits.fill(0);
    for (let column = 0; column < block.columns; column += 1)
      limits[column] = nearest[(columnFrom + column) * k + k - 1] ?? NaN;
    for (let row = 0; row < block.rows; row += 1) {
      const i = block.rowFrom + row;
      const near = block.below(row, nearest[i * k + k - 1] ?? NaN);
      // Whatever comes nearer meanwhile only makes these too many.
      for (let place = 0; place < near; place += 1) {
        const column = places[place] ?? 0;
        const squared = squares[row * stride + column] ?? NaN;
        if (squared < (nearest[i * k + k - 1] ?? NaN)) this.insert(i, squared);
        const j = columnFrom + column;
        if (squared >= (nearest[j * k + k - 1] ?? NaN)) continue;
        this.insert(j, squared);
        limits[column] = nearest[j * k + k - 1] ?? NaN;
      }
    }
  }

  radii(): Float64Array {
    return Float64Array.from({ length: this.count }, (_, i) => this.nearest[i * this.k + this.k - 1] ?? NaN);
  }

  private insert(point: number, squared: number): void {
    let place = point * this.k + this.k - 1;
    while (place > point * this.k && (this.nearest[place - 1] ?? NaN) > squared) {
      this.nearest[place] = this.nearest[place - 1] ?? NaN;
      place -= 1;
    }
    this.nearest[place] = squared;
  }
}

function cut(radii: Float64Array, quantile: number | undefined): Float64Array {
  if (quantile === undefined) return radii;
  const sorted = radii.slice().sort();
  const most = sorted[Math.min(sorted.length - 1, Math.floor(quantile * sorted.length))] ?? NaN;
  return radii.map((radius) => Math.min(radius, most));
}

function share(flags: Uint8Array): number {
  let total = 0;
  for (const flag of flags) total += flag;
  return total / flags.length;
}
