import { describe, expect, it } from 'vitest';
import { asFloat32, asFloat64, readContent, writeSafetensors } from '../../../src/main/checkpoints';
import type { NamedTensor } from '../../../src/main/checkpoints';
import { concat } from '../files/fuzz';

function build(header: unknown, data: Uint8Array = new Uint8Array(), length?: bigint): Uint8Array {
  const json = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  return concat(new Uint8Array(BigUint64Array.of(length ?? BigInt(json.length)).buffer), json, data);
}

const entry = (dtype: string, shape: unknown, ...data_offsets: number[]) => ({ dtype, shape, data_offsets });
const read = (bytes: Uint8Array) => readContent(bytes, 'm.safetensors');

const every: NamedTensor[] = [
  { name: 'f64', shape: [1], dtype: 'float64', data: Float64Array.of(1 / 3) },
  { name: 'f32', shape: [2, 1], dtype: 'float32', data: Float32Array.of(1.5, -2) },
  { name: 'i64', shape: [], dtype: 'int64', data: BigInt64Array.of(-(2n ** 60n)) },
  { name: 'i32', shape: [1], dtype: 'int32', data: Int32Array.of(-7) },
  { name: 'i16', shape: [1], dtype: 'int16', data: Int16Array.of(-7) },
  { name: 'i8', shape: [3], dtype: 'int8', data: Int8Array.of(-7, 0, 7) },
  { name: 'u64', shape: [1], dtype: 'uint64', data: BigUint64Array.of(2n ** 63n) },
  { name: 'u8', shape: [0], dtype: 'uint8', data: new Uint8Array() },
  { name: 'bool', shape: [2], dtype: 'bool', data: Uint8Array.of(1, 0) },
  { name: '__proto__', shape: [1], dtype: 'float32', data: Float32Array.of(9) },
];

describe('safetensors', () => {
  it('reads back what it writes, whatever the order', () => {
    const bytes = writeSafetensors(every, { epoch: '3' });
    const { tensors, metadata, format } = read(bytes);
    expect(format).toBe('safetensors');
    expect([...metadata]).toEqual([['epoch', '3']]);
    expect(tensors.size).toBe(every.length);
    for (const tensor of every) expect(tensors.get(tensor.name)).toEqual(tensor);
    expect(writeSafetensors(every.toReversed(), { epoch: '3' })).toEqual(bytes);
    expect(tensors.get('f64')?.data.buffer).toBe(bytes.buffer);
  });

  it('reads half precisions and writes them as F32', () => {
    const halves = Uint16Array.of(0x3e00, 0x8001, 0x7bff, 0x7c00, 0x3fc0, 0xff80);
    const bytes = build({ a: entry('F16', [4], 0, 8), b: entry('BF16', [2], 8, 12) }, new Uint8Array(halves.buffer));
    const { tensors } = read(bytes);
    expect([...(tensors.get('a')?.data ?? [])]).toEqual([1.5, -(2 ** -24), 65504, Infinity]);
    expect([...(tensors.get('b')?.data ?? [])]).toEqual([1.5, -Infinity]);
    const again = read(writeSafetensors(tensors.values())).tensors.get('a');
    expect(again).toEqual({ ...tensors.get('a'), dtype: 'float32' });
  });

  it('gives any type as float32 and float64', () => {
    const { tensors } = read(writeSafetensors(every));
    for (const tensor of tensors.values()) {
      expect([...asFloat32(tensor)]).toEqual([...tensor.data].map((value) => Math.fround(Number(value))));
      expect([...asFloat64(tensor)]).toEqual([...tensor.data].map(Number));
    }
  });

  it('reads unaligned tensors', () => {
    const bytes = build({ a: entry('U8', [1], 0, 1), b: entry('F32', [1], 1, 5) }, Uint8Array.of(7, 0, 0, 0x80, 0x3f));
    expect([...(read(bytes).tensors.get('b')?.data ?? [])]).toEqual([1]);
  });

  const four = new Uint8Array(4);
  it.each([
    ['a huge header', build('{}', undefined, 2n ** 40n), /header claims 1099511627776 bytes, more than the 100000000/],
    ['a header past the end', build('{}', undefined, 3n), /header claims 3 bytes, the file has 10/],
    ['a header that is no JSON', build('{"a":'), /header is no JSON/],
    [
      'a header that is no UTF-8',
      concat(build('', undefined, 3n), Uint8Array.of(0x7b, 0xff, 0x7d)),
      /header is no JSON/,
    ],
    ['an unknown type', build({ a: entry('F8_E4M3', [4], 0, 4) }, four), /tensor a: its type F8_E4M3 is not supported/],
    ['a wrong size', build({ a: entry('F32', [2], 0, 4) }, four), /F32 of shape \[2\] takes 8 bytes, it has 4/],
    [
      'a shape beyond all numbers',
      build({ a: entry('F32', [2 ** 52, 2 ** 52], 0, 4) }, four),
      /takes .* bytes, it has 4/,
    ],
    ['offsets past the end', build({ a: entry('F32', [2], 0, 8) }, four), /tensor a: it ends at byte 8 of 4/],
    ['offsets backwards', build({ a: entry('F32', [0], 4, 0) }, four), /lies at bytes 4 to 0/],
    [
      'an overlap',
      build({ a: entry('I8', [3], 0, 3), b: entry('I8', [2], 2, 4) }, four),
      /tensor b: it lies at bytes 2 to 4/,
    ],
    ['a gap', build({ a: entry('I8', [1], 0, 1), b: entry('I8', [2], 2, 4) }, four), /tensor b/],
    ['bytes left over', build({ a: entry('I8', [3], 0, 3) }, four), /1 bytes after the last tensor/],
    ['a negative size', build({ a: entry('F32', [-1], 0, 4) }, four), /tensor a: shape\.0/],
    ['a shape that is text', build({ a: entry('F32', 'x', 0, 4) }, four), /tensor a: shape/],
    ['one offset', build({ a: entry('F32', [1], 0) }, four), /tensor a: data_offsets/],
    ['an entry that is a number', build({ a: 1 }, four), /tensor a: its entry/],
    ['metadata that is no text', build({ __metadata__: { a: 1 } }), /__metadata__/],
  ])('refuses %s', (_name, bytes, message) => {
    expect(() => read(bytes)).toThrow(message);
  });

  it('refuses to write what could not be read', () => {
    const [f64] = every as [NamedTensor];
    expect(() => writeSafetensors([f64, f64])).toThrow(/name is taken/);
    expect(() => writeSafetensors([{ ...f64, shape: [2] }])).toThrow(/do not fill/);
    expect(() => writeSafetensors([{ ...f64, dtype: 'float32' }])).toThrow(/do not fill/);
  });
});
