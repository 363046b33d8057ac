import * as ort from 'onnxruntime-node';
import { serialise } from '../onnx/serialise';
import { trace } from '../trace/trace';
import {
  sizeOf,
  type CompileOptions,
  type DType,
  type Feeds,
  type Outputs,
  type Program,
  type Precision,
  type TensorData,
  type TensorFunction,
} from '../types';

export interface OrtOptions {
  readonly provider: 'cpu' | 'webgpu' | 'cuda';
  /** Threads inside an op; the runtime's own choice (one a core) when left out. */
  readonly threads?: number;
}

type OrtTensor = ort.Tensor;

/** Traces a function and compiles the graph with ONNX Runtime. */
export async function ortProgram(fn: TensorFunction, options: CompileOptions, ortOptions: OrtOptions): Promise<Program> {
  const traced = trace(fn, options);
  const precision = options.precision ?? 'float32';
  const session = await ort.InferenceSession.create(serialise(traced.graph), {
    executionProviders: [ortOptions.provider],
    graphOptimizationLevel: 'all',
    // Only errors: the optimiser warns about nodes that a GPU provider leaves to the CPU, which is no news here.
    logSeverityLevel: 3,
    ...(ortOptions.threads === undefined ? {} : { intraOpNumThreads: ortOptions.threads }),
  });

  // Wrapping an array as a tensor costs microseconds and the same buffers come back on every step.
  const wrapped = new WeakMap<TensorData, Map<string, OrtTensor>>();
  const wrap = (name: string, data: TensorData, shape: readonly number[], dtype: DType): OrtTensor => {
    let byName = wrapped.get(data);
    if (byName === undefined) wrapped.set(data, (byName = new Map<string, OrtTensor>()));
    let tensor = byName.get(name);
    if (tensor === undefined) {
      if (data.length !== sizeOf(shape)) {
        throw new Error(`${name} has ${data.length} numbers; its shape [${shape.join(', ')}] wants ${sizeOf(shape)}.`);
      }
      const typed = widened(data, dtype, precision);
      tensor = new ort.Tensor(dtype === 'float32' ? precision : dtype, typed as Float32Array, [...shape]);
      // A converted copy must not be kept: the caller's array may change.
      if (typed === data) byName.set(name, tensor);
    }
    return tensor;
  };

  const run = async (feeds: Feeds, into?: Outputs): Promise<Outputs> => {
    const inputs: Record<string, OrtTensor> = {};
    for (const [name, { shape, dtype = 'float32' }] of Object.entries(options.inputs)) {
      const data = feeds[name];
      if (data === undefined) throw new Error(`The input ${name} is missing.`);
      // An input that the traced function never uses is not in the graph.
      if (used.has(name)) inputs[name] = wrap(name, data, shape, dtype);
    }
    const fetches: Record<string, OrtTensor | null> = {};
    for (const [name, { shape, dtype }] of Object.entries(traced.outputs)) {
      const target = into?.[name];
      fetches[name] = target === undefined ? null : wrap(name, target, shape, dtype);
    }
    const results = await session.run(inputs, fetches);
    const outputs: Outputs = {};
    for (const name of Object.keys(traced.outputs)) {
      outputs[name] = into?.[name] ?? (results[name]?.data as TensorData);
    }
    return outputs;
  };
  const used = new Set(session.inputNames);
  return {
    outputs: traced.outputs,
    gradients: traced.gradients,
    nodes: traced.graph.nodes.length,
    run,
    dispose: () => session.release(),
  };
}

function widened(data: TensorData, dtype: DType, precision: Precision): TensorData {
  if (dtype !== 'float32') return data;
  if (precision === 'float64') return data instanceof Float64Array ? data : Float64Array.from(data);
  return data instanceof Float32Array ? data : Float32Array.from(data);
}
