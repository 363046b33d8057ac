import type * as tf from '@tensorflow/tfjs-core';
import { openDevice } from '../../src/main/tensor/devices';
import type { Constant, Outputs, TensorFunction } from '../../src/main/tensor/types';
import { velocityShapes, type VelocityActivation, type VelocityNetwork } from '../../src/main/trainers/flow/velocity';
import { random } from './random';

/** Weights by name. */
export type Weights = Record<string, Float64Array>;

/** A small network whose values were computed elsewhere, in doubles. */
export function goldenNetwork(activation: VelocityActivation): VelocityNetwork {
  return { dim: 2, hidden: [2, 2], activation, timeInput: false };
}
export const goldenWeights: Weights = {
  '0.weight': Float64Array.of(0.5, -0.3, 0.2, 0.8),
  '0.bias': Float64Array.of(0.1, -0.2),
  '1.weight': Float64Array.of(0.7, -0.4, 0.3, 0.6),
  '1.bias': Float64Array.of(0.05, -0.1),
  '2.weight': Float64Array.of(1, -0.5, 0.4, 0.9),
  '2.bias': Float64Array.of(0.2, -0.3),
};

/** Weights of a network, all of them normal. */
export function drawnWeights(network: VelocityNetwork, seed: number, scale = 0.5): Weights {
  const source = random(seed);
  return Object.fromEntries(
    Object.entries(velocityShapes(network)).map(([name, shape]) => {
      const size = shape.reduce((product, extent) => product * extent, 1);
      return [name, Float64Array.from({ length: size }, () => scale * source.normal())];
    }),
  );
}

/** Evaluates a function of tensors once, in doubles. */
export async function once(
  fn: TensorFunction,
  inputs: Readonly<Record<string, { readonly shape: readonly number[]; readonly data: Float64Array }>>,
  constants: Readonly<Record<string, Constant>> = {},
): Promise<Outputs> {
  const device = await openDevice('cpu');
  const program = await device.compile(fn, {
    inputs: Object.fromEntries(Object.entries(inputs).map(([name, { shape }]) => [name, { shape }])),
    constants,
    precision: 'float64',
  });
  try {
    return await program.run(Object.fromEntries(Object.entries(inputs).map(([name, { data }]) => [name, data])));
  } finally {
    await program.dispose();
  }
}

/** Weights as inputs of {@link once}. */
export function weightInputs(network: VelocityNetwork, weights: Weights) {
  return Object.fromEntries(
    Object.entries(velocityShapes(network)).map(([name, shape]) => [
      name,
      { shape, data: weights[name] ?? new Float64Array(0) },
    ]),
  );
}

export type Tensors = Record<string, tf.Tensor>;
