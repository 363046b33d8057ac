import * as tf from '@tensorflow/tfjs-core';
import type { TargetOf } from '../../shared/runFile/target';
import { exact } from '../tensor/exact';
import { normalLog } from './gaussian';
import { momentFits } from './idealFits';
import { tabulate } from './line';
import { firstTwo } from './plane';
import { normalRows, uniformRows } from './random';
import { signModes } from './signs';
import type { Target } from './types';

/** Pairs (x, y) with log density −x⁴ + b x² + t x − y²/2: coordinates 0, 2, 4, … have two wells. */
export function manyWell({ dim, barrier, tilt }: TargetOf<'many-well'>): Target {
  const pairs = dim / 2;
  const well = (x: number): number => x * (x * (barrier - x * x) + tilt);
  // Beyond, −x⁴ has outweighed the rest by hundreds of nats.
  const reach = 2 * Math.sqrt(Math.max(barrier, 4) + Math.abs(tilt));
  const line = tabulate(well, [-reach, reach]);
  const mean = line.expectation((x) => x);
  const std = Math.sqrt(line.expectation((x) => (x - mean) ** 2));
  const even = (i: number): boolean => i % 2 === 0;
  const truth = {
    logZ: pairs * (line.logZ + 0.5 * Math.log(2 * Math.PI)),
    mean: Float64Array.from({ length: dim }, (_, i) => (even(i) ? mean : 0)),
    std: Float64Array.from({ length: dim }, (_, i) => (even(i) ? std : 1)),
    source: 'log Z and the moments are sums of one-dimensional quadratures.',
  };
  const tops = stationary(barrier, tilt);
  const sides =
    tops === undefined
      ? []
      : Array.from({ length: pairs }, (_, pair) => ({
          axis: 2 * pair,
          threshold: 0,
          above: 1 - line.below(0),
          low: tops.left,
          high: tops.right,
        }));
  return {
    name: `Many wells in ${dim} dimensions${tops === undefined ? '' : `, 2^${pairs} modes`}`,
    dim,
    constants: {},
    logDensity: () => (z) => {
      const rows = z.shape[0];
      const paired = tf.reshape(z, [rows, pairs, 2]);
      const at = (index: number): tf.Tensor =>
        tf.reshape(tf.slice(paired, [0, 0, index], [rows, pairs, 1]), [rows, pairs]);
      const [x, y] = [at(0), at(1)];
      const squares = tf.square(x);
      const wells = tf.add(tf.mul(squares, tf.sub(exact(barrier), squares)), tf.mul(x, exact(tilt)));
      return tf.sum<tf.Tensor1D>(tf.sub(wells, tf.mul(tf.square(y), 0.5)), 1);
    },
    truth,
    ...momentFits(truth),
    sample: (count, seed) => {
      const rows = { seed, stream: 'targetSamples', count, width: dim } as const;
      const uniforms = uniformRows({ ...rows, step: 1 });
      return normalRows({ ...rows, step: 0 }).map((normal, index) =>
        even(index % dim) ? line.quantile(uniforms[index] ?? NaN) : normal,
      );
    },
    ...(sides.length === 0 ? {} : signModes(sides, new Float64Array(dim))),
    ...planeOf(dim, (x) => well(x) - line.logZ),
  };
}

/** The first two double wells; a well and its partner where there is one pair. */
function planeOf(dim: number, well: (x: number) => number): Pick<Target, 'plane'> {
  if (dim === 2) return firstTwo(dim, (x, y) => well(x) + normalLog(y, 0, 1));
  const [x, y] = [new Float64Array(dim), new Float64Array(dim)];
  [x[0], y[2]] = [1, 1];
  return { plane: { x, y, labels: ['z₁', 'z₃'], logDensity: (u, v) => well(u) + well(v) } };
}

/** The two maxima of −x⁴ + b x² + t x, where there are two. */
function stationary(barrier: number, tilt: number): { left: number; right: number } | undefined {
  // −4x³ + 2bx + t = 0 has three roots where its discriminant is positive.
  if (8 * barrier ** 3 <= 27 * tilt ** 2) return undefined;
  const [size, angle] = [
    Math.sqrt((2 * barrier) / 3),
    Math.acos((3 * tilt) / (2 * barrier) / Math.sqrt((2 * barrier) / 3)) / 3,
  ];
  return { right: size * Math.cos(angle), left: size * Math.cos(angle + (2 * Math.PI) / 3) };
}
