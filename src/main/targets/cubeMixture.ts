import * as tf from '@tensorflow/tfjs-core';
import type { TargetOf } from '../../shared/runFile/target';
import { exact } from '../tensor/exact';
import { normalLog } from './gaussian';
import { momentFits } from './idealFits';
import { firstTwo } from './plane';
import { normalRows, uniformRows } from './random';
import { signModes } from './signs';
import type { Target } from './types';

/**
 * Gaussians at the corners of a cube: independent coordinates ½ N(−c, s²) + ½ N(c, s²), N(c, s²) for those outside the cube. As a
 * product over coordinates, its cost does not grow with the number of modes.
 */
export function cubeMixture(spec: TargetOf<'cube-mixture'>): Target {
  const { dim, halfWidth, std, corners = Math.min(5, dim) } = spec;
  const inside = (i: number): boolean => i < corners;
  const precision = 1 / (std * std);
  const constant = -dim * (Math.log(std) + 0.5 * Math.log(2 * Math.PI)) - corners * Math.LN2;
  const truth = {
    logZ: 0,
    mean: Float64Array.from({ length: dim }, (_, i) => (inside(i) ? 0 : halfWidth)),
    std: Float64Array.from({ length: dim }, (_, i) => (inside(i) ? Math.hypot(halfWidth, std) : std)),
    source: 'The density is normalised; its moments are closed forms.',
  };
  const one = (x: number, i: number): number => {
    if (!inside(i)) return normalLog(x, halfWidth, std);
    const [near, far] = [Math.abs(x), 2 * halfWidth * precision];
    return normalLog(near, halfWidth, std) - Math.LN2 + Math.log1p(Math.exp(-far * near));
  };
  const sides = Array.from({ length: corners }, (_, axis) => ({
    axis,
    threshold: 0,
    above: 0.5,
    low: -halfWidth,
    high: halfWidth,
  }));
  return {
    name: `2^${corners} Gaussians at the corners of a cube in ${dim} dimension${dim === 1 ? '' : 's'}`,
    dim,
    // 2 c/s² inside the cube. Outside, softplus of a large negative number is 0.
    constants: {
      'target.slopes': { shape: [1, corners], data: new Float64Array(corners).fill(-2 * halfWidth * precision) },
    },
    logDensity: (tensors) => (z) => {
      const squares = tf.sum(tf.square(tf.sub(z, exact(halfWidth))), 1);
      const cube = tf.slice(z, [0, 0], [z.shape[0], corners]);
      // N(x; −c) / N(x; c) = exp(−2cx/s²)
      const folds = tf.sum(tf.softplus(tf.mul(cube, tensors['target.slopes'] as tf.Tensor)), 1);
      return tf.add<tf.Tensor1D>(tf.add(tf.mul(squares, exact(-0.5 * precision)), folds), exact(constant));
    },
    truth,
    ...momentFits(truth),
    sample: (count, seed) => {
      const rows = { seed, stream: 'targetSamples', count, width: dim } as const;
      const sides = uniformRows({ ...rows, step: 1 });
      return normalRows({ ...rows, step: 0 }).map((normal, index) => {
        const low = inside(index % dim) && (sides[index] ?? NaN) < 0.5;
        return (low ? -halfWidth : halfWidth) + std * normal;
      });
    },
    ...signModes(sides, new Float64Array(dim).fill(halfWidth), new Float64Array(dim).fill(std)),
    ...firstTwo(dim, (x, y) => one(x, 0) + one(y, 1)),
  };
}
