import * as ort from 'onnxruntime-node';
import { RunError } from '../../../shared/errors';
import type { Graph } from '../onnx/graph';
import { serialise } from '../onnx/serialise';
import { inputName, outputName, trace } from '../trace/trace';
import type { CompileOptions, DType, Feeds, Outputs, Precision, Program, TensorData, TensorFunction } from '../types';
import { compileFailure, runFailure } from './failures';
import { checkedFeed, checkedTarget, refuseOverlap, type TypedArray } from './feeds';

export interface OrtOptions {
  readonly provider: 'cpu' | 'webgpu' | 'cuda';
  /** Threads inside an op; the runtime's own choice (one a core) when left out. */
  readonly threads?: number;
  /** Whether threads wait for the next op without giving up their core; the runtime's own choice, true, when left out. */
  readonly spin?: boolean;
  /** Of the graph's floats; `float32` when left out. */
  readonly precision?: Precision;
}

export const ortVersion = ort.env.versions.node ?? 'of unknown version';

/** The format's own limit: protobuf counts bytes in 31 bits. */
const largestModel = 2 ** 31 - 1;

/** Traces a function and compiles the graph with ONNX Runtime. */
export async function ortProgram(
  fn: TensorFunction,
  options: CompileOptions,
  ortOptions: OrtOptions,
): Promise<Program> {
  const device = ortOptions.provider;
  const precision = options.precision ?? 'float32';
  const traced = trace(fn, options);
  const session = await createSession(traced.graph, { ...ortOptions, precision });
  const present = new Set(session.inputNames);
  const inputs = Object.entries(options.inputs).map(([name, spec]) => ({
    name,
    spec,
    // An input that the traced function never uses is not in the graph.
    used: present.has(inputName(name)),
    wrap: wrapper(spec.shape, spec.dtype ?? 'float32', precision),
  }));
  const outputs = Object.entries(traced.outputs).map(([name, spec]) => ({
    name,
    ...spec,
    wrap: wrapper(spec.shape, spec.dtype, precision),
  }));

  const start = (feeds: Feeds, into: Outputs): Promise<ort.InferenceSession.OnnxValueMapType> => {
    const wrapped: Record<string, ort.Tensor> = {};
    for (const { name, spec, used, wrap } of inputs) {
      const data = checkedFeed(name, feeds[name], spec);
      if (used) wrapped[inputName(name)] = wrap(data);
    }
    const fetches: Record<string, ort.Tensor | null> = {};
    for (const { name, shape, dtype, wrap } of outputs) {
      const target = into[name];
      fetches[outputName(name)] = null;
      if (target === undefined) continue;
      checkedTarget(name, target, shape, arrayType(dtype, precision));
      refuseOverlap(name, target, feeds);
      fetches[outputName(name)] = wrap(target);
    }
    return session.run(wrapped, fetches);
  };

  // The last run that was started. The runtime computes one after the other on this thread; disposing waits for them.
  let pending: Promise<unknown> = Promise.resolve();
  let disposed: Promise<void> | undefined;
  const run = async (feeds: Feeds, into: Outputs = {}): Promise<Outputs> => {
    if (disposed !== undefined) throw new Error('The program has been disposed of.');
    const started = start(feeds, into);
    pending = started;
    const results = await started.catch((error: unknown) => {
      throw runFailure(device, error);
    });
    return Object.fromEntries(
      outputs.map(({ name }) => [name, into[name] ?? (results[outputName(name)]?.data as TensorData)]),
    );
  };
  return {
    outputs: traced.outputs,
    gradients: traced.gradients,
    nodes: traced.graph.nodes.length,
    run,
    dispose: () => (disposed ??= pending.catch(() => undefined).then(() => session.release())),
  };
}

/** Compiles a graph. @throws RunError with a sentence where the runtime or the device refuses it */
export async function createSession(
  graph: Graph,
  { provider, threads, spin = true, precision }: OrtOptions,
): Promise<ort.InferenceSession> {
  if (graph.outputs.length === 0) throw new Error('A program must have an output.');
  const bytes = [...graph.initializers.values()].reduce((sum, { data }) => sum + data.byteLength, 0);
  if (bytes > largestModel) {
    const size = (bytes / 1e9).toLocaleString('en', { maximumSignificantDigits: 3 });
    throw new RunError(`The constants of the program take ${size} GB; 2.1 GB is the limit. Use fewer data at once.`);
  }
  try {
    return await ort.InferenceSession.create(serialise(graph), {
      executionProviders: [provider],
      graphOptimizationLevel: 'all',
      // Nothing on the terminal: failures are thrown, and that a GPU provider leaves some nodes to the CPU is no news.
      logSeverityLevel: 4,
      ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
      extra: {
        session: spin ? {} : { intra_op: { allow_spinning: '0' } },
        // x σ(x) becomes one op that there is for single floats only.
        optimization: precision === 'float64' ? { disable_specified_optimizers: 'QuickGeluFusion' } : {},
      },
    });
  } catch (error) {
    throw compileFailure(provider, error);
  }
}

/** Wraps arrays as tensors. That costs microseconds, and the same buffers come back on every step, so wrappers are kept. */
function wrapper(shape: readonly number[], dtype: DType, precision: Precision): (data: TensorData) => ort.Tensor {
  const kept = new WeakMap<TensorData, ort.Tensor>();
  const type = arrayType(dtype, precision);
  const tensor = (data: TensorData): ort.Tensor =>
    new ort.Tensor(dtype === 'float32' ? precision : dtype, data as Float32Array, shape);
  return (data) => {
    // A converted copy is not kept: the caller's array may change.
    if (!(data instanceof type)) return tensor(type.from(data));
    let known = kept.get(data);
    if (known === undefined) kept.set(data, (known = tensor(data)));
    return known;
  };
}

function arrayType(dtype: DType, precision: Precision): TypedArray {
  if (dtype === 'int32') return Int32Array;
  if (dtype === 'bool') return Uint8Array;
  return precision === 'float64' ? Float64Array : Float32Array;
}
