import type { CoverageMetricName } from '../../shared/coverage';
import type { TargetShape } from '../targets/types';
import type { CoverageInputs } from './inputs';
import { column, type Points } from './points';

/** Bins of the given coordinate, and the fewest samples in one. */
const bins = 20;
const fewest = 10;

/**
 * Checks that fit one kind of target each: of the signs and folded coordinates where modes are patterns of signs, of a hole, of a width
 * that depends on another coordinate. What does not fit is left out.
 */
export function shapeValues(
  samples: Points,
  reference: Points | undefined,
  { rule, shape = {} }: Pick<CoverageInputs, 'rule' | 'shape'>,
): Partial<Record<CoverageMetricName, number>> {
  const { hole, width } = shape;
  return {
    ...(rule?.type === 'signs' && rule.coordinates.length > 1
      ? { signCorrelation: strongestOf(signCorrelations(samples, rule.coordinates, rule.threshold)) }
      : {}),
    ...(rule?.type === 'signs' && reference !== undefined
      ? { foldedVariances: meanSquare(foldedVariances(samples), foldedVariances(reference)) }
      : {}),
    ...(hole === undefined ? {} : { insideHole: leakage(samples, hole.radius) }),
    ...(width === undefined || samples.count < 2 * fewest
      ? {}
      : { conditionalWidth: conditionalError(samples, width) }),
  };
}

/** Correlations of the signs of coordinates, `[m, m]`: 0 off the diagonal where signs are independent, NaN where one never changes. */
export function signCorrelations(x: Points, coordinates: readonly number[], threshold = 0): Float64Array {
  const m = coordinates.length;
  const signs = coordinates.map((k) => column(x, k).map((value) => (value > threshold ? 1 : -1)));
  const means = signs.map((values) => values.reduce((a, b) => a + b, 0) / x.count);
  return Float64Array.from({ length: m * m }, (_, at) => {
    const [a, b] = [Math.floor(at / m), at % m];
    const [left, right] = [signs[a] ?? new Float64Array(), signs[b] ?? new Float64Array()];
    const [p, q] = [means[a] ?? NaN, means[b] ?? NaN];
    const product = left.reduce((sum, value, i) => sum + value * (right[i] ?? NaN), 0) / x.count;
    return (product - p * q) / Math.sqrt((1 - p * p) * (1 - q * q));
  });
}

/** The largest size off the diagonal; NaN where no two coordinates change their signs. */
function strongestOf(correlations: Float64Array): number {
  const m = Math.round(Math.sqrt(correlations.length));
  const sizes = correlations.filter((value, at) => at % (m + 1) !== 0 && !Number.isNaN(value)).map(Math.abs);
  return sizes.length === 0 ? NaN : sizes.reduce((a, b) => Math.max(a, b));
}

/** Variance of |x_i| for each coordinate, `[d]`: the shape of folded modes without their signs. */
export function foldedVariances(x: Points): Float64Array {
  return Float64Array.from({ length: x.dim }, (_, k) => {
    const values = column(x, k).map(Math.abs);
    const mean = values.reduce((a, b) => a + b, 0) / x.count;
    return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / x.count;
  });
}

function meanSquare(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, k) => sum + (value - (b[k] ?? NaN)) ** 2, 0) / a.length;
}

/** Share of samples within a radius of the origin. */
export function leakage({ data, count, dim }: Points, radius: number): number {
  let inside = 0;
  for (let row = 0; row < count; row += 1) {
    let squared = 0;
    for (let k = 0; k < dim; k += 1) squared += (data[row * dim + k] ?? NaN) ** 2;
    if (squared < radius * radius) inside += 1;
  }
  return inside / count;
}

/**
 * Root mean square, over bins of the given coordinate with as many samples each, of log(standard deviation of the other there, over what
 * it should be): 0.1 is an error of about a tenth.
 */
export function conditionalError(x: Points, { given, of, variance }: NonNullable<TargetShape['width']>): number {
  const [first, second] = [column(x, given), column(x, of)];
  const order = Uint32Array.from(first.keys()).sort((a, b) => (first[a] ?? NaN) - (first[b] ?? NaN));
  const used = Math.min(bins, Math.floor(x.count / fewest));
  let total = 0;
  for (let bin = 0; bin < used; bin += 1) {
    const rows = order.subarray(Math.floor((bin * x.count) / used), Math.floor(((bin + 1) * x.count) / used));
    const average = (term: (row: number) => number): number =>
      rows.reduce((sum, row) => sum + term(row), 0) / rows.length;
    const mean = average((row) => second[row] ?? NaN);
    const found = (average((row) => ((second[row] ?? NaN) - mean) ** 2) * rows.length) / (rows.length - 1);
    const expected = average((row) => variance(first[row] ?? NaN));
    total += (0.5 * Math.log(found / expected)) ** 2 / used;
  }
  return Math.sqrt(total);
}
