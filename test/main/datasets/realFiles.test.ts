import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readDataset } from '../../../src/main/datasets';

const folder = join(import.meta.dirname, '../../../../shared/data');

/** Runs the test if the file is there; otherwise it is skipped and says why. */
function withFile(name: string, test: (path: string) => void): void {
  const path = join(folder, name);
  const there = existsSync(path);
  it.skipIf(!there)(there ? name : `${name} (skipped: ../shared/data does not have it)`, () => test(path));
}

describe('real files', () => {
  withFile('mnist/t10k-images-idx3-ubyte.gz', (path) => {
    const images = readDataset(path, { scale: 'unit' });
    expect(images).toMatchObject({ format: 'idx.gz', count: 10_000, shape: [28, 28], scale: 'bytes / 255' });
    const mean = images.values.reduce((sum, value) => sum + value, 0) / images.values.length;
    expect(mean).toBeCloseTo(0.1325, 4); // the known mean of the MNIST test images
    expect(images.values.reduce((most, value) => Math.max(most, value), 0)).toBe(1);
    const some = readDataset(path, { offset: 9990, limit: 10, scale: 'unit' });
    expect(Buffer.from(some.values.buffer).equals(Buffer.from(images.values.slice(9990 * 784).buffer))).toBe(true);
  });

  withFile('mnist/t10k-labels-idx1-ubyte.gz', (path) => {
    const labels = readDataset(path);
    expect(labels).toMatchObject({ count: 10_000, shape: [] });
    expect([...labels.values.subarray(0, 10)]).toEqual([7, 2, 1, 0, 4, 1, 4, 9, 5, 9]);
  });

  withFile('uci/sonar.csv', (path) => {
    const sonar = readDataset(path);
    expect(sonar).toMatchObject({ count: 208, shape: [61] });
    expect(sonar.columns?.at(-1)).toBe('label');
    const labels = Array.from({ length: 208 }, (_, row) => sonar.values[row * 61 + 60]);
    expect(labels.filter((label) => label === 1).length).toBe(97);
  });

  withFile('uci/finpines.csv', (path) => {
    expect(readDataset(path)).toMatchObject({ count: 126, shape: [2], columns: ['data_x', 'data_y'] });
  });

  withFile('uci/wdbc.txt', (path) => {
    expect(readDataset(path)).toMatchObject({ count: 569, shape: [32] });
  });

  withFile('uci/german_numeric.txt', (path) => {
    expect(readDataset(path)).toMatchObject({ count: 1000, shape: [25] });
  });

  withFile('uci/statlog_heart.libsvm.txt', (path) => {
    expect(() => readDataset(path)).toThrow(/row 1, column 2 \("1:70/);
  });
});
