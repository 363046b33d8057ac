import { z } from 'zod';
import { InputError } from '../../shared/errors';
import { layouts } from './dtypes';
import type { CheckpointContent, DType, NamedTensor } from './types';
import { tensorIn } from './where';

// A length (u64), a header of that many bytes (JSON: name -> type, shape, offsets), then the elements back to back, little-endian.

/** As in the reference reader. */
const maximumHeaderBytes = 100_000_000;

const dtypes: ReadonlyMap<string, DType> = new Map([
  ['F64', 'float64'],
  ['F32', 'float32'],
  ['F16', 'float16'],
  ['BF16', 'bfloat16'],
  ['I64', 'int64'],
  ['I32', 'int32'],
  ['I16', 'int16'],
  ['I8', 'int8'],
  ['U64', 'uint64'],
  ['U32', 'uint32'],
  ['U16', 'uint16'],
  ['U8', 'uint8'],
  ['BOOL', 'bool'],
]);

const count = z.number().int().nonnegative();
const entrySchema = z.strictObject({
  dtype: z.string(),
  shape: z.array(count).max(64),
  data_offsets: z.tuple([count, count]),
});
const metadataSchema = z.array(z.tuple([z.string(), z.string()]));

type Entry = z.infer<typeof entrySchema> & { name: string };

/** Whether the file begins with a length and a JSON object. */
export function isSafetensors(bytes: Uint8Array): boolean {
  return bytes.length >= 10 && bytes[8] === 0x7b && bytes[7] === 0 && bytes[6] === 0;
}

/**
 * Tensors are views of `bytes` where alignment allows.
 * @param where the file, for messages
 * @throws InputError if header or offsets are damaged, or a type is not known; sizes are checked before anything is allocated
 */
export function readSafetensors(bytes: Uint8Array, where: string): CheckpointContent {
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  if (length > maximumHeaderBytes)
    throw damaged(where, `its header claims ${length} bytes, more than the ${maximumHeaderBytes} allowed`);
  if (length > bytes.length - 8)
    throw damaged(where, `its header claims ${length} bytes, the file has ${bytes.length}`);
  const header = parseHeader(bytes.subarray(8, 8 + length), where);
  const data = bytes.subarray(8 + length);
  const metadata = new Map<string, string>();
  const entries: Entry[] = [];
  for (const [name, value] of Object.entries(header)) {
    if (name === '__metadata__') {
      const lines = metadataSchema.safeParse(isObject(value) ? Object.entries(value) : value);
      if (!lines.success) throw damaged(where, 'its __metadata__ is not a list of texts');
      for (const [key, text] of lines.data) metadata.set(key, text);
    } else entries.push(parseEntry(name, value, where));
  }
  checkTiling(entries, data.length, where);
  const tensors = new Map<string, NamedTensor>();
  for (const entry of entries) tensors.set(entry.name, decode(entry, data, where));
  return { tensors, source: 'the whole file', ignored: [], metadata };
}

function parseHeader(raw: Uint8Array, where: string): Record<string, unknown> {
  try {
    const header: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(raw));
    if (isObject(header)) return header;
  } catch (cause) {
    throw damaged(where, 'its header is no JSON', cause);
  }
  throw damaged(where, 'its header is no JSON object');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseEntry(name: string, value: unknown, where: string): Entry {
  const entry = entrySchema.safeParse(value);
  if (entry.success) return { name, ...entry.data };
  const issue = entry.error.issues[0];
  throw damaged(tensorIn(where, name), `${issue?.path.join('.') || 'its entry'}: ${issue?.message ?? 'damaged'}`);
}

/** Tensors must lie back to back from the first byte to the last, as in the reference reader: nothing overlaps or hides. */
function checkTiling(entries: readonly Entry[], dataBytes: number, where: string): void {
  let end = 0;
  for (const {
    name,
    data_offsets: [from, to],
  } of entries.toSorted(byOffset)) {
    const tensorWhere = tensorIn(where, name);
    if (to > dataBytes) throw damaged(tensorWhere, `it ends at byte ${to} of ${dataBytes}`);
    if (from !== end || to < from)
      throw damaged(tensorWhere, `it lies at bytes ${from} to ${to}, but the tensor before it ends at ${end}`);
    end = to;
  }
  if (end !== dataBytes) throw damaged(where, `${dataBytes - end} bytes after the last tensor belong to none`);
}

function byOffset(a: Entry, b: Entry): number {
  return a.data_offsets[0] - b.data_offsets[0] || a.data_offsets[1] - b.data_offsets[1];
}

function decode(
  { name, dtype: code, shape, data_offsets: [from, to] }: Entry,
  data: Uint8Array,
  where: string,
): NamedTensor {
  const dtype = dtypes.get(code);
  if (dtype === undefined)
    throw new InputError(
      tensorIn(where, name),
      `its type ${code} is not supported`,
      'Convert it to F32 or F16 before saving.',
    );
  const bytes = shape.reduce((product, size) => product * size, layouts[dtype].bytes);
  if (bytes !== to - from)
    throw damaged(
      tensorIn(where, name),
      `${code} of shape [${shape.join(', ')}] takes ${bytes} bytes, it has ${to - from}`,
    );
  return { name, shape, dtype, data: layouts[dtype].decode(data.subarray(from, to)) };
}

function damaged(where: string, what: string, cause?: unknown): InputError {
  return new InputError(where, what, 'The file is damaged or cut off: copy or save it again.', { cause });
}
