import * as tf from '@tensorflow/tfjs-core';
import { exact } from '../../src/main/tensor/exact';
import type { Device, Program, TensorSpec } from '../../src/main/tensor/types';
import type { ChainTarget } from '../../src/main/trainers/dais/fields';
import type { PathOptions } from '../../src/main/trainers/paths/types';
import type { AffineScore } from './paths';

// Annealed paths once more, all transitions in one graph that tfjs differentiates as a whole: log w as the ratio of the densities that it
// is defined by, no term of which is simplified. It shares no code with the paths that it checks.

export const pathGroups = ['mean', 'logVariance', 'betas', 'steps', 'refreshment', 'mass'] as const;
type Group = (typeof pathGroups)[number];

interface Options extends Omit<PathOptions, 'gradients'> {
  readonly device: Device;
  readonly target: ChainTarget;
  readonly rows: number;
  /** Whether each row has a start of its own. */
  readonly ownStarts: boolean;
  readonly score?: AffineScore;
}

/** Noise `position`, `momentum [R, d]`, `noise [K, R, d]`, `cotangent [R]` and the groups → logWeight `[R]`, and `groupBar` of each. */
export function compileUnrolledPath(options: Options): Promise<Program> {
  const { device, target, rows, steps, ownStarts, dynamics } = options;
  const { dim, constants } = target;
  const matrix: TensorSpec = { shape: [rows, dim] };
  const start = ownStarts ? [rows, dim] : [dim];
  const shapes: Record<Group, number[]> = {
    ...{ mean: start, logVariance: start, betas: [steps], steps: [steps], refreshment: [1], mass: [dim] },
  };
  const inputs: Record<string, TensorSpec> = { position: matrix, momentum: matrix, cotangent: { shape: [rows] } };
  inputs['noise'] = { shape: [steps, rows, dim] };
  for (const name of pathGroups) inputs[name] = { shape: shapes[name] };
  const inside = pathGroups.filter((name) => dynamics === 'underdamped' || (name !== 'refreshment' && name !== 'mass'));
  return device.compile(
    (tensors) => {
      const log = (x: tf.Tensor): tf.Tensor1D => target.logDensity(tensors)(x as tf.Tensor2D);
      const weigh = (given: Record<string, tf.Tensor>): tf.Tensor1D =>
        logWeights({ ...tensors, ...given }, log, options);
      const product = (...values: tf.Tensor[]): tf.Scalar => {
        const given = Object.fromEntries(inside.map((name, i) => [name, values[i] as tf.Tensor]));
        return tf.sum(tf.mul(weigh(given), tensors['cotangent'] as tf.Tensor));
      };
      const gradients = tf.grads(product)(inside.map((name) => tensors[name] as tf.Tensor));
      const named = inside.map((name, i) => [`${name}Bar`, gradients[i] as tf.Tensor] as const);
      return { logWeight: weigh({}), ...Object.fromEntries(named) };
    },
    { inputs, constants, precision: 'float64' },
  );
}

function logWeights(
  tensors: Record<string, tf.Tensor>,
  log: (x: tf.Tensor) => tf.Tensor1D,
  { dynamics, integrator, backwardMean, steps, rows, target, score }: Options,
): tf.Tensor1D {
  const { mean, logVariance, betas, steps: sizes, refreshment: h, mass } = tensors as Record<Group, tf.Tensor>;
  const shape: [number, number] = [rows, target.dim];
  const all = tf.ones(shape);
  const normal = (x: tf.Tensor, centre: tf.Tensor, variance: tf.Tensor): tf.Tensor1D => {
    const wide = tf.mul(all, variance);
    const constant = exact(Math.log(2 * Math.PI));
    return tf.mul(
      exact(-0.5),
      tf.sum(tf.add(tf.div(tf.square(tf.sub(x, centre)), wide), tf.add(tf.log(wide), constant)), 1),
    );
  };
  const first = (x: tf.Tensor): tf.Tensor1D => normal(x, mean, tf.exp(logVariance));
  const sum = (...terms: tf.Tensor[]): tf.Tensor => terms.reduce((a, b) => tf.add(a, b));
  const scores = (x: tf.Tensor, p?: tf.Tensor): tf.Tensor => {
    const ofPosition = tf.mul(exact(score?.position ?? 0), x);
    const ofMomentum = p === undefined ? tf.zeros(shape) : tf.mul(exact(score?.momentum ?? 0), p);
    return sum(ofPosition, ofMomentum, exact(score?.offset ?? 0));
  };
  const zero = tf.zeros(shape);
  let x = sum(mean, tf.mul(tf.exp(tf.mul(exact(0.5), logVariance)), tensors['position'] as tf.Tensor));
  let p = tf.mul(tf.sqrt(mass), tensors['momentum'] as tf.Tensor);
  let weight = tf.neg(first(x));
  if (dynamics === 'underdamped') weight = tf.sub(weight, normal(p, zero, mass));
  for (let k = 0; k < steps; k += 1) {
    const [beta, delta] = [tf.slice(betas, [k], [1]), tf.slice(sizes, [k], [1])];
    const xi = tf.reshape(tf.slice(tensors['noise'] as tf.Tensor, [k, 0, 0], [1, ...shape]), shape);
    const path = (at: tf.Tensor): tf.Scalar =>
      tf.sum(tf.add(tf.mul(tf.sub(exact(1), beta), first(at)), tf.mul(beta, log(at))));
    const drift = (at: tf.Tensor): tf.Tensor => tf.grad(path)(at);
    if (dynamics === 'overdamped') {
      const variance = tf.mul(exact(2), delta);
      const forward = sum(x, tf.mul(delta, drift(x)));
      const next = sum(forward, tf.mul(tf.sqrt(variance), xi));
      const back = sum(next, tf.mul(delta, drift(next)), tf.mul(variance, scores(next)));
      weight = tf.add(weight, tf.sub(normal(x, back, variance), normal(next, forward, variance)));
      x = next;
      continue;
    }
    const variance = tf.mul(tf.sub(exact(1), tf.square(h)), mass);
    const tilde = sum(tf.mul(h, p), tf.mul(tf.sqrt(variance), xi));
    const bend = tf.mul(mass, scores(x, tilde));
    const back =
      backwardMean === 'tweedie'
        ? // (p̃ + (1 − h²) M s)/h with s = ŝ − M⁻¹ p̃
          tf.div(sum(tilde, tf.mul(tf.sub(exact(1), tf.square(h)), tf.sub(bend, tilde))), h)
        : tf.mul(h, tf.sub(tilde, tf.mul(tf.mul(exact(2), tf.log(h)), bend)));
    weight = tf.add(weight, tf.sub(normal(p, back, variance), normal(tilde, tf.mul(h, p), variance)));
    const half = tf.mul(exact(0.5), delta);
    if (integrator === 'drift-kick-drift') {
      const middle = sum(x, tf.div(tf.mul(half, tilde), mass));
      p = sum(tilde, tf.mul(delta, drift(middle)));
      x = sum(middle, tf.div(tf.mul(half, p), mass));
    } else {
      const kicked = sum(tilde, tf.mul(half, drift(x)));
      x = sum(x, tf.div(tf.mul(delta, kicked), mass));
      p = sum(kicked, tf.mul(half, drift(x)));
    }
  }
  weight = tf.add(weight, log(x));
  return dynamics === 'underdamped' ? tf.add(weight, normal(p, zero, mass)) : weight;
}
