import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import { lowerings } from '../lower';
import type { TensorData } from '../types';
import type { Tracer } from './tracer';

/** Name under which tfjs knows the backend that writes graphs instead of computing. */
const traceBackend = 'onnx-trace';

let active: Tracer | undefined;

/** The tracer of the compilation in progress, or undefined while tfjs computes eagerly. */
export function activeTracer(): Tracer | undefined {
  return active;
}

/**
 * A tfjs backend without numbers. Its kernels append ONNX nodes; tfjs tapes them as always, so gradients of any order
 * come out by running `tf.grad` under it.
 */
class TraceBackend extends tf.KernelBackend {
  override write(values: tf.BackendValues, shape: number[], dtype: tf.DataType): object {
    const tracer = required();
    const data = values as TensorData;
    const first = Number(data[0] ?? 0);
    if (data.every((value) => Number(value) === first)) return tracer.uniform(shape, dtype, first).dataId;
    const type = tracer.typeOf(dtype);
    const array =
      type === 'float64'
        ? Float64Array.from(data)
        : dtype === 'float32'
          ? Float32Array.from(data)
          : dtype === 'int32'
            ? Int32Array.from(data)
            : Uint8Array.from(data);
    return tracer.tensor(shape, dtype, { shape, name: tracer.constant(array, shape, type) }).dataId;
  }
  override readSync(): never {
    throw new Error(noValues());
  }
  override async read(): Promise<never> {
    throw new Error(noValues());
  }
  override disposeData(): boolean {
    return true;
  }
  override refCount(): number {
    return 1;
  }
  override incRef(): void {}
  decRef(): void {}
  override numDataIds(): number {
    return 0;
  }
  override memory(): { unreliable: boolean } {
    return { unreliable: true };
  }
  override floatPrecision(): 16 | 32 {
    return 32;
  }
  override epsilon(): number {
    return 1e-7;
  }
  override timerAvailable(): boolean {
    return false;
  }
  override dispose(): void {}
}

function noValues(): string {
  const op = active?.currentOp ?? '';
  return (
    'The traced function asks for the value of a tensor, but while tracing there are none' +
    (op === '' ? '.' : `; the last op was ${op}.`) +
    ' Use tf.where or another op instead of reading, or pass the value as an argument of the function.'
  );
}

function required(): Tracer {
  if (active === undefined) throw new Error('The tracing backend is used outside a compilation.');
  return active;
}

let registered = false;

function register(): void {
  if (registered) return;
  registered = true;
  tf.registerBackend(traceBackend, () => new TraceBackend(), 0);
  for (const [kernelName, lower] of Object.entries(lowerings)) {
    tf.registerKernel({
      kernelName,
      backendName: traceBackend,
      kernelFunc: ({ inputs, attrs }) => {
        const tracer = required();
        tracer.currentOp = kernelName;
        const result = lower(tracer, inputs, attrs ?? {});
        return Array.isArray(result) ? result.map(asInfo) : asInfo(result);
      },
    });
  }
}

/** tfjs would take an input that comes back as the result for one tensor, and count its gradient twice. */
function asInfo({ dataId, shape, dtype }: tf.TensorInfo): tf.TensorInfo {
  return { dataId, shape, dtype };
}

/** Runs `body` under another tfjs backend. tfjs has one global backend; everything in here is synchronous. */
export function withBackend<T>(name: string, body: () => T): T {
  const previous = tf.engine().backendName;
  void tf.setBackend(name);
  if (tf.engine().backendName !== name) throw new Error(`The tfjs backend ${name} cannot be started.`);
  try {
    return body();
  } finally {
    if (previous) void tf.setBackend(previous);
  }
}

/** Runs `body` with its tfjs ops going to the tracer's graph. */
export function tracing<T>(tracer: Tracer, body: () => T): T {
  register();
  if (active !== undefined) throw new Error('A compilation is already in progress.');
  active = tracer;
  try {
    return withBackend(traceBackend, () => tf.tidy(() => body() as tf.TensorContainer) as T);
  } catch (error) {
    throw explain(error);
  } finally {
    active = undefined;
  }
}

/** tfjs says "Kernel 'X' not registered"; say what that means here. */
function explain(error: unknown): unknown {
  const message = error instanceof Error ? error.message : '';
  const kernel = /Kernel '(\w+)' not registered/.exec(message)?.[1];
  if (kernel === undefined) return error;
  return new Error(`The op ${kernel} has no lowering to ONNX. Add one to src/main/tensor/lower, or avoid the op.`);
}

/** A tfjs tensor for a symbolic value, so that a traced function can be called with it. */
export function asTensor(info: tf.TensorInfo): tf.Tensor {
  return tf.engine().makeTensorFromTensorInfo(info);
}
