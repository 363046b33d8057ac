import * as tf from '@tensorflow/tfjs-core';
import type { TargetOf } from '../../shared/runFile/target';
import { exact } from '../tensor/exact';
import { logGamma, logUpperGamma } from './gamma';
import { momentFits } from './idealFits';
import { tabulate, type Line } from './line';
import { firstTwo } from './plane';
import { normalRows, uniformRows } from './random';
import type { Target } from './types';

/**
 * What a hard edge takes off inside the ball, nats. It stands for infinity, which times an inverse temperature of 0 would be no number:
 * e^−10000 is 0 in doubles.
 */
const wall = 1e4;

/** Within the square root of |x|², whose slope is not finite at 0. */
const tiny = 1e-12;

/** A standard normal, normalised, times 1{|x| ≥ c} or times a sigmoid 1/(1 + exp(−κ(|x| − c′))). */
export function truncatedNormal(spec: TargetOf<'truncated-normal'>): Target {
  const { dim, radius, edge, sharpness, margin } = spec;
  const hard = edge === 'hard';
  const middle = radius + margin;
  const radial = radialLine(spec);
  const logZ = hard ? logUpperGamma(dim / 2, (radius * radius) / 2) : radial.logZ;
  const constant = -0.5 * dim * Math.log(2 * Math.PI);
  const truth = {
    logZ,
    mean: new Float64Array(dim),
    std: new Float64Array(dim).fill(Math.sqrt(radial.expectation((r) => r * r) / dim)),
    source: hard
      ? 'log Z is the log probability of the event, a closed form; the moments are a quadrature over the radius.'
      : `log Z and the moments are quadratures over the radius. log P(|x| ≥ ${radius}) is ${logUpperGamma(dim / 2, (radius * radius) / 2).toFixed(6)} nats.`,
  };
  const dimensions = `${dim} dimension${dim === 1 ? '' : 's'}`;
  return {
    name: `Normal outside the radius ${radius} in ${dimensions}, ${hard ? 'hard' : 'smooth'} edge`,
    dim,
    constants: {},
    logDensity: () => (z) => {
      const squares = tf.sum(tf.square(z), 1);
      const normal = tf.add(tf.mul(squares, -0.5), exact(constant));
      if (hard) {
        const inside = tf.cast(tf.less(squares, exact(radius * radius)), 'float32');
        return tf.sub<tf.Tensor1D>(normal, tf.mul(inside, wall));
      }
      const distance = tf.sub(tf.sqrt(tf.add(squares, exact(tiny))), exact(middle));
      return tf.sub<tf.Tensor1D>(normal, tf.softplus(tf.mul(distance, -sharpness)));
    },
    truth,
    ...momentFits(truth),
    sample: (count, seed) => {
      const rows = { seed, stream: 'targetSamples', count } as const;
      const uniforms = uniformRows({ ...rows, step: 1, width: 1 });
      const out = normalRows({ ...rows, step: 0, width: dim });
      uniforms.forEach((uniform, row) => {
        const own = out.subarray(row * dim, (row + 1) * dim);
        const scale = radial.quantile(uniform) / Math.sqrt(own.reduce((sum, x) => sum + x * x, 0));
        own.forEach((x, i) => (own[i] = scale * x));
      });
      return out;
    },
    ...(dim < 2 ? {} : { assignment: { type: 'sector', axes: [0, 1], count: 12 } as const }),
    shape: { hole: { radius, share: radial.below(radius) } },
    notes: hard
      ? ['The edge is hard: its density jumps, which gradients do not see.']
      : [
          'The edge is smooth, so that some of the mass lies inside the radius; weights of importance by the event correct for it.',
        ],
    ...(dim === 2 ? firstTwo(dim, pairDensity(spec, logZ)) : firstTwo(dim)),
  };
}

function logEdge({ radius, edge, sharpness, margin }: TargetOf<'truncated-normal'>, r: number): number {
  if (edge === 'hard') return r < radius ? -wall : 0;
  const pull = -sharpness * (r - radius - margin);
  return -(Math.max(pull, 0) + Math.log1p(Math.exp(-Math.abs(pull))));
}

function pairDensity(spec: TargetOf<'truncated-normal'>, logZ: number): (x: number, y: number) => number {
  return (x, y) => -0.5 * (x * x + y * y) - Math.log(2 * Math.PI) + logEdge(spec, Math.hypot(x, y)) - logZ;
}

/** The radius, with the density that a chi variable has times the edge. */
function radialLine(spec: TargetOf<'truncated-normal'>): Line {
  const { dim, radius, edge, margin } = spec;
  const constant = (dim / 2 - 1) * Math.LN2 + logGamma(dim / 2);
  const bulk = Math.sqrt(Math.max(dim - 1, 0));
  // The chi variable is within 9 of its own mode but for 1e-18 of its mass; the tail beyond an edge is narrower still.
  const low = Math.max(0, edge === 'hard' ? Math.max(radius, bulk - 9) : bulk - 9);
  const high = Math.max(bulk, radius + margin) + 9;
  const power = (r: number): number => (dim === 1 ? 0 : (dim - 1) * Math.log(Math.max(r, 1e-300)));
  // Open at the radius itself, where the hard edge has its jump.
  return tabulate(
    (r) => power(r) - 0.5 * r * r - constant + (edge === 'hard' ? 0 : logEdge(spec, r)),
    [low, high],
    8192,
  );
}
