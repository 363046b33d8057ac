/** Element types of binary arrays, named as NumPy does: kind and bytes. */
export type Dtype = 'f2' | 'f4' | 'f8' | 'i1' | 'i2' | 'i4' | 'i8' | 'u1' | 'u2' | 'u4' | 'u8' | 'b1';

/** What `readElements` gives: f2 widens to Float32Array, b1 to Uint8Array (0 or 1), 64-bit integers stay exact as BigInts. */
export type ElementArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array;

interface Element {
  readonly bytes: number;
  make(length: number): ElementArray;
  get(view: DataView, at: number, littleEndian: boolean): number | bigint;
}

const elements: Readonly<Record<Dtype, Element>> = {
  f2: { bytes: 2, make: (n) => new Float32Array(n), get: (v, at, le) => halfToNumber(v.getUint16(at, le)) },
  f4: { bytes: 4, make: (n) => new Float32Array(n), get: (v, at, le) => v.getFloat32(at, le) },
  f8: { bytes: 8, make: (n) => new Float64Array(n), get: (v, at, le) => v.getFloat64(at, le) },
  i1: { bytes: 1, make: (n) => new Int8Array(n), get: (v, at) => v.getInt8(at) },
  i2: { bytes: 2, make: (n) => new Int16Array(n), get: (v, at, le) => v.getInt16(at, le) },
  i4: { bytes: 4, make: (n) => new Int32Array(n), get: (v, at, le) => v.getInt32(at, le) },
  i8: { bytes: 8, make: (n) => new BigInt64Array(n), get: (v, at, le) => v.getBigInt64(at, le) },
  u1: { bytes: 1, make: (n) => new Uint8Array(n), get: (v, at) => v.getUint8(at) },
  u2: { bytes: 2, make: (n) => new Uint16Array(n), get: (v, at, le) => v.getUint16(at, le) },
  u4: { bytes: 4, make: (n) => new Uint32Array(n), get: (v, at, le) => v.getUint32(at, le) },
  u8: { bytes: 8, make: (n) => new BigUint64Array(n), get: (v, at, le) => v.getBigUint64(at, le) },
  b1: { bytes: 1, make: (n) => new Uint8Array(n), get: (v, at) => (v.getUint8(at) === 0 ? 0 : 1) },
};

/** Bytes of one element. */
export function elementBytes(dtype: Dtype): number {
  return elements[dtype].bytes;
}

export function isDtype(name: string): name is Dtype {
  return Object.hasOwn(elements, name);
}

/**
 * Decodes `count` elements into a fresh array.
 * @param first index of the first element, counted in elements
 * @param source which element of `bytes` goes to place i, for other orders than one after another; `first` is then ignored
 * @throws RangeError if the bytes do not reach that far
 */
export function readElements(
  bytes: Uint8Array,
  dtype: Dtype,
  littleEndian: boolean,
  { first = 0, count, source }: { first?: number; count: number; source?: (i: number) => number },
): ElementArray {
  const element = elements[dtype];
  const size = element.bytes;
  if (!source && (first + count) * size > bytes.length) throw new RangeError('not enough bytes');
  const data = element.make(count);
  // Every machine this runs on is little-endian, so these bytes are in place already.
  if (!source && (littleEndian || size === 1) && dtype !== 'f2' && dtype !== 'b1') {
    new Uint8Array(data.buffer).set(bytes.subarray(first * size, (first + count) * size));
    return data;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let i = 0; i < count; i++) data[i] = element.get(view, (source ? source(i) : first + i) * size, littleEndian);
  return data;
}

/** IEEE 754 binary16, given its bits, as a number (exact). */
export function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}
