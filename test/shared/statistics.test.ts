import { describe, expect, it } from 'vitest';
import { meanInterval, tQuantile975 } from '../../src/shared/statistics';

describe('the 0.975 quantile of Student’s t', () => {
  it.each([
    [1, 12.7062047362],
    [2, 4.3026527297],
    [3, 3.1824463053],
    [7, 2.3646242516],
    [30, 2.0422724563],
    [127, 1.9788195346],
    [1000, 1.9623390808],
    // Where the method changes it must not jump.
    [1001, 1.9623367107],
    [9999, 1.960201264],
    [999_999, 1.9599663568],
  ])('for %i degrees of freedom', (degrees, expected) => {
    expect(Math.abs(tQuantile975(degrees) - expected)).toBeLessThan(1e-7);
  });
});

describe('the interval of a mean', () => {
  it('has the golden value', () => {
    const { mean, ci95 } = meanInterval([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(mean - (ci95 ?? NaN)).toBeCloseTo(2.4521753282, 9);
    expect(mean + (ci95 ?? NaN)).toBeCloseTo(6.5478246718, 9);
  });

  it('does not exist for one value and is nothing for equal ones', () => {
    expect(meanInterval([3])).toEqual({ mean: 3, ci95: null });
    expect(meanInterval([3, 3, 3])).toEqual({ mean: 3, ci95: 0 });
  });

  it('keeps its digits far from zero', () => {
    const near = meanInterval([1, 2, 4]);
    const far = meanInterval([1e9 + 1, 1e9 + 2, 1e9 + 4]);
    expect(far.ci95).toBeCloseTo(near.ci95 ?? NaN, 6);
  });
});
