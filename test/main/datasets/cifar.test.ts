import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readDataset } from '../../../src/main/datasets';

const folder = mkdtempSync(join(tmpdir(), 'cifar-'));

/** Two images: one black of class 0, one whose bytes count up, of class 7. */
function write(name: string, bytes: Uint8Array): string {
  const file = join(folder, name);
  writeFileSync(file, bytes);
  return file;
}

const two = new Uint8Array(2 * 3073);
two[3073] = 7;
for (let index = 0; index < 3072; index += 1) two[3074 + index] = index % 256;

describe('CIFAR-10 in its binary form', () => {
  it('gives images channels first, and their labels', () => {
    const data = readDataset(write('test_batch.bin', two));
    expect(data).toMatchObject({ format: 'cifar10', count: 2, shape: [3, 32, 32], scale: 'none' });
    expect([...(data.labels ?? [])]).toEqual([0, 7]);
    expect(data.values.subarray(0, 3072).every((value) => value === 0)).toBe(true);
    expect([...data.values.subarray(3072, 3076)]).toEqual([0, 1, 2, 3]);
  });

  it('skips and scales', () => {
    const data = readDataset(write('test_batch.bin', two), { offset: 1, limit: 5, scale: 'unit' });
    expect(data.count).toBe(1);
    expect(data.values[255]).toBe(1);
    expect(data.scale).toBe('bytes / 255');
  });

  it('refuses a file that is cut short, and labels that are none', () => {
    expect(() => readDataset(write('cut.bin', two.subarray(0, 5000)))).toThrow(
      /5000 bytes are no whole number of CIFAR-10 records/,
    );
    const wrong = two.slice();
    wrong[3073] = 12;
    expect(() => readDataset(write('wrong.bin', wrong))).toThrow(/image 1 has the label 12/);
  });
});
