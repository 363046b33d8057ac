import * as tf from '@tensorflow/tfjs-core';
import { withBackend } from '../trace/backend';
import {
  sizeOf,
  type CompileOptions,
  type DType,
  type Feeds,
  type Outputs,
  type Program,
  type TensorData,
  type TensorFunction,
  type TensorSpec,
} from '../types';

/** Wraps a function as a program that tfjs computes op by op under one of its own backends. */
export function eagerProgram(backend: string, fn: TensorFunction, options: CompileOptions): Program {
  if (options.precision === 'float64') throw new Error(`The tfjs backend ${backend} has no double precision.`);
  const constants = withBackend(backend, () =>
    Object.fromEntries(
      Object.entries(options.constants ?? {}).map(([name, { data, shape, dtype }]) => [
        name,
        tf.tensor(narrowed(data, dtype), [...shape], dtype ?? 'float32'),
      ]),
    ),
  );
  const outputs: Record<string, Required<TensorSpec>> = {};
  const run = async (feeds: Feeds, into?: Outputs): Promise<Outputs> =>
    withBackend(backend, () => {
      const result: Outputs = {};
      tf.tidy(() => {
        const tensors: Record<string, tf.Tensor> = { ...constants };
        for (const [name, { shape, dtype }] of Object.entries(options.inputs)) {
          const data = feeds[name];
          if (data === undefined) throw new Error(`The input ${name} is missing.`);
          if (data.length !== sizeOf(shape)) {
            throw new Error(`The input ${name} has ${data.length} numbers; its shape [${shape.join(', ')}] wants ${sizeOf(shape)}.`);
          }
          // A copy, because tfjs keeps the array it is given and callers reuse theirs.
          tensors[name] = tf.tensor(narrowed(data, dtype).slice(), [...shape], dtype ?? 'float32');
        }
        for (const [name, tensor] of Object.entries(fn(tensors))) {
          outputs[name] = { shape: tensor.shape, dtype: tensor.dtype as DType };
          const values = tensor.dataSync() as TensorData;
          const target = into?.[name];
          if (target === undefined) result[name] = values.slice();
          else {
            target.set(values);
            result[name] = target;
          }
        }
      });
      return result;
    });
  return {
    outputs,
    gradients: { once: 0, perIteration: 0 },
    nodes: 0,
    run,
    dispose: async () => withBackend(backend, () => tf.dispose(constants)),
  };
}

function narrowed(data: TensorData, dtype: DType = 'float32'): TensorData {
  return dtype === 'float32' && !(data instanceof Float32Array) ? Float32Array.from(data) : data;
}
