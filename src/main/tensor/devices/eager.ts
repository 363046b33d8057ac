import * as tf from '@tensorflow/tfjs-core';
import { withBackend } from '../trace/backend';
import { trace } from '../trace/trace';
import type { CompileOptions, DType, Feeds, Outputs, Program, TensorData, TensorFunction } from '../types';
import { checkedFeed, checkedTarget, type TypedArray } from './feeds';
import { refuseDoubles } from './precision';

// Otherwise tfjs gives advice on the terminal.
tf.enableProdMode();

/**
 * Wraps a function as a program that tfjs computes op by op under one of its own backends. The function is traced too, only for the
 * shapes of its outputs and its count of gradients: a program says the same about itself on every device.
 */
export function eagerProgram(backend: string, fn: TensorFunction, options: CompileOptions, device = backend): Program {
  refuseDoubles(device, options);
  const { outputs, gradients } = trace(fn, options);
  const constants = withBackend(backend, () =>
    Object.fromEntries(
      Object.entries(options.constants ?? {}).map(([name, { data, shape, dtype }]) => [
        name,
        tf.tensor(owned(data, dtype), [...shape], dtype ?? 'float32'),
      ]),
    ),
  );
  let disposed = false;

  const compute = (feeds: Feeds, into: Outputs): Outputs => {
    const tensors: Record<string, tf.Tensor> = { ...constants };
    for (const [name, spec] of Object.entries(options.inputs)) {
      const data = checkedFeed(name, feeds[name], spec);
      tensors[name] = tf.tensor(owned(data, spec.dtype), [...spec.shape], spec.dtype ?? 'float32');
    }
    const result: Outputs = {};
    for (const [name, tensor] of Object.entries(fn(tensors))) {
      const target = into[name];
      if (target !== undefined) checkedTarget(name, target, tensor.shape, arrayTypes[tensor.dtype as DType]);
      const values = tensor.dataSync() as TensorData;
      target?.set(values);
      result[name] = target ?? values.slice();
    }
    return result;
  };

  return {
    outputs,
    gradients,
    nodes: 0,
    run: async (feeds, into = {}) => {
      if (disposed) throw new Error('The program has been disposed of.');
      return withBackend(backend, () => tf.tidy(() => compute(feeds, into) as tf.TensorContainer) as Outputs);
    },
    dispose: async () => {
      if (!disposed) withBackend(backend, () => tf.dispose(constants));
      disposed = true;
    },
  };
}

const arrayTypes: Readonly<Record<DType, TypedArray>> = { float32: Float32Array, int32: Int32Array, bool: Uint8Array };

/** A copy, because tfjs keeps the array that it is given and callers reuse theirs. */
function owned(data: TensorData, dtype: DType = 'float32'): TensorData {
  return dtype === 'float32' ? Float32Array.from(data) : data.slice();
}
