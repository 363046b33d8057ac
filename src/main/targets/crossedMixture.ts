import * as tf from '@tensorflow/tfjs-core';
import { momentFits } from './idealFits';
import { firstTwo } from './plane';
import { normalRows, uniformRows } from './random';
import type { Target } from './types';

/** A Gaussian of the plane. */
interface Component {
  readonly mean: readonly [number, number];
  /** Variances and covariance. */
  readonly xx: number;
  readonly yy: number;
  readonly xy: number;
}

const half: readonly Component[] = [
  { mean: [3, 0], xx: 0.7, yy: 0.05, xy: 0 },
  { mean: [-2.5, 0], xx: 0.7, yy: 0.05, xy: 0 },
  { mean: [2, 3], xx: 1, yy: 1, xy: 0.95 },
];
const components: readonly Component[] = [
  ...half,
  ...half.map(({ mean: [x, y], xx, yy, xy }): Component => ({ mean: [y, x], xx: yy, yy: xx, xy })),
];
const count = components.length;

/** Lower triangular factors of the covariances, entry by entry. */
const factors = components.map(({ xx, yy, xy }) => {
  const first = Math.sqrt(xx);
  const across = xy / first;
  return { first, across, second: Math.sqrt(yy - across * across) };
});

const offsets = factors.map(({ first, second }) => -Math.log(2 * Math.PI * count * first * second));

/**
 * Three equal Gaussians, two long ones along the first axis and one along a diagonal, averaged with their mirror image (Arbel, Matthews and
 * Doucet 2021, "Annealed flow transport Monte Carlo"): narrow bars that cross each other.
 */
export function crossedMixture(): Target {
  const truth = {
    logZ: 0,
    ...moments(),
    source: 'The density is normalised; its moments are closed forms.',
  };
  const column = (of: (component: Component, index: number) => number) => ({
    shape: [count, 1],
    data: Float64Array.from(components, of),
  });
  const inverse = (of: (factor: (typeof factors)[number]) => number) => ({
    shape: [count, 1],
    data: Float64Array.from(factors, of),
  });
  return {
    name: 'Crossed mixture of 6 Gaussians in the plane',
    dim: 2,
    constants: {
      'target.means.x': column(({ mean }) => mean[0]),
      'target.means.y': column(({ mean }) => mean[1]),
      'target.inverse.x': inverse(({ first }) => 1 / first),
      'target.inverse.xy': inverse(({ first, across, second }) => -across / (first * second)),
      'target.inverse.y': inverse(({ second }) => 1 / second),
      'target.offsets': { shape: [count, 1], data: Float64Array.from(offsets) },
    },
    logDensity: (tensors) => (z) => {
      const rows = z.shape[0];
      const from = (axis: 'x' | 'y'): tf.Tensor => {
        const values = tf.reshape(tf.slice(z, [0, axis === 'x' ? 0 : 1], [rows, 1]), [1, rows]);
        return tf.sub(values, tensors[`target.means.${axis}`] as tf.Tensor);
      };
      const [x, y] = [from('x'), from('y')];
      const times = (value: tf.Tensor, name: string): tf.Tensor =>
        tf.mul(value, tensors[`target.inverse.${name}`] as tf.Tensor);
      const squares = tf.add(tf.square(times(x, 'x')), tf.square(tf.add(times(x, 'xy'), times(y, 'y'))));
      return tf.logSumExp<tf.Tensor1D>(tf.add(tf.mul(squares, -0.5), tensors['target.offsets'] as tf.Tensor), 0);
    },
    truth,
    ...momentFits(truth),
    sample: (samples, seed) => {
      const rows = { seed, stream: 'targetSamples', count: samples } as const;
      const choices = uniformRows({ ...rows, step: 1, width: 1 });
      const out = normalRows({ ...rows, step: 0, width: 2 });
      choices.forEach((uniform, row) => {
        const chosen = Math.min(count - 1, Math.floor(uniform * count));
        const { mean: [x, y] = [NaN, NaN] } = components[chosen] ?? {};
        const { first, across, second } = factors[chosen] ?? { first: NaN, across: NaN, second: NaN };
        const [a = NaN, b = NaN] = out.subarray(2 * row, 2 * row + 2);
        out[2 * row] = x + first * a;
        out[2 * row + 1] = y + across * a + second * b;
      });
      return out;
    },
    modes: components.map(({ mean, xx, yy }) => ({
      location: Float64Array.from(mean),
      weight: 1 / count,
      stds: Float64Array.of(Math.sqrt(xx), Math.sqrt(yy)),
    })),
    assignment: { type: 'component' },
    notes: ['Points are given to modes by the widths along the axes, also those of the two modes along a diagonal.'],
    ...firstTwo(2, logDensityAt),
  };
}

function logDensityAt(x: number, y: number): number {
  const logs = components.map(({ mean }, c) => {
    const { first, across, second } = factors[c] ?? { first: NaN, across: NaN, second: NaN };
    const a = (x - mean[0]) / first;
    const b = (y - mean[1] - across * a) / second;
    return (offsets[c] ?? NaN) - 0.5 * (a * a + b * b);
  });
  const top = Math.max(...logs);
  return top + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - top), 0));
}

function moments() {
  const average = (of: (component: Component) => number): number =>
    components.reduce((sum, component) => sum + of(component) / count, 0);
  const mean = Float64Array.of(
    average((c) => c.mean[0]),
    average((c) => c.mean[1]),
  );
  const [x = NaN, y = NaN] = mean;
  const xx = average((c) => c.xx + (c.mean[0] - x) ** 2);
  const yy = average((c) => c.yy + (c.mean[1] - y) ** 2);
  const xy = average((c) => c.xy + (c.mean[0] - x) * (c.mean[1] - y));
  return { mean, std: Float64Array.of(Math.sqrt(xx), Math.sqrt(yy)), covariance: Float64Array.of(xx, xy, xy, yy) };
}
