import { sizeOf, type DType, type Feeds, type TensorData, type TensorSpec } from '../types';

/** Array types that an input of each type may be given as. Floats may be wider or narrower than the program's own. */
const accepted = {
  float32: [Float32Array, Float64Array],
  int32: [Int32Array],
  bool: [Uint8Array],
} as const satisfies Record<DType, readonly unknown[]>;

/**
 * The array of one input, checked.
 * @throws Error that names the input and what it wants, when it is missing or has another type or size
 */
export function checkedFeed(
  name: string,
  data: TensorData | undefined,
  { shape, dtype = 'float32' }: TensorSpec,
): TensorData {
  if (data === undefined) throw new Error(`The input ${name} is missing.`);
  if (!accepted[dtype].some((type) => data instanceof type)) {
    const types = accepted[dtype].map((type) => type.name).join(' or ');
    throw new Error(`The input ${name} is ${typeName(data)}; ${dtype} wants a ${types}.`);
  }
  const size = sizeOf(shape);
  if (data.length !== size) {
    throw new Error(`The input ${name} has ${data.length} numbers; its shape [${shape.join(', ')}] wants ${size}.`);
  }
  return data;
}

/**
 * An array that an output is to be written into, checked. It must have the output's very type: a converted copy would be
 * written and the caller's array would stay as it is.
 */
export function checkedTarget(
  name: string,
  target: TensorData,
  shape: readonly number[],
  type: TypedArray,
): TensorData {
  const size = sizeOf(shape);
  if (target instanceof type && target.length === size) return target;
  const given = `${typeName(target)} of ${(target as Partial<TensorData>).length}`;
  throw new Error(`The output ${name} is written into a ${type.name} of ${size}; it was given ${given}.`);
}

export type TypedArray =
  Float32ArrayConstructor | Float64ArrayConstructor | Int32ArrayConstructor | Uint8ArrayConstructor;

/** An output must not share memory with an input, which may still be read when the output is written. */
export function refuseOverlap(name: string, target: TensorData, feeds: Feeds): void {
  for (const [input, data] of Object.entries(feeds)) {
    if (overlap(target, data)) {
      throw new Error(`The output ${name} would overwrite the input ${input} while it is read; use two arrays.`);
    }
  }
}

function overlap(a: TensorData, b: TensorData): boolean {
  return (
    a.buffer === b.buffer && a.byteOffset < b.byteOffset + b.byteLength && b.byteOffset < a.byteOffset + a.byteLength
  );
}

function typeName(value: unknown): string {
  const name = (value as object | null)?.constructor.name ?? String(value);
  return `${/^[AEIOU]/.test(name) ? 'an' : 'a'} ${name}`;
}
