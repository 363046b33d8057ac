import { describe, expect, it } from 'vitest';
import { logWeightHistogram, sharesBack, topShare } from '../../../../src/main/experiments/methods/weightShares';
import { normals } from '../../../support/flows';

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

describe('the share of the largest weights', () => {
  it('is a hundredth where all weigh the same, and all where one weighs everything', () => {
    expect(topShare(new Float64Array(1000).fill(-3))).toBeCloseTo(0.01, 12);
    const one = new Float64Array(1000).fill(-800);
    one[17] = 0;
    expect(topShare(one)).toBe(1);
    expect(topShare(Float64Array.of(Math.log(3), 0, NaN))).toBeCloseTo(0.75, 12);
  });

  it('is that of the upper tail of log-normal weights', () => {
    // E[w; w above its 99 % point] / E[w] = 1 − Φ(2.3263 − σ) = 0.0924 for σ = 1.
    expect(topShare(normals(200_000, 5))).toBeCloseTo(0.0924, 2);
  });
});

describe('what exact samples say of weights', () => {
  it('is e^{−σ²} of log-normal weights, and 1 of equal ones', () => {
    // Under the target log w is N(σ²/2, σ²): E w · E 1/w = e^{σ²}.
    const sigma = 0.5;
    const back = normals(200_000, 6).map((value) => 0.125 + sigma * value);
    expect(sharesBack(back).ess).toBeCloseTo(Math.exp(-sigma * sigma), 2);
    expect(sharesBack(new Float64Array(50).fill(7))).toEqual({ ess: 1, largest: 0.02 });
  });

  it('does not overflow, and finds the one sample that the method would never draw', () => {
    const back = new Float64Array(100).fill(0);
    back[3] = 900;
    const far = back.map((value) => -value);
    expect(sharesBack(back)).toEqual({ ess: 0, largest: expect.closeTo(1 / 99, 12) as number });
    expect(sharesBack(far).largest).toBe(1);
  });
});

describe('the histogram of log weights', () => {
  it('has both directions in the same bins, the weights that decide a mean among them', () => {
    const own = normals(5000, 7);
    own[100] = 9;
    const back = normals(5000, 8).map((value) => value + 1);
    back[200] = -12;
    const found = logWeightHistogram(own, back)!;
    expect(found.edges).toHaveLength(61);
    expect([found.edges[0], found.edges.at(-1)]).toEqual([-12, expect.closeTo(9, 9)]);
    expect(found.counts.at(-1)).toBe(1);
    expect(found['reverse']?.[0]).toBe(1);
    expect(sum(found.counts)).toBe(5000);
    expect(logWeightHistogram(own)).not.toHaveProperty('reverse');
  });

  it('is of one bin where weights are equal, and none where none is finite', () => {
    const equal = logWeightHistogram(new Float64Array(30).fill(2))!;
    expect(equal.counts.filter((count) => count > 0)).toEqual([30]);
    expect(logWeightHistogram(new Float64Array(3).fill(NaN))).toBeUndefined();
  });
});
