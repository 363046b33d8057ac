import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gunzipBounded, gunzipHead, isGzip, readFileBounded } from '../../../src/main/files/read';
import { InputError } from '../../../src/shared/errors';
import { concat, fuzz } from './fuzz';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bracket-read-'));
  writeFileSync(join(folder, 'five'), 'hello');
  writeFileSync(join(folder, 'empty'), '');
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('readFileBounded', () => {
  it('reads a file', () => {
    expect(readFileBounded(join(folder, 'five'))).toEqual(new TextEncoder().encode('hello'));
    expect(readFileBounded(join(folder, 'five'), { maxBytes: 5 }).length).toBe(5);
  });

  it.each([
    ['a missing file', 'none', /none: no such file\. Check the path\./],
    ['a folder', '', /this is a folder/],
    ['a file taken for a folder', 'five/x', /a part of the path is not a folder/],
    ['an empty file', 'empty', /the file is empty/],
    ['a large file', 'five', /5 bytes, more than the 4 allowed/],
    ['a long name', 'x'.repeat(300), /the path is too long/],
    ['a null character', 'a\0b', /null character/],
  ])('refuses %s', (_, name, message) => {
    expect(() => readFileBounded(join(folder, name), { maxBytes: 4 })).toThrow(InputError);
    expect(() => readFileBounded(join(folder, name), { maxBytes: 4 })).toThrow(message);
  });

  it.skipIf(process.platform === 'win32')('refuses a device, which has no end', () => {
    expect(() => readFileBounded('/dev/zero')).toThrow(/not a regular file/);
  });

  it.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
    'says that it has no permission (root has every permission)',
    () => {
      const path = join(folder, 'secret');
      writeFileSync(path, 'x');
      chmodSync(path, 0);
      expect(() => readFileBounded(path)).toThrow(/no permission to read/);
    },
  );
});

describe('gunzipBounded', () => {
  const data = Uint8Array.from({ length: 5000 }, (_, i) => i % 251);
  const packed = gzipSync(data);

  it('inflates, up to the limit', () => {
    expect(isGzip(packed)).toBe(true);
    expect(gunzipBounded(packed, 'f.gz')).toEqual(data);
    expect(gunzipBounded(packed, 'f.gz', 5000)).toEqual(data);
    expect(gunzipBounded(concat(packed, packed), 'f.gz').length).toBe(10_000);
    expect(() => gunzipBounded(packed, 'f.gz', 4999)).toThrow(/f\.gz: the gzip file inflates to more than the 4999/);
  });

  it('stops a bomb', () => {
    const bomb = gzipSync(new Uint8Array(2 ** 26), { level: 9 });
    expect(bomb.length).toBeLessThan(2 ** 17);
    expect(() => gunzipBounded(bomb, 'f.gz', 1000)).toThrow(InputError);
    expect(gunzipHead(bomb, 'f.gz').length).toBeLessThanOrEqual(4096 * 1032);
  });

  it('refuses damage', () => {
    expect(() => gunzipBounded(packed.subarray(0, -9), 'f.gz')).toThrow(/damaged or cut short/);
    expect(() => gunzipBounded(new Uint8Array(30), 'f.gz')).toThrow(/damaged or cut short/);
    fuzz(packed, (damaged) => gunzipBounded(damaged, 'f.gz', 6000), 300);
    fuzz(packed, (damaged) => gunzipHead(damaged, 'f.gz'), 300);
  });
});
