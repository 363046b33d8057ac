import type { TensorInfo } from '@tensorflow/tfjs-core';
import { onnxTypes } from '../onnx/graph';
import type { Tracer } from '../trace/tracer';
import type { DType } from '../types';

/** What a number becomes when it is stored as a dtype. */
export function stored(value: number, dtype: string): number {
  if (dtype === 'bool') return Number(value !== 0);
  return dtype === 'int32' ? Math.trunc(value) : value;
}

/** The tensor as another dtype: nothing, another number for a uniform tensor, or a Cast. */
export function castTo(tracer: Tracer, x: TensorInfo, dtype: string): TensorInfo {
  const uniform = tracer.uniformOf(x);
  if (uniform !== undefined) return tracer.uniform(x.shape, dtype, stored(uniform, dtype));
  if (dtype === x.dtype) return tracer.broadcast(x, x.shape);
  return tracer.elementwise('Cast', [x], x.shape, dtype, { to: { i: onnxTypes[tracer.typeOf(dtype)] } });
}

/** A tensor whose numbers are known while tracing: ranges, interpolation weights, masks. */
export function known(tracer: Tracer, values: readonly number[], shape: readonly number[], dtype: DType): TensorInfo {
  const type = tracer.typeOf(dtype);
  const data =
    type === 'float64'
      ? Float64Array.from(values)
      : type === 'float32'
        ? Float32Array.from(values)
        : type === 'int32'
          ? Int32Array.from(values)
          : Uint8Array.from(values);
  return tracer.tensor(shape, dtype, { shape, name: tracer.constant(data, shape, type) });
}

/** The whole numbers from 0 to `count` − 1. */
export function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

/** The number that fills all of the tensors alike, or undefined. */
export function commonUniform(tracer: Tracer, tensors: readonly TensorInfo[]): number | undefined {
  const [first, ...rest] = tensors.map((tensor) => tracer.uniformOf(tensor));
  return rest.every((value) => Object.is(value, first)) ? first : undefined;
}
