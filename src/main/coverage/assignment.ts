import { InputError } from '../../shared/errors';
import type { Points } from './points';
import { chiSquaredQuantile } from './special';

/** Share of exact samples of a Gaussian mode that count as high quality, in any dimension: that within three standard deviations in a plane. */
export const highQualityShare = 1 - Math.exp(-4.5);

/** ρ_d, the radius in standard deviations that holds {@link highQualityShare} of a d-dimensional normal: 3 for d = 2. */
export function highQualityRadius(dim: number, share = highQualityShare): number {
  return Math.sqrt(chiSquaredQuantile(share, dim));
}

/** Components of a mixture, or modes that are treated as such. */
export interface Components {
  /** `[K, d]` */
  readonly means: ArrayLike<number>;
  /** `[K]`, or `[K, d]` for widths that differ by coordinate. Without them nothing is of high or low quality. */
  readonly stds?: ArrayLike<number> | undefined;
  /** `[K]` */
  readonly weights?: ArrayLike<number> | undefined;
}

/** Cells of a density that is even, or nearly so, in some coordinates: a mode for each pattern of signs of those. */
export interface Signs {
  /** The coordinates that have a sign, at most 20: pattern bit b is set where coordinate `coordinates[b]` is above its threshold. */
  readonly coordinates: readonly number[];
  /** One for all coordinates, 0 unless given; the top of the barrier where it is not at 0. */
  readonly threshold?: number;
  /** Where modes are and how wide, coordinate by coordinate: for those with a sign on its either side. Without it there is no quality. */
  readonly cells?: {
    /** `[d]`, of the lower side; the only one for coordinates without a sign. */
    readonly low: ArrayLike<number>;
    /** `[d]` */
    readonly high: ArrayLike<number>;
    /** `[d]`, standard deviations. */
    readonly std: ArrayLike<number>;
  };
}

/**
 * Which mode a sample belongs to.
 *
 * - component: the largest weight times density; without the weight where `weighted` is false.
 * - nearest: the nearest mean.
 * - signs: the pattern of signs.
 * - sectors: equal angles of a plane, of a density without modes.
 * - bins: between edges of one coordinate, of a density without modes.
 * - labels: given from outside, a class of a classifier.
 */
export type AssignmentRule =
  | ({ readonly type: 'component'; readonly weighted?: boolean } & Components)
  | ({ readonly type: 'nearest' } & Components)
  | ({ readonly type: 'signs' } & Signs)
  | { readonly type: 'sectors'; readonly plane: readonly [number, number]; readonly sectors: number }
  | { readonly type: 'bins'; readonly coordinate: number; readonly edges: readonly number[] }
  | { readonly type: 'labels'; readonly labels: ArrayLike<number>; readonly classes: number };

export interface Assignment {
  /** K */
  readonly modes: number;
  /** Mode of each sample, `[n]`. */
  readonly mode: Int32Array;
  /** Squared distance to that mode in its standard deviations, `[n]`, where modes have a width. */
  readonly squaredDistance?: Float64Array;
  /** Responsibilities of all modes averaged over samples, `[K]`, of mixtures. */
  readonly meanResponsibility?: Float64Array;
}

/** The rule for a target's own list of modes: by component where all have a width, else the nearest. */
/**
 * O(nK), or O(nm) for sign patterns.
 * @throws InputError where a component rule has no widths, or there are too many signs
 */
export function assign(points: Points, rule: AssignmentRule): Assignment {
  switch (rule.type) {
    case 'component':
    case 'nearest':
      return byComponents(points, rule);
    case 'signs':
      return bySigns(points, rule);
    case 'sectors': {
      const [a, b] = rule.plane;
      return byRow(points, rule.sectors, (at) => {
        const turn = Math.atan2(points.data[at + b] ?? NaN, points.data[at + a] ?? NaN) / (2 * Math.PI);
        return Math.min(rule.sectors - 1, Math.floor((turn < 0 ? turn + 1 : turn) * rule.sectors));
      });
    }
    case 'bins':
      return byRow(points, rule.edges.length + 1, (at) => {
        const value = points.data[at + rule.coordinate] ?? NaN;
        return rule.edges.filter((edge) => value >= edge).length;
      });
    case 'labels':
      return { modes: rule.classes, mode: Int32Array.from(rule.labels) };
  }
}

/** Samples in each mode, `[K]`. */
export function countModes({ mode, modes }: Assignment, chosen?: (sample: number) => boolean): Float64Array {
  const counts = new Float64Array(modes);
  for (let sample = 0; sample < mode.length; sample += 1) {
    const k = mode[sample] ?? -1;
    if (k >= 0 && (chosen === undefined || chosen(sample))) counts[k] = (counts[k] ?? 0) + 1;
  }
  return counts;
}

/** Weights of sign patterns whose signs are independent, `[2^m]`: pattern bit b is set with probability `above[b]`. */
export function signWeights(above: readonly number[]): Float64Array {
  return Float64Array.from({ length: 2 ** above.length }, (_, pattern) =>
    above.reduce((weight, p, bit) => weight * ((pattern >> bit) & 1 ? p : 1 - p), 1),
  );
}

function byRow({ count, dim }: Points, modes: number, of: (at: number) => number): Assignment {
  return { modes, mode: Int32Array.from({ length: count }, (_, row) => of(row * dim)) };
}

function byComponents(
  { data, count, dim }: Points,
  rule: Extract<AssignmentRule, { type: 'component' | 'nearest' }>,
): Assignment {
  const { means, stds, weights } = rule;
  const modes = means.length / dim;
  const soft = rule.type === 'component';
  if (soft && stds === undefined)
    throw new InputError('modes', 'a component needs a width', 'Give stds, or assign to the nearest mean.');
  const width = (k: number, c: number): number =>
    stds === undefined ? 1 : (stds[stds.length === modes ? k : k * dim + c] ?? NaN);
  const offsets = Float64Array.from({ length: modes }, (_, k) => {
    if (!soft) return 0;
    let offset = rule.weighted === false || weights === undefined ? 0 : Math.log(weights[k] ?? NaN);
    for (let c = 0; c < dim; c += 1) offset -= Math.log(width(k, c));
    return offset;
  });
  const inverse = Float64Array.from({ length: modes * dim }, (_, at) => 1 / width(Math.floor(at / dim), at % dim));
  const centres = Float64Array.from(means);
  const mode = new Int32Array(count);
  const nearest = new Float64Array(count);
  const responsibility = new Float64Array(modes);
  const logs = new Float64Array(modes);
  for (let row = 0; row < count; row += 1) {
    let [best, most] = [-1, Number.NEGATIVE_INFINITY];
    for (let k = 0; k < modes; k += 1) {
      let [plain, scaled] = [0, 0];
      for (let c = 0; c < dim; c += 1) {
        const difference = (data[row * dim + c] ?? NaN) - (centres[k * dim + c] ?? NaN);
        plain += difference * difference;
        const unit = difference * (inverse[k * dim + c] ?? NaN);
        scaled += unit * unit;
      }
      const score = soft ? (offsets[k] ?? NaN) - scaled / 2 : -plain;
      logs[k] = score;
      if (score > most) {
        [best, most] = [k, score];
        nearest[row] = scaled;
      }
    }
    mode[row] = best;
    if (soft) addResponsibility(logs, most, count, responsibility);
  }
  return {
    modes,
    mode,
    ...(stds === undefined ? {} : { squaredDistance: nearest }),
    ...(soft ? { meanResponsibility: responsibility } : {}),
  };
}

function addResponsibility(logs: Float64Array, most: number, count: number, into: Float64Array): void {
  let total = 0;
  for (let k = 0; k < logs.length; k += 1) {
    logs[k] = Math.exp((logs[k] ?? NaN) - most);
    total += logs[k] ?? NaN;
  }
  for (let k = 0; k < logs.length; k += 1) into[k] = (into[k] ?? 0) + (logs[k] ?? NaN) / (total * count);
}

function bySigns({ data, count, dim }: Points, { coordinates, threshold = 0, cells }: Signs): Assignment {
  if (coordinates.length > 20)
    throw new InputError(
      'modes',
      `${coordinates.length} signs make too many modes to list`,
      'Name at most 20 coordinates.',
    );
  const mode = new Int32Array(count);
  const squaredDistance = new Float64Array(count);
  const signed = new Set(coordinates);
  for (let row = 0; row < count; row += 1) {
    let pattern = 0;
    coordinates.forEach((coordinate, bit) => {
      if ((data[row * dim + coordinate] ?? NaN) > threshold) pattern |= 1 << bit;
    });
    mode[row] = pattern;
    if (cells === undefined) continue;
    let total = 0;
    for (let c = 0; c < dim; c += 1) {
      const value = data[row * dim + c] ?? NaN;
      const centre = signed.has(c) && value > threshold ? cells.high[c] : cells.low[c];
      total += ((value - (centre ?? NaN)) / (cells.std[c] ?? NaN)) ** 2;
    }
    squaredDistance[row] = total;
  }
  return { modes: 2 ** coordinates.length, mode, ...(cells === undefined ? {} : { squaredDistance }) };
}
