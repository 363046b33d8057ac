import { zipSync } from 'fflate';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readDataset } from '../../../src/main/datasets';
import { npy, npz } from '../../../src/main/datasets/npyData';
import { writeNpy } from '../../support/writeNpy';
import { InputError } from '../../../src/shared/errors';
import { buildNpy, npyHeader } from '../files/buildNpy';
import { fuzz } from '../files/fuzz';
import { testFolder } from './folder';

const file = testFolder();
const array = writeNpy(Float64Array.of(1, 2, 3, 4, 5, 6), [3, 2]);
const other = writeNpy(Uint8Array.of(7, 8), [2]);
const archive = (arrays: Record<string, Uint8Array>, level: 0 | 6 = 6) => zipSync(arrays, { level });

describe('NPY', () => {
  it('reads an array, its first axis counting the data', () => {
    const path = file('x.npy', array);
    expect(readDataset(path)).toMatchObject({ name: 'x.npy', format: 'npy', count: 3, shape: [2] });
    expect([...readDataset(path, { offset: 1, limit: 1 }).values]).toEqual([3, 4]);
    expect(readDataset(file('x.npy.gz', gzipSync(array)))).toMatchObject({ format: 'npy.gz', count: 3 });
    expect(readDataset(file('labels', other))).toMatchObject({ format: 'npy', count: 2, shape: [] });
  });

  it('reads Fortran order, big-endian numbers, 64-bit integers and truth values', () => {
    const fortran = buildNpy(npyHeader('>i2', '(2, 2)', true), [0, 1, 0, 2, 0, 3, 0, 4]);
    expect([...readDataset(file('f.npy', fortran)).values]).toEqual([1, 3, 2, 4]);
    expect([...readDataset(file('f.npy', fortran), { offset: 1 }).values]).toEqual([2, 4]);
    const long = writeNpy(BigInt64Array.of(-3n, 2n ** 40n), [2]);
    expect([...readDataset(file('l.npy', long)).values]).toEqual([-3, 2 ** 40]);
    expect([...readDataset(file('b.npy', buildNpy(npyHeader('|b1', '(2,)'), [1, 0]))).values]).toEqual([1, 0]);
  });

  it.each<[string, Uint8Array, RegExp]>([
    ['objects', buildNpy(npyHeader('|O', '(1,)'), [0x80, 3, 0x2e]), /never run/],
    ['a single number', buildNpy(npyHeader('|u1', '()'), [1]), /the array is a single number/],
    ['nothing', buildNpy(npyHeader('<f4', '(0, 5)'), []), /no data in the file/],
    ['data of no size', buildNpy(npyHeader('<f4', '(5, 0)'), []), /no data in the file/],
    ['NaN', writeNpy(Float32Array.of(1, NaN), [1, 2]), /the value at \[0, 1\] is NaN/],
    [
      'numbers too large',
      writeNpy(Float64Array.of(1, 1e300), [2]),
      /the value at \[1\] is 1e\+300, too large for float32/,
    ],
    [
      'a great shape',
      buildNpy(npyHeader('<f4', '(1000000, 1000000)'), []),
      /1000000 data of 1000000 numbers do not fit/,
    ],
    ['missing data', array.subarray(0, -8), /shape \(3, 2\) takes/],
  ])('refuses %s, compressed or not', (_, bytes, message) => {
    expect(() => readDataset(file('bad.npy', bytes))).toThrow(InputError);
    expect(() => readDataset(file('bad.npy', bytes))).toThrow(message);
    expect(() => readDataset(file('bad.npy.gz', gzipSync(bytes)))).toThrow(InputError);
    expect(() => readDataset(file('bad.npz', archive({ 'x.npy': bytes })))).toThrow(/bad\.npz#x: /);
  });

  it('survives damage', () => {
    expect(fuzz(array, (damaged) => npy.read(damaged, 'f.npy', {}))).toBeLessThan(1000);
  });
});

describe('NPZ', () => {
  it.each([0, 6] as const)('reads the only array (deflate level %d)', (level) => {
    const path = file('one.npz', archive({ 'train.npy': array }, level));
    expect(readDataset(path, { limit: 2 })).toMatchObject({
      name: 'one.npz#train',
      format: 'npz',
      count: 2,
      shape: [2],
    });
  });

  it.each(['x', 'data', 'arr_0'])('prefers the array called %s', (name) => {
    const path = file('several.npz', archive({ 'a.npy': other, [`${name}.npy`]: array, 'arr_1.npy': other }));
    expect(readDataset(path).name).toBe(`several.npz#${name}`);
  });

  const two = archive({ 'train.npy': array, 'test.npy': other, 'readme.txt': other });
  it('reads the array that is named', () => {
    const path = file('two.npz', two);
    expect(readDataset(`${path}#test`)).toMatchObject({ name: 'two.npz#test', count: 2 });
    expect(readDataset(path, { array: 'train' }).count).toBe(3);
    expect(readDataset(`${path}#train`, { array: 'train' }).count).toBe(3);
    expect(readDataset(file('odd#name.npz', two), { array: 'train' }).name).toBe('odd#name.npz#train');
  });

  it.each<[string, string, { array?: string }, RegExp]>([
    ['no name where it is not clear', '', {}, /has 2 arrays and .* file\.npz#train\. It has train, test\.$/],
    ['a name that is not there', '#valid', {}, /there is no array "valid"\. It has train, test\./],
    ['two names', '#train', { array: 'test' }, /names another array, "test"/],
  ])('refuses %s', (_, suffix, options, message) => {
    expect(() => readDataset(file('two.npz', two) + suffix, options)).toThrow(message);
  });

  it('refuses other archives, and names where there are none', () => {
    expect(() => readDataset(file('a.zip', archive({ 'a.txt': other })))).toThrow(/no \.npy arrays in it/);
    expect(() => readDataset(file('a.npz', two.subarray(0, -4)))).toThrow(/end of the zip archive is missing/);
    expect(() => readDataset(file('a.npy', array), { array: 'x' })).toThrow(/only \.npz files have named arrays/);
  });

  it('survives damage', () => {
    expect(fuzz(two, (damaged) => npz.read(damaged, 'f.npz', { array: 'train' }))).toBeLessThan(1000);
  });
});
