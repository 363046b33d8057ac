import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { openDevice } from '../../../../src/main/tensor/devices';
import { sizeOf, type Device, type DType, type Outputs, type TensorData } from '../../../../src/main/tensor/types';

/** One input of a case. Numbers come from a fixed pseudo-random sequence between `low` and `high` unless they are given. */
export interface CaseInput {
  readonly shape: readonly number[];
  readonly dtype?: DType;
  readonly low?: number;
  readonly high?: number;
  readonly values?: readonly number[];
}

export interface Case {
  readonly name: string;
  readonly inputs: readonly CaseInput[];
  readonly fn: (...inputs: tf.Tensor[]) => tf.Tensor | tf.Tensor[];
  /** How often the op is differentiated: 0 for integers and comparisons, 2 by default. */
  readonly order?: 0 | 1 | 2;
  /** Largest error, relative to the largest entry. */
  readonly tolerance?: number;
}

/** Devices whose lowerings are compared with the reference; those that cannot be opened here are skipped. */
export const devices = ['cpu'] as const;

export const floats = (...shape: number[]): CaseInput => ({ shape });
export const within = (low: number, high: number, ...shape: number[]): CaseInput => ({ shape, low, high });
export const integers = (low: number, high: number, ...shape: number[]): CaseInput => ({
  shape,
  low,
  high,
  dtype: 'int32',
});
export const booleans = (...shape: number[]): CaseInput => ({ shape, dtype: 'bool' });
export const given = (values: readonly number[], dtype: DType = 'float32', shape = [values.length]): CaseInput => ({
  shape,
  dtype,
  values,
});

/** Fractions of multiples of the golden ratio: evenly spread, never the same twice, the same everywhere. */
function spread(index: number): number {
  return ((index + 1) * 0.6180339887498949) % 1;
}

export function dataOf({ shape, dtype = 'float32', low = -2, high = 2, values }: CaseInput, seed: number): TensorData {
  const numbers =
    values ?? Array.from({ length: sizeOf(shape) }, (_, index) => low + (high - low) * spread(index + 97 * seed));
  if (dtype === 'bool')
    return Uint8Array.from(numbers, (value) => Number(values === undefined ? value > 0 : value !== 0));
  return dtype === 'int32' ? Int32Array.from(numbers, Math.floor) : Float32Array.from(numbers);
}

function weights(shape: number[]): tf.Tensor {
  const values = Array.from({ length: sizeOf(shape) }, (_, index) => 0.5 + spread(3 * index + 11));
  return tf.tensor(values, shape, 'float32');
}

/**
 * The results, the gradient of Σ w (y + y²/2) over every float input, and the gradient of half that gradient's squared norm.
 * The square keeps linear ops from having a constant gradient.
 */
function derivatives({ inputs, fn, order = 2 }: Case, tensors: tf.Tensor[]): Record<string, tf.Tensor> {
  const many = (result: tf.Tensor | tf.Tensor[]): tf.Tensor[] => (Array.isArray(result) ? result : [result]);
  const outputs = Object.fromEntries(many(fn(...tensors)).map((tensor, index) => [`y${index}`, tensor]));
  if (order === 0) return outputs;
  const free = inputs.flatMap(({ dtype = 'float32' }, index) => (dtype === 'float32' ? [index] : []));
  const merged = (variables: tf.Tensor[]): tf.Tensor[] =>
    tensors.map((tensor, index) => variables[free.indexOf(index)] ?? tensor);
  const loss = (...variables: tf.Tensor[]): tf.Scalar =>
    tf.addN(
      many(fn(...merged(variables))).map((y) => tf.sum(tf.mul(weights(y.shape), tf.add(y, tf.mul(tf.square(y), 0.5))))),
    );
  const gradient = tf.grads(loss);
  const variables = free.map((index) => tensors[index] as tf.Tensor);
  gradient(variables).forEach((tensor, index) => (outputs[`dy/dx${free[index]}`] = tensor));
  if (order === 1) return outputs;
  const norm = (...at: tf.Tensor[]): tf.Scalar => tf.addN(gradient(at).map((g) => tf.mul(tf.sum(tf.square(g)), 0.5)));
  tf.grads(norm)(variables).forEach((tensor, index) => (outputs[`d|g|/dx${free[index]}`] = tensor));
  return outputs;
}

export async function evaluate(device: Device, item: Case): Promise<Outputs> {
  const names = item.inputs.map((_, index) => `x${index}`);
  const program = await device.compile(
    (tensors) =>
      derivatives(
        item,
        names.map((name) => tensors[name] as tf.Tensor),
      ),
    {
      inputs: Object.fromEntries(
        item.inputs.map(({ shape, dtype = 'float32' }, index) => [`x${index}`, { shape, dtype }]),
      ),
    },
  );
  const feeds = Object.fromEntries(item.inputs.map((input, index) => [`x${index}`, dataOf(input, index)]));
  const result = await program.run(feeds);
  await program.dispose();
  return result;
}

/** Largest difference, relative to the largest finite entry; infinite where one side is not finite and the other differs. */
export function difference(actual: TensorData, expected: TensorData): number {
  if (actual.length !== expected.length) return Infinity;
  let [scale, worst] = [1e-6, 0];
  for (const value of expected) if (Number.isFinite(value)) scale = Math.max(scale, Math.abs(value));
  expected.forEach((value: number, index: number) => {
    const other = actual[index] as number;
    if (Object.is(value, other) || value === other) return;
    worst = Math.max(
      worst,
      Number.isFinite(value) && Number.isFinite(other) ? Math.abs(value - other) / scale : Infinity,
    );
  });
  return worst;
}

/** Registers one test a case: the device must agree with the reference in value, gradient and second-order gradient. */
export function parity(title: string, cases: readonly Case[]): void {
  describe.each(devices)(`${title} on %s`, (name) => {
    it.each(cases.map((item) => [item.name, item] as const))('%s', async (_, item) => {
      const [expected, actual] = [
        await evaluate(await openDevice('reference'), item),
        await evaluate(await openDevice(name), item),
      ];
      expect(Object.keys(actual).sort()).toEqual(Object.keys(expected).sort());
      for (const [output, values] of Object.entries(expected)) {
        const error = difference(actual[output] as TensorData, values);
        const show = (data: TensorData): string =>
          Array.from(data.slice(0, 8), (v) => Number(v.toPrecision(6))).join(' ');
        const text = `${output} differs by ${error.toExponential(1)}: ${show(actual[output] as TensorData)} instead of ${show(values)}`;
        expect(error, text).toBeLessThan(item.tolerance ?? 2e-5);
      }
    });
  });
}
