import * as tf from '@tensorflow/tfjs-core';
import type { TargetOf } from '../../shared/runFile/target';
import { logNormalBelow } from './gamma';
import { momentFits } from './idealFits';
import { firstTwo } from './plane';
import { normalRows, uniformRows } from './random';
import { signModes } from './signs';
import type { Target } from './types';

const logTwoPi = Math.log(2 * Math.PI);

/** One coordinate with log density (c|x| + a x − x²/2)/v; c and a are 0 where it is not folded. */
interface Coordinate {
  readonly fold: number;
  readonly tilt: number;
  readonly variance: number;
  readonly logZ: number;
  /** P(x > 0) */
  readonly above: number;
  readonly mean: number;
  readonly std: number;
}

/**
 * exp(Σ c|x_i| − |x|²/2) and its variants: a coordinate is one of two normals N(±c + a, v), each cut off at 0. The gradient jumps by
 * 2c/v at 0, where it is taken to be that of the tilt alone.
 */
export function exponentiallyWeighted(spec: TargetOf<'exponentially-weighted-gaussian'>): Target {
  const { dim, distance, folded = Math.min(10, dim), variances = [], odds = [] } = spec;
  const coordinates = Array.from({ length: dim }, (_, i) =>
    i < folded ? foldedCoordinate(distance, odds[i] ?? 1, variances[i] ?? 1) : plainCoordinate(variances[i] ?? 1),
  );
  const each = (of: (coordinate: Coordinate) => number): Float64Array => Float64Array.from(coordinates, of);
  const truth = {
    logZ: coordinates.reduce((sum, { logZ }) => sum + logZ, 0),
    mean: each(({ mean }) => mean),
    std: each(({ std }) => std),
    source: 'log Z and the moments are closed forms of the error function.',
  };
  const one = (x: number, i: number): number => {
    const { fold, tilt, variance, logZ } = coordinates[i] ?? plainCoordinate(1);
    return (fold * Math.abs(x) + tilt * x - (x * x) / 2) / variance - logZ;
  };
  const sides = coordinates.slice(0, folded).map(({ fold, tilt, above }, axis) => ({
    axis,
    threshold: 0,
    above,
    low: tilt - fold,
    high: tilt + fold,
  }));
  const row = (of: (coordinate: Coordinate) => number) => ({ shape: [1, dim], data: each(of) });
  return {
    name: `Exponentially weighted Gaussian in ${dim} dimension${dim === 1 ? '' : 's'}, 2^${folded} modes`,
    dim,
    constants: {
      'target.folds': row(({ fold, variance }) => fold / variance),
      'target.tilts': row(({ tilt, variance }) => tilt / variance),
      'target.halfPrecisions': row(({ variance }) => 0.5 / variance),
    },
    logDensity: (tensors) => (z) => {
      const scaled = (name: string, x: tf.Tensor): tf.Tensor => tf.mul(x, tensors[`target.${name}`] as tf.Tensor);
      const outwards = tf.add(scaled('folds', tf.abs(z)), scaled('tilts', z));
      return tf.sum<tf.Tensor1D>(tf.sub(outwards, scaled('halfPrecisions', tf.square(z))), 1);
    },
    truth,
    ...momentFits(truth),
    sample: (count, seed) => sampleRows(coordinates, count, seed),
    ...signModes(
      sides,
      new Float64Array(dim),
      each(({ variance }) => Math.sqrt(variance)),
    ),
    ...firstTwo(dim, (x, y) => one(x, 0) + one(y, 1)),
  };
}

function plainCoordinate(variance: number): Coordinate {
  const logZ = 0.5 * (logTwoPi + Math.log(variance));
  return { fold: 0, tilt: 0, variance, logZ, above: 0.5, mean: 0, std: Math.sqrt(variance) };
}

/** @param odds of the two sides; the tilt gives them to within Φ(c), which is 1 to 24 digits for c = 10 */
function foldedCoordinate(fold: number, odds: number, variance: number): Coordinate {
  const tilt = odds === 1 ? 0 : (variance * Math.log(odds)) / (2 * fold);
  const [high, low] = [halfOf(fold + tilt, variance), halfOf(fold - tilt, variance)];
  const most = Math.max(high.logMass, low.logMass);
  const logZ = most + Math.log(Math.exp(high.logMass - most) + Math.exp(low.logMass - most));
  const above = 1 / (1 + Math.exp(low.logMass - high.logMass));
  const mean = above * high.mean - (1 - above) * low.mean;
  const square = above * high.square + (1 - above) * low.square;
  return { fold, tilt, variance, logZ, above, mean, std: Math.sqrt(square - mean * mean) };
}

/** Mass and moments of exp((c x − x²/2)/v) on x > 0. */
function halfOf(centre: number, variance: number): { logMass: number; mean: number; square: number } {
  const std = Math.sqrt(variance);
  const reach = centre / std;
  const logBelow = logNormalBelow(reach);
  const slope = Math.exp(-0.5 * (reach * reach + logTwoPi) - logBelow);
  const mean = centre + std * slope;
  return {
    logMass: 0.5 * (logTwoPi + Math.log(variance) + reach * reach) + logBelow,
    mean,
    square: variance + centre * mean,
  };
}

/** No side that has a share of the mass is missed so often in a row. */
const mostDraws = 10_000;

/** A side, then a normal on it, drawn anew while it lies on the other: at c = 10 the first one always counts. */
function sampleRows(coordinates: readonly Coordinate[], count: number, seed: number): Float64Array {
  const dim = coordinates.length;
  const rows = { seed, stream: 'targetSamples', count, width: dim } as const;
  const sides = uniformRows({ ...rows, step: 1 });
  const out = normalRows({ ...rows, step: 0 });
  let open = Array.from({ length: count }, (_, row) => row);
  for (let step = 2; open.length > 0; step += 1) {
    if (step > mostDraws) throw new Error(`${open.length} samples do not end on the side that was drawn for them.`);
    open = open.filter((row) => {
      const normals = step === 2 ? undefined : normalRows({ ...rows, step, first: row, count: 1 });
      let left = false;
      coordinates.forEach(({ fold, tilt, variance, above }, i) => {
        const at = row * dim + i;
        // What is settled already is no bare normal any more.
        if (normals !== undefined && !Number.isNaN(out[at])) return;
        const normal = Math.sqrt(variance) * ((normals === undefined ? out[at] : normals[i]) ?? NaN);
        const side = fold === 0 ? 0 : (sides[at] ?? NaN) < above ? 1 : -1;
        const distance = fold + side * tilt + normal;
        out[at] = side === 0 ? normal : distance > 0 ? side * distance : NaN;
        left ||= Number.isNaN(out[at]);
      });
      return left;
    });
  }
  return out;
}
