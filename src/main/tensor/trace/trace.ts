import type * as tf from '@tensorflow/tfjs-core';
import type { Graph } from '../onnx/graph';
import type { CompileOptions, DType, GradientCount, TensorData, TensorFunction, TensorSpec } from '../types';
import { asTensor, tracing } from './backend';
import { simplify } from './simplify';
import { Tracer } from './tracer';

export interface Traced {
  readonly graph: Graph;
  readonly outputs: Readonly<Record<string, Required<TensorSpec>>>;
  readonly gradients: GradientCount;
}

/** Runs a function once on symbolic inputs and returns the graph it wrote. */
export function trace(fn: TensorFunction, options: CompileOptions): Traced {
  const tracer = new Tracer(options.precision ?? 'float32');
  const outputs: Record<string, Required<TensorSpec>> = {};
  tracing(tracer, () => {
    const tensors: Record<string, tf.Tensor> = {};
    for (const [name, { shape, dtype = 'float32' }] of Object.entries(options.inputs)) {
      tracer.root.inputs.push({ name, type: tracer.typeOf(dtype), shape });
      tensors[name] = asTensor(tracer.tensor(shape, dtype, { shape, name }));
    }
    for (const [name, { shape, dtype = 'float32', data }] of Object.entries(options.constants ?? {})) {
      const initializer = tracer.constant(converted(data, tracer.typeOf(dtype)), shape, tracer.typeOf(dtype), name);
      tensors[name] = asTensor(tracer.tensor(shape, dtype, { shape, name: initializer }));
    }
    for (const [name, tensor] of Object.entries(fn(tensors))) {
      // A graph output must come from a node, under its own name.
      tracer.scope.nodes.push({ op: 'Identity', inputs: [tracer.full(tensor)], outputs: [name], attributes: {} });
      tracer.root.outputs.push({ name, type: tracer.typeOf(tensor.dtype), shape: tensor.shape });
      outputs[name] = { shape: tensor.shape, dtype: tensor.dtype as DType };
    }
  });
  simplify(tracer.root);
  return { graph: tracer.root, outputs, gradients: { ...tracer.gradients } };
}

function converted(data: TensorData, type: string): TensorData {
  if (type === 'float32') return data instanceof Float32Array ? data : Float32Array.from(data);
  if (type === 'float64') return data instanceof Float64Array ? data : Float64Array.from(data);
  return data;
}
