import { halfToNumber } from '../files/elements';
import type { DType, NamedTensor, TensorData } from './types';

interface Layout {
  /** Bytes of one element in a file. */
  readonly bytes: number;
  /** Reads little-endian elements, without a copy where alignment allows. `raw.length` must be a multiple of `bytes`. */
  decode(raw: Uint8Array): TensorData;
  /** Zeros, of the kind that `decode` gives. */
  zeros(count: number): TensorData;
}

interface Kind<T> {
  readonly BYTES_PER_ELEMENT: number;
  new (count: number): T;
  new (buffer: ArrayBufferLike, byteOffset: number, count: number): T;
}

// Every platform that Node and ONNX Runtime ship for is little-endian, as all the file formats are: a view is enough.
function viewOf<T>(kind: Kind<T>, raw: Uint8Array): T {
  const aligned = raw.byteOffset % kind.BYTES_PER_ELEMENT === 0 ? raw : raw.slice();
  return new kind(aligned.buffer, aligned.byteOffset, aligned.byteLength / kind.BYTES_PER_ELEMENT);
}

function plain<T extends TensorData>(kind: Kind<T>): Layout {
  return {
    bytes: kind.BYTES_PER_ELEMENT,
    decode: (raw) => viewOf(kind, raw),
    zeros: (count) => new kind(count),
  };
}

function widened(widen: (raw: Uint16Array) => Float32Array): Layout {
  return {
    bytes: 2,
    decode: (raw) => widen(viewOf(Uint16Array, raw)),
    zeros: (count) => new Float32Array(count),
  };
}

/** How each type lies in a file and in memory. */
export const layouts: Readonly<Record<DType, Layout>> = {
  float64: plain(Float64Array),
  float32: plain(Float32Array),
  float16: widened((raw) => Float32Array.from(raw, halfToNumber)),
  bfloat16: widened(widenBrain),
  int64: plain(BigInt64Array),
  int32: plain(Int32Array),
  int16: plain(Int16Array),
  int8: plain(Int8Array),
  uint64: plain(BigUint64Array),
  uint32: plain(Uint32Array),
  uint16: plain(Uint16Array),
  uint8: plain(Uint8Array),
  bool: plain(Uint8Array),
};

/** bfloat16 is the upper half of a float32. */
function widenBrain(raw: Uint16Array): Float32Array {
  return new Float32Array(Uint32Array.from(raw, (bits) => bits << 16).buffer);
}

/**
 * The elements as float32, what models compute with: float64 and integers are rounded to the nearest, int64 included.
 * @returns row-major, product of `shape` elements; the tensor's own array where it is float32 already, so do not write to it
 */
export function asFloat32(tensor: Pick<NamedTensor, 'data'>): Float32Array {
  const { data } = tensor;
  if (data instanceof Float32Array) return data;
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) return Float32Array.from(data, Number);
  return Float32Array.from(data);
}

/**
 * The elements as float64, for devices that compute in double. int64 beyond 2^53 is rounded.
 * @returns row-major, product of `shape` elements; the tensor's own array where it is float64 already, so do not write to it
 */
export function asFloat64(tensor: Pick<NamedTensor, 'data'>): Float64Array {
  const { data } = tensor;
  if (data instanceof Float64Array) return data;
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) return Float64Array.from(data, Number);
  return Float64Array.from(data);
}
