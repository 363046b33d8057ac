import { describe, expect, it } from 'vitest';
import { batchesOf, dataOf, rowsOf, rowsWithinBudget } from '../../../src/main/experiments/batches';
import { random } from '../../support/random';

describe('cutting chains × data into batches', () => {
  it('covers everything once, within the rows, whatever the numbers are', () => {
    const { uniform } = random(1);
    const below = (most: number): number => 1 + Math.floor(uniform() ** 3 * most);
    for (let trial = 0; trial < 150; trial += 1) {
      const [chains, data, rows] = [below(60), below(60), below(400)];
      const seen = new Uint8Array(chains * data);
      const batches = batchesOf(chains, data, rows);
      for (const batch of batches) {
        expect(batch.chains * batch.data).toBeLessThanOrEqual(rows);
        for (let chain = batch.firstChain; chain < batch.firstChain + batch.chains; chain += 1)
          for (let datum = batch.firstDatum; datum < batch.firstDatum + batch.data; datum += 1) {
            expect(chain < chains && datum < data).toBe(true);
            seen[chain * data + datum] = (seen[chain * data + datum] ?? 0) + 1;
          }
      }
      expect(
        seen.every((count) => count === 1),
        `${chains} × ${data} in ${rows}`,
      ).toBe(true);
      // Each shape is compiled, so there are few: a full and a last one in each direction.
      expect(new Set(batches.map((batch) => `${batch.chains}|${batch.data}`)).size).toBeLessThanOrEqual(4);
    }
  });

  it('keeps all in one batch where it fits', () => {
    expect(batchesOf(8, 32, 256)).toEqual([{ firstChain: 0, chains: 8, firstDatum: 0, data: 32 }]);
    expect(batchesOf(1, 1, 1)).toEqual([{ firstChain: 0, chains: 1, firstDatum: 0, data: 1 }]);
  });

  it('finds its rows in the whole', () => {
    const [chains, data, width] = [4, 5, 2];
    const whole = Float32Array.from({ length: chains * data * width }, (_, index) => index);
    const batch = { firstChain: 1, chains: 2, firstDatum: 3, data: 2 };
    expect([...rowsOf(batch, whole, data, width)]).toEqual([16, 17, 18, 19, 26, 27, 28, 29]);
    expect([...dataOf(batch, whole, width)]).toEqual([6, 7, 8, 9]);
  });

  it('has fewer rows for wider decoders and never none', () => {
    expect(rowsWithinBudget([10, 100])).toBeGreaterThan(rowsWithinBudget([10, 1000]));
    expect(rowsWithinBudget([1e12])).toBe(1);
    // 100-1024-1024-1024-784: the largest run of the paper, 1000 chains of 128 data, does not go in one piece.
    const rows = rowsWithinBudget([100, 1024, 1024, 1024, 784]);
    expect(rows).toBeGreaterThan(48 * 128);
    expect(rows).toBeLessThan(1000 * 128);
  });
});
