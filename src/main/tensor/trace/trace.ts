import type * as tf from '@tensorflow/tfjs-core';
import type { Graph, OnnxType } from '../onnx/graph';
import {
  sizeOf,
  type CompileOptions,
  type Constant,
  type DType,
  type GradientCount,
  type TensorData,
  type TensorFunction,
  type TensorSpec,
} from '../types';
import { asTensor, tracing } from './backend';
import { simplify } from './simplify';
import { Tracer } from './tracer';

export interface Traced {
  readonly graph: Graph;
  readonly outputs: Readonly<Record<string, Required<TensorSpec>>>;
  readonly gradients: GradientCount;
}

/**
 * Names of a program's inputs and outputs inside the graph. A step maps `z` to `z`, which one graph cannot call by one name, and
 * the colon keeps both apart from the names that the tracer invents.
 */
export const inputName = (name: string): string => `in:${name}`;
export const outputName = (name: string): string => `out:${name}`;

/** Runs a function once on symbolic inputs and returns the graph it wrote. */
export function trace(fn: TensorFunction, options: CompileOptions): Traced {
  const tracer = new Tracer(options.precision ?? 'float32');
  const outputs: Record<string, Required<TensorSpec>> = {};
  tracing(tracer, () => {
    const tensors: Record<string, tf.Tensor> = {};
    for (const [name, { shape, dtype = 'float32' }] of Object.entries(options.inputs)) {
      tracer.root.inputs.push({ name: inputName(name), type: tracer.typeOf(dtype), shape });
      tensors[name] = asTensor(tracer.tensor(shape, dtype, { shape, name: inputName(name) }));
    }
    for (const [name, constant] of Object.entries(options.constants ?? {})) {
      const { shape, dtype = 'float32' } = constant;
      const type = tracer.typeOf(dtype);
      const initializer = tracer.constant(converted(name, constant, type), shape, type, name);
      tensors[name] = asTensor(tracer.tensor(shape, dtype, { shape, name: initializer }));
    }
    for (const [name, tensor] of Object.entries(fn(tensors))) {
      // A graph output must come from a node, under its own name.
      const output = outputName(name);
      tracer.scope.nodes.push({ op: 'Identity', inputs: [tracer.full(tensor)], outputs: [output], attributes: {} });
      tracer.root.outputs.push({ name: output, type: tracer.typeOf(tensor.dtype), shape: tensor.shape });
      outputs[name] = { shape: tensor.shape, dtype: tensor.dtype as DType };
    }
  });
  simplify(tracer.root);
  return { graph: tracer.root, outputs, gradients: { ...tracer.gradients } };
}

/** A constant as the graph stores it. An array of another type or size would be read as other numbers, so it is refused. */
function converted(name: string, { data, shape }: Constant, type: OnnxType): TensorData {
  if (data.length !== sizeOf(shape)) {
    throw new Error(
      `The constant ${name} has ${data.length} numbers; its shape [${shape.join(', ')}] wants ${sizeOf(shape)}.`,
    );
  }
  if (type === 'float32') return data instanceof Float32Array ? data : Float32Array.from(data);
  if (type === 'float64') return data instanceof Float64Array ? data : Float64Array.from(data);
  if (type === 'int32') return data instanceof Int32Array ? data : Int32Array.from(data);
  return Uint8Array.from(data, (value) => (value === 0 ? 0 : 1));
}
