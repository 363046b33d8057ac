import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readDataset } from '../../../src/main/datasets';
import { idx } from '../../../src/main/datasets/idx';
import { InputError } from '../../../src/shared/errors';
import { fuzz } from '../files/fuzz';
import { buildIdx, testFolder } from './folder';

const file = testFolder();
const images = buildIdx(8, [3, 2, 2], [0, 51, 102, 255, 1, 2, 3, 4, 5, 6, 7, 8]);

describe('IDX', () => {
  it('reads images', () => {
    const data = readDataset(file('t10k-images', images));
    expect(data).toMatchObject({ name: 't10k-images', format: 'idx', count: 3, shape: [2, 2], scale: 'none' });
    expect([...data.values]).toEqual([0, 51, 102, 255, 1, 2, 3, 4, 5, 6, 7, 8]);
    // sha256sum of the file
    expect(data.sha256).toBe('5eaa74e6df211ed9c5950947e0c2fde8c4cd9d766cd80f926a40adc08192e1aa');
  });

  it('scales bytes to [0, 1]', () => {
    const data = readDataset(file('images', images), { scale: 'unit', limit: 1 });
    expect(data.scale).toBe('bytes / 255');
    expect(data.values).toEqual(Float32Array.of(0, 0.2, 0.4, 1));
  });

  it('reads some of them, compressed too', () => {
    const path = file('images.gz', gzipSync(images));
    expect(readDataset(path, { offset: 1, limit: 1 })).toMatchObject({
      format: 'idx.gz',
      count: 1,
      values: Float32Array.of(1, 2, 3, 4),
    });
    expect(readDataset(path, { offset: 2, limit: 100 }).count).toBe(1);
    expect(() => readDataset(path, { offset: 3 })).toThrow(/offset 3 skips all 3 data\. Choose an offset from 0 to 2/);
  });

  it.each<[string, number, number[], number[]]>([
    ['u1', 0x08, [1, 255], [1, 255]],
    ['i1', 0x09, [1, 255], [1, -1]],
    ['i2', 0x0b, [1, 0, 255, 254], [256, -2]],
    ['i4', 0x0c, [0, 1, 0, 0, 255, 255, 255, 255], [65536, -1]],
    ['f4', 0x0d, [0x3f, 0xc0, 0, 0, 0xc0, 0, 0, 0], [1.5, -2]],
    ['f8', 0x0e, [0x3f, 0xf8, 0, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0], [1.5, -2]],
  ])('reads elements of type %s', (_, type, bytes, values) => {
    const data = readDataset(file('labels', buildIdx(type, [2], bytes)));
    expect(data).toMatchObject({ count: 2, shape: [] });
    expect([...data.values]).toEqual(values);
  });

  it.each<[string, Uint8Array, RegExp]>([
    ['a cut file', images.subarray(0, -1), /3 x 2 x 2 elements take 28 bytes and the file has 27/],
    ['a cut header', images.subarray(0, 9), /header is cut short/],
    ['a longer file', buildIdx(8, [1], [1, 2]), /take 9 bytes and the file has 10/],
    ['10^12 images', buildIdx(8, [10 ** 6, 10 ** 6, 28], []), /take 28000000000016 bytes and the file has 16/],
    ['sizes beyond numbers', buildIdx(14, Array<number>(8).fill(2 ** 32 - 1), []), /elements take/],
    ['no images', buildIdx(8, [0, 28, 28], []), /there are no data in the file/],
    ['images of nothing', buildIdx(8, [2 ** 31, 0], []), /there are no data in the file/],
    ['NaN', buildIdx(13, [2, 1], [0, 0, 0, 0, 0x7f, 0xc0, 0, 0]), /the value at \[1, 0\] is NaN/],
  ])('refuses %s, compressed or not', (_, bytes, message) => {
    expect(() => readDataset(file('bad', bytes))).toThrow(InputError);
    expect(() => readDataset(file('bad', bytes))).toThrow(message);
    expect(() => readDataset(file('bad.gz', gzipSync(bytes)))).toThrow(InputError);
  });

  it('names the place of a bad value in the whole file', () => {
    const path = file('nan', buildIdx(13, [3], [0, 0, 0, 0, 0, 0, 0, 0, 0x7f, 0x80, 0, 0]));
    expect(() => readDataset(path, { offset: 1 })).toThrow(/the value at \[2\] is Infinity/);
    expect(readDataset(path, { limit: 2 }).count).toBe(2);
  });

  it('inflates no more than the header declares', () => {
    const bomb = buildIdx(8, [100], new Uint8Array(2 ** 24));
    expect(() => readDataset(file('bomb.gz', gzipSync(bomb)))).toThrow(/inflates to more than the 108 bytes expected/);
    const giant = gzipSync(buildIdx(8, [10 ** 6, 10 ** 6], []));
    expect(() => readDataset(file('giant.gz', giant))).toThrow(/declares 1000000000012 bytes, more than 4294967296/);
  });

  it('survives damage', () => {
    expect(fuzz(images, (damaged) => idx.read(damaged, 'f', {}))).toBeLessThan(1000);
  });

  it('survives damage to the compressed file', () => {
    const packed = gzipSync(images);
    expect(fuzz(packed, (damaged) => readDataset(file('damaged.gz', damaged)), 300)).toBeLessThan(300);
  });
});

describe('scale "unit"', () => {
  it('refuses what is not bytes', () => {
    const reals = file('reals', buildIdx(13, [1], [0x3f, 0, 0, 0]));
    expect(() => readDataset(reals, { scale: 'unit' })).toThrow(/scale "unit" is for bytes, and 0\.5 is none/);
    const binary = file('binary', buildIdx(8, [3], [0, 1, 1]));
    expect(() => readDataset(binary, { scale: 'unit' })).toThrow(/these are 0 and 1 already/);
    const black = file('black', buildIdx(8, [2], [0, 0]));
    expect(readDataset(black, { scale: 'unit' }).values).toEqual(Float32Array.of(0, 0));
  });
});
