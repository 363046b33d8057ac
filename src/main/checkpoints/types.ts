/** What an element was in the file. Half precision is widened when it is read, booleans are bytes of 0 and 1. */
export type DType =
  | 'float64'
  | 'float32'
  | 'float16'
  | 'bfloat16'
  | 'int64'
  | 'int32'
  | 'int16'
  | 'int8'
  | 'uint64'
  | 'uint32'
  | 'uint16'
  | 'uint8'
  | 'bool';

/** How elements are held: float16 and bfloat16 as Float32Array (exact), bool as Uint8Array, all others as their own kind. */
export type TensorData =
  | Float64Array
  | Float32Array
  | BigInt64Array
  | Int32Array
  | Int16Array
  | Int8Array
  | BigUint64Array
  | Uint32Array
  | Uint16Array
  | Uint8Array;

/** A tensor of a file: contiguous, row-major. */
export interface NamedTensor {
  readonly name: string;
  /** [] for a scalar. */
  readonly shape: readonly number[];
  /** The type in the file; `data` may be wider, see {@link TensorData}. */
  readonly dtype: DType;
  /** Product of `shape` elements. Tied tensors and the file's own bytes may lie behind it: read, never write. */
  readonly data: TensorData;
}

export type CheckpointFormat = 'torch-zip' | 'torch-stream' | 'safetensors' | 'npz';

/** A single value worth showing beside the tensors: an epoch, a version, a line of safetensors' `__metadata__`. */
export type Scalar = string | number | boolean;

/** What a reader finds in the bytes of a file. */
export interface CheckpointContent {
  readonly tensors: ReadonlyMap<string, NamedTensor>;
  /** Where the tensors were found, as a phrase: "the dictionary under 'state_dict'". */
  readonly source: string;
  /** What else lies in the file and was left alone: "optimizer (dictionary)", "rng (tensor)". */
  readonly ignored: readonly string[];
  readonly metadata: ReadonlyMap<string, Scalar>;
}

/** A checkpoint file, read. */
export interface Checkpoint extends CheckpointContent {
  readonly path: string;
  readonly format: CheckpointFormat;
  /** Size of the file. */
  readonly bytes: number;
  /** Of the whole file, in lower-case hex. */
  readonly sha256: string;
}
