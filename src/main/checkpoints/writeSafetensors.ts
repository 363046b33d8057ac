import { layouts } from './dtypes';
import type { DType, NamedTensor } from './types';

const codes: Readonly<Record<DType, string>> = {
  float64: 'F64',
  float32: 'F32',
  // Held widened, and written as held: no digit is lost.
  float16: 'F32',
  bfloat16: 'F32',
  int64: 'I64',
  int32: 'I32',
  int16: 'I16',
  int8: 'I8',
  uint64: 'U64',
  uint32: 'U32',
  uint16: 'U16',
  uint8: 'U8',
  bool: 'BOOL',
};

/**
 * Writes a .safetensors file, larger elements first and then by name as the reference writer does, so that every tensor is aligned
 * and equal content gives equal bytes. float16 and bfloat16 become F32.
 * @param tensors names must differ
 * @param metadata becomes `__metadata__`
 * @throws RangeError if names repeat, one is `__metadata__`, or data does not fill its shape
 */
export function writeSafetensors(
  tensors: Iterable<NamedTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const ordered = [...tensors].sort(
    (a, b) => b.data.BYTES_PER_ELEMENT - a.data.BYTES_PER_ELEMENT || (a.name < b.name ? -1 : 1),
  );
  // A Map, because names come from files and an object would treat `__proto__` as its own.
  const header = new Map<string, unknown>();
  if (Object.keys(metadata).length > 0) header.set('__metadata__', metadata);
  let end = 0;
  for (const { name, shape, dtype, data } of ordered) {
    const count = shape.reduce((product, size) => product * size, 1);
    if (count !== data.length || !(data instanceof layouts[dtype].zeros(0).constructor))
      throw new RangeError(`tensor ${name}: ${data.length} elements do not fill ${dtype} [${shape.join(', ')}]`);
    if (header.has(name) || name === '__metadata__') throw new RangeError(`tensor ${name}: the name is taken`);
    header.set(name, { dtype: codes[dtype], shape, data_offsets: [end, end + data.byteLength] });
    end += data.byteLength;
  }
  const lines = [...header].map(([name, entry]) => `${JSON.stringify(name)}:${JSON.stringify(entry)}`);
  const json = new TextEncoder().encode(`{${lines.join(',')}}`);
  const start = 8 + Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(start + end).fill(0x20, 8, start);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(start - 8), true);
  bytes.set(json, 8);
  let at = start;
  for (const { data } of ordered) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}
