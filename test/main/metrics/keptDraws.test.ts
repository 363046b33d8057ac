import { describe, expect, it } from 'vitest';
import { keptDraws, mostDraws, mostPaired } from '../../../src/main/metrics/keptDraws';

/** Draw t of chain c is the pair (t, c). */
function numbered(length: number, chains: number): Float64Array {
  return Float64Array.from({ length: length * chains * 2 }, (_, at) =>
    at % 2 === 0 ? Math.floor(at / 2 / chains) : Math.floor(at / 2) % chains,
  );
}

describe('draws that are kept', () => {
  it('are all of them where they are few', () => {
    const draws = numbered(100, 7);
    expect(keptDraws(draws, 7, 2)).toEqual(draws);
  });

  it.each([2, 6, 64])('are of all %d chains and of all times where they are many', (chains) => {
    const length = Math.ceil(130_000 / chains);
    const kept = keptDraws(numbered(length, chains), chains, 2);
    expect(kept.length / 2).toBeLessThanOrEqual(20_000);
    expect(kept.length / 2).toBeGreaterThan(10_000);
    const counts = new Array<number>(chains).fill(0);
    for (let at = 1; at < kept.length; at += 2) counts[kept[at] ?? NaN] = (counts[kept[at] ?? NaN] ?? 0) + 1;
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
    expect(kept.at(-2)).toBeGreaterThan(0.99 * length - 10);
  });

  it('are fewer where each has many coordinates', () => {
    expect([1, 209, 1000, 100_000].map(mostDraws)).toEqual([20_000, 20_000, 4194, 1500]);
  });

  it('are paired with each other in smaller numbers where each pair costs much', () => {
    expect([1, 2000, 10_000, 100_000].map(mostPaired)).toEqual([44_721, 1000, 447, 141]);
  });
});
