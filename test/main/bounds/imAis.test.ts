import { describe, expect, it } from 'vitest';
import { imAis } from '../../../src/main/bounds/imAis';
import { random } from '../../support/random';
import { processorTime } from '../../support/processorTime';

/** The same bound in the obvious way: for each k a log-mean-exp of the reverse weight k and all forward weights but the k-th. */
function naive(forward: readonly number[], reverse: readonly number[]): number {
  const bounds = reverse.map((positive, k) => {
    const set = [positive, ...forward.filter((_, index) => index !== k)];
    const most = Math.max(...set);
    return most + Math.log(set.reduce((sum, weight) => sum + Math.exp(weight - most), 0) / set.length);
  });
  return bounds.reduce((sum, bound) => sum + bound, 0) / bounds.length;
}

describe('the upper bound of independent multi-sample AIS', () => {
  it.each([1, 2, 3, 16, 129])('is the average over positives, K = %i', (chains) => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const { normals } = random(1000 * chains + seed);
      const [forward, reverse] = [normals(chains), normals(chains)].map((row) => row.map((value) => 30 * value - 50));
      // Relative error of doubles over a few hundred additions.
      expect(imAis({ forward: forward ?? [], reverse }).upper).toBeCloseTo(naive(forward ?? [], reverse ?? []), 10);
    }
  });

  const zero = Number.NEGATIVE_INFINITY;
  it.each([
    ['one dominant weight', [0, 1000, -3], [-1, -2, -3]],
    ['a dominant first weight', [1000, 0, -3], [-1, -2, -3]],
    ['a dominant last weight', [0, -3, 1000], [-1, -2, -3]],
    ['far below', [-1e6, -1e6 - 1, -1e6 + 1], [-1e6, -1e6 - 2, -1e6 + 4]],
    ['two alike and far above', [500, 500, -500], [-500, -500, -500]],
    ['a weight of zero', [zero, -1, -2], [-1, -2, -3]],
    ['all forward weights zero', [zero, zero, zero], [-1, -2, -3]],
    ['ascending by hundreds', [-900, -600, -300, 0, 300], [300, 0, -300, -600, -900]],
  ])('survives %s', (_, forward, reverse) => {
    // Leaving one out by subtracting it from the total would lose everything here: the others are e^-1000 of it.
    const actual = imAis({ forward, reverse }).upper ?? Number.NaN;
    expect(Math.abs(actual - naive(forward, reverse))).toBeLessThan(1e-9);
  });

  it('is linear in time', () => {
    const forward = random(1).normals(2e5);
    const began = processorTime();
    expect(Number.isFinite(imAis({ forward, reverse: forward }).upper)).toBe(true);
    // The quadratic way takes minutes.
    expect(processorTime() - began).toBeLessThan(5_000);
  });
});
