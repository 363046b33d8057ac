import * as tf from '@tensorflow/tfjs-core';
import type { LogDensity } from '../../src/main/tensor/density';
import { exact } from '../../src/main/tensor/exact';
import type { ChainTarget } from '../../src/main/trainers/dais/fields';
import type { Device, Precision, Program, TensorSpec } from '../../src/main/tensor/types';

// The chain once more as plain tensor operations, all K transitions in one graph that tfjs differentiates as a whole. It shares no code
// with the one that it checks.

type Tensors = Record<string, tf.Tensor>;

const names = ['mean', 'logVariance', 'schedule', 'logStep', 'logMass', 'refreshment'] as const;

/** Noise `position [R, d]`, `momentum [R, d]`, `refreshment [K, R, d]`, `cotangent [R]` and the parameters → logWeight `[R]`, `nameBar`. */
export function compileUnrolled(options: {
  readonly device: Device;
  readonly target: ChainTarget;
  readonly precision: Precision;
  readonly rows: number;
  readonly steps: number;
  /** 1 or d */
  readonly masses: number;
}): Promise<Program> {
  const { device, target, precision, rows, steps, masses } = options;
  const { dim, constants } = target;
  const matrix: TensorSpec = { shape: [rows, dim] };
  const shapes = [[dim], [dim], [steps], [steps], [masses], [1]];
  const parameters = Object.fromEntries(names.map((name, index) => [name, { shape: shapes[index] ?? [] }]));
  const inputs: Record<string, TensorSpec> = { ...parameters, position: matrix, momentum: matrix };
  inputs['noise'] = { shape: [steps, rows, dim] };
  inputs['cotangent'] = { shape: [rows] };
  return device.compile(
    (tensors) => {
      const log = target.logDensity(tensors);
      const weigh = (given: Tensors): tf.Tensor1D => logWeights(given, tensors, log, { rows, dim, steps });
      // One transition refreshes nothing, and tfjs refuses gradients by what is not there.
      const inside = names.filter((name) => steps > 1 || name !== 'refreshment');
      const product = (...values: tf.Tensor[]): tf.Scalar => {
        const given = Object.fromEntries(inside.map((name, i) => [name, values[i] as tf.Tensor]));
        return tf.sum(tf.mul(weigh({ ...tensors, ...given }), tensors['cotangent'] as tf.Tensor));
      };
      const gradients = tf.grads(product)(inside.map((name) => tensors[name] as tf.Tensor));
      const named = inside.map((name, i) => [`${name}Bar`, gradients[i] as tf.Tensor] as const);
      return { logWeight: weigh(tensors), ...Object.fromEntries(named) };
    },
    { inputs, constants, precision },
  );
}

function logWeights(
  parameters: Tensors,
  tensors: Tensors,
  log: LogDensity,
  { rows, dim, steps }: { rows: number; dim: number; steps: number },
): tf.Tensor1D {
  const [mean, logVariance, schedule, logStep, logMass, refreshment] = names.map(
    (name) => parameters[name] as tf.Tensor1D,
  ) as [tf.Tensor1D, tf.Tensor1D, tf.Tensor1D, tf.Tensor1D, tf.Tensor1D, tf.Tensor1D];
  const shares = tf.softmax(schedule);
  const mass = tf.exp(logMass);
  const eta = tf.add(tf.mul(exact(0.98), tf.sigmoid(refreshment)), exact(0.01));
  const normal = (x: tf.Tensor, centre: tf.Tensor, logs: tf.Tensor): tf.Tensor1D =>
    tf.mul(
      exact(-0.5),
      tf.sum(tf.add(tf.div(tf.square(tf.sub(x, centre)), tf.exp(logs)), tf.add(logs, exact(Math.log(2 * Math.PI)))), 1),
    );
  const massLogs = tf.mul(logMass, tf.ones([dim]));
  const zero = tf.zeros([dim]);
  let z = tf.add<tf.Tensor2D>(mean, tf.mul(tf.exp(tf.mul(exact(0.5), logVariance)), tensors['position'] as tf.Tensor));
  let v = tf.mul<tf.Tensor2D>(tf.sqrt(mass), tensors['momentum'] as tf.Tensor);
  let weight = tf.neg(normal(z, mean, logVariance));
  let beta: tf.Tensor = tf.zeros([1]);
  for (let k = 0; k < steps; k += 1) {
    beta = tf.add(beta, tf.slice(shares, [k], [1]));
    const [b, delta] = [beta, tf.exp(tf.slice(logStep, [k], [1]))];
    const half = tf.mul(exact(0.5), delta);
    const middle = tf.add<tf.Tensor2D>(z, tf.div(tf.mul(half, v), mass));
    const path = (x: tf.Tensor): tf.Scalar =>
      tf.sum(tf.add(tf.mul(tf.sub(exact(1), b), normal(x, mean, logVariance)), tf.mul(b, log(x as tf.Tensor2D))));
    const kicked = tf.add<tf.Tensor2D>(v, tf.mul(delta, tf.grad(path)(middle)));
    z = tf.add<tf.Tensor2D>(middle, tf.div(tf.mul(half, kicked), mass));
    weight = tf.add(weight, tf.sub(normal(kicked, zero, massLogs), normal(v, zero, massLogs)));
    const xi = tf.reshape(tf.slice(tensors['noise'] as tf.Tensor3D, [k, 0, 0], [1, rows, dim]), [rows, dim]);
    const spread = tf.sqrt(tf.mul(tf.sub(exact(1), tf.square(eta)), mass));
    v = tf.add<tf.Tensor2D>(tf.mul(eta, kicked), tf.mul(spread, xi));
  }
  return tf.add(weight, log(z));
}
