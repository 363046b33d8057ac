import { describe, expect, it } from 'vitest';
import type { ElementArray } from '../../../src/main/files/elements';
import { readNpy } from '../../../src/main/files/npy';
import { writeNpy } from '../../support/writeNpy';
import { InputError } from '../../../src/shared/errors';
import { buildNpy, npyHeader } from './buildNpy';
import { fuzz } from './fuzz';

describe('readNpy', () => {
  // struct.pack in Python, or numpy.array([...], dtype).tobytes(), gives the same bytes.
  it.each<[string, number[], ElementArray]>([
    ['<f4', [0, 0, 0xc0, 0x3f, 0, 0, 0, 0xc0], Float32Array.of(1.5, -2)],
    ['>f4', [0x3f, 0xc0, 0, 0, 0xc0, 0, 0, 0], Float32Array.of(1.5, -2)],
    ['<f8', [0, 0, 0, 0, 0, 0, 0xf8, 0x3f, 0, 0, 0, 0, 0, 0, 0, 0xc0], Float64Array.of(1.5, -2)],
    ['>f8', [0x3f, 0xf8, 0, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0], Float64Array.of(1.5, -2)],
    ['<f2', [0, 0x3e, 0, 0xc0], Float32Array.of(1.5, -2)],
    ['>f2', [0x7b, 0xff, 0, 1], Float32Array.of(65504, 2 ** -24)],
    ['|i1', [0xff, 0x7f], Int8Array.of(-1, 127)],
    ['<i2', [0xfe, 0xff, 0, 1], Int16Array.of(-2, 256)],
    ['>i2', [0xff, 0xfe, 1, 0], Int16Array.of(-2, 256)],
    ['>i4', [0xff, 0xff, 0xff, 0xfe, 0, 0, 1, 0], Int32Array.of(-2, 256)],
    [
      '<i8',
      [0xfe, 255, 255, 255, 255, 255, 255, 255, 1, 0, 0, 0, 0, 0, 0, 0x40],
      BigInt64Array.of(-2n, 2n ** 62n + 1n),
    ],
    ['|u1', [3, 255], Uint8Array.of(3, 255)],
    ['>u2', [1, 2, 3, 4], Uint16Array.of(258, 772)],
    ['<u4', [1, 0, 0, 0, 0, 0, 0, 0x80], Uint32Array.of(1, 2 ** 31)],
    ['>u8', [0, 0, 0, 0, 0, 0, 0, 9, 0x80, 0, 0, 0, 0, 0, 0, 0], BigUint64Array.of(9n, 2n ** 63n)],
    ['|b1', [0, 1], Uint8Array.of(0, 1)],
    ['=i4', [1, 0, 0, 0, 2, 0, 0, 0], Int32Array.of(1, 2)],
  ])('reads %s', (descr, bytes, data) => {
    expect(readNpy(buildNpy(npyHeader(descr, '(2,)'), bytes), 'x.npy')).toEqual({
      dtype: descr.slice(1),
      shape: [2],
      data,
    });
  });

  it('reads infinities and NaN in half precision', () => {
    const { data } = readNpy(buildNpy(npyHeader('<f2', '(4,)'), [0, 0x7c, 0, 0xfc, 1, 0x7c, 0, 0x80]), 'x.npy');
    expect([...data]).toEqual([Infinity, -Infinity, NaN, -0]);
  });

  it.each([1, 2, 3])('reads version %d.0 and other ways to write the header', (version) => {
    const header = `{"shape": (2L, 1), 'fortran_order':False,\n 'descr':"|u1"}`;
    expect(readNpy(buildNpy(header, [7, 8], version), 'x.npy')).toMatchObject({ shape: [2, 1], dtype: 'u1' });
  });

  it('reads single numbers and empty arrays', () => {
    expect(readNpy(buildNpy(npyHeader('|u1', '()'), [7]), 'x')).toEqual({
      dtype: 'u1',
      shape: [],
      data: Uint8Array.of(7),
    });
    expect(readNpy(buildNpy(npyHeader('<f4', '(0, 3)'), []), 'x').shape).toEqual([0, 3]);
    expect(readNpy(buildNpy(npyHeader('<f4', '(3, 0)', true), []), 'x').data.length).toBe(0);
  });

  it('turns Fortran order into C order', () => {
    // numpy.arange(24).reshape(2, 3, 4), stored with its first axis fastest.
    const stored = Array.from({ length: 24 }, (_, i) => (i % 2) * 12 + (Math.floor(i / 2) % 3) * 4 + Math.floor(i / 6));
    const bytes = buildNpy(npyHeader('|u1', '(2, 3, 4)', true), stored);
    expect([...readNpy(bytes, 'x').data]).toEqual([...Array(24).keys()]);
    expect([...readNpy(bytes, 'x', { offset: 1 }).data]).toEqual([...Array(12).keys()].map((i) => i + 12));
    expect([...readNpy(buildNpy(npyHeader('<i2', '(2,)', true), [1, 0, 2, 0]), 'x').data]).toEqual([1, 2]);
  });

  it('reads some rows only', () => {
    const bytes = writeNpy(
      Float32Array.from({ length: 12 }, (_, i) => i),
      [4, 3],
    );
    expect(readNpy(bytes, 'x', { offset: 1, limit: 2 })).toEqual({
      dtype: 'f4',
      shape: [2, 3],
      data: Float32Array.of(3, 4, 5, 6, 7, 8),
    });
    expect(readNpy(bytes, 'x', { offset: 3, limit: 9 }).shape).toEqual([1, 3]);
    expect(readNpy(bytes, 'x', { offset: 9 }).shape).toEqual([0, 3]);
  });

  it.each<[string, Uint8Array, RegExp]>([
    ['other files', Uint8Array.of(1, 2, 3), /not a \.npy file/],
    [
      'objects',
      buildNpy(npyHeader('|O', '(1,)'), [0x80, 3, 0x2e]),
      /holds Python objects, which are pickled and never/,
    ],
    [
      'records',
      buildNpy(`{'descr': [('a', '<f4'), ('b', '<f4', (2,))], 'fortran_order': False, 'shape': (0,)}`, []),
      /structured/,
    ],
    ['text', buildNpy(npyHeader('<U3', '(1,)'), Array<number>(12).fill(0)), /holds text \(<U3\)/],
    ['complex numbers', buildNpy(npyHeader('<c8', '(1,)'), Array<number>(8).fill(0)), /complex/],
    ['long doubles', buildNpy(npyHeader('<f16', '(1,)'), Array<number>(16).fill(0)), /element type <f16 is not known/],
    ['no byte order', buildNpy(npyHeader('|f4', '(1,)'), [0, 0, 0, 0]), /element type \|f4 is not known/],
    ['a version to come', buildNpy(npyHeader('|u1', '(1,)'), [1], 4), /version 4\.0 is not known/],
    ['missing data', buildNpy(npyHeader('<f4', '(3,)'), [0, 0, 0, 0]), /shape \(3\) takes \d+ bytes and the file has/],
    ['data left over', buildNpy(npyHeader('|u1', '(1,)'), [0, 0]), /takes 129 bytes and the file has 130/],
    [
      'a great shape',
      buildNpy(npyHeader('<f4', '(1000000, 1000000)'), []),
      /takes 4000000000128 bytes and the file has 128/,
    ],
    ['an absurd shape', buildNpy(npyHeader('<f4', '(9000000000000, 9000000000000)'), []), /is absurd/],
    ['an absurd size', buildNpy(npyHeader('<f4', '(9999999999999999,)'), []), /is absurd/],
    ['a negative size', buildNpy(npyHeader('<f4', '(-1,)'), []), /not a dictionary as NumPy writes it/],
    ['a broken size', buildNpy(npyHeader('<f4', '(1.5,)'), []), /not a dictionary as NumPy writes it/],
    ['a nested shape', buildNpy(npyHeader('<f4', '((1,),)'), []), /not a tuple of sizes/],
    ['a call', buildNpy(npyHeader('<f4', 'print(1)'), []), /not a dictionary as NumPy writes it/],
    ['deep nesting', buildNpy(npyHeader('<f4', '['.repeat(30_000)), []), /not a dictionary as NumPy writes it/],
    ['a key twice', buildNpy(`{'descr': '|u1', 'descr': '|u1'}`, []), /not a dictionary/],
    [
      'more keys',
      buildNpy(`{'descr': '|u1', 'fortran_order': False, 'shape': (), 'x': 1}`, [0]),
      /has the keys descr, /,
    ],
    ['no keys', buildNpy('{}', []), /has the keys/],
    ['a wrong order', buildNpy(`{'descr': '|u1', 'fortran_order': 1, 'shape': ()}`, [0]), /neither True nor False/],
    ['a wrong type', buildNpy(`{'descr': 3, 'fortran_order': True, 'shape': ()}`, [0]), /descr is not a string/],
    ['no dictionary', buildNpy('(1, 2)', []), /not a dictionary/],
    ['words after it', buildNpy(`${npyHeader('|u1', '()')} x`, [0]), /not a dictionary/],
    ['a cut header', buildNpy(npyHeader('|u1', '()'), [0]).subarray(0, 60), /header is cut short/],
    ['a long header', Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 2, 0, 255, 255, 255, 255), /4294967295 bytes/],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => readNpy(bytes, 'x.npy')).toThrow(InputError);
    expect(() => readNpy(bytes, 'x.npy')).toThrow(message);
  });

  it.each([
    ['C order', writeNpy(Float32Array.of(1, 2, 3, 4, 5, 6), [2, 3])],
    ['Fortran order', buildNpy(npyHeader('>i2', '(2, 2)', true), [0, 1, 0, 2, 0, 3, 0, 4], 2)],
  ])('survives damage (%s)', (_, bytes) => {
    expect(fuzz(bytes, (damaged) => readNpy(damaged, 'x.npy'))).toBeLessThan(1000);
  });
});

describe('writeNpy', () => {
  it('writes what numpy.save writes', () => {
    const header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }";
    expect(writeNpy(Float32Array.of(1.5, -2), [2])).toEqual(buildNpy(header, [0, 0, 0xc0, 0x3f, 0, 0, 0, 0xc0]));
    expect(() => writeNpy(Float32Array.of(1, 2), [3])).toThrow(RangeError);
  });

  it.each<[string, ElementArray, number[]]>([
    ['f4', Float32Array.of(1, 2, 3, 4, 5, 6), [2, 3]],
    ['f8', Float64Array.of(Math.PI), []],
    ['i1', Int8Array.of(-1), [1, 1, 1]],
    ['i2', Int16Array.of(-300), [1]],
    ['i4', Int32Array.of(1, -70_000).subarray(1), [1]],
    ['i8', BigInt64Array.of(-5n), [1]],
    ['u1', Uint8Array.of(), [0]],
    ['u2', Uint16Array.of(65535), [1]],
    ['u4', Uint32Array.of(2 ** 32 - 1), [1]],
    ['u8', BigUint64Array.of(2n ** 64n - 1n), [1]],
  ])('is undone by readNpy (%s)', (dtype, data, shape) => {
    const bytes = writeNpy(data, shape);
    expect((bytes.length - data.byteLength) % 64).toBe(0);
    expect(readNpy(bytes, 'x.npy')).toEqual({ dtype, shape, data });
  });
});
