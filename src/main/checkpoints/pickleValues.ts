import type { DType } from './types';

/** A name of the allow-list. It is data: nothing outside this project's own tables is ever looked up or called by it. */
export interface PickleGlobal {
  readonly kind: 'global';
  readonly name: string;
  /** Set for the types of storages. */
  readonly storage?: DType;
  /** What REDUCE gives for it; throws a plain phrase through `fail`. */
  readonly call?: (args: readonly PickleValue[], fail: (what: string) => never) => PickleValue;
}

/** A block of elements that lies elsewhere in the file. */
export interface StorageRef {
  readonly kind: 'storage';
  readonly key: string;
  readonly dtype: DType;
  /** Elements in the whole block. */
  readonly elements: number;
  /** The part that belongs to this reference, in elements; old files cut one block into several. */
  readonly start: number;
  readonly length: number;
}

/** A tensor not read yet: a strided window on a storage. Types are checked, ranges are not (see materialise.ts). */
export interface TensorRef {
  readonly kind: 'tensor';
  readonly storage: StorageRef;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

/** Tuples and lists are arrays, dictionaries are Maps (so that no key, `__proto__` included, is special). */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleValue[]
  | Map<PickleValue, PickleValue>
  | PickleGlobal
  | StorageRef
  | TensorRef;

type Tagged = Extract<PickleValue, { kind: string }>;

/** Whether the value is a global, a storage or a tensor. */
export function isKind<K extends Tagged['kind']>(value: unknown, kind: K): value is Extract<Tagged, { kind: K }> {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === kind;
}

/** What to call the value when it is listed for a person. */
export function describe(value: PickleValue): string {
  if (value === null) return 'none';
  if (Array.isArray(value)) return 'list';
  if (value instanceof Map) return 'dictionary';
  if (value instanceof Uint8Array) return 'bytes';
  return typeof value === 'object' ? value.kind : typeof value;
}
