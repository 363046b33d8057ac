import { describe, expect, it } from 'vitest';
import { betasOf } from '../../../src/main/samplers/schedule';
import { stepSizeAt } from '../../../src/main/samplers/stepSizes';

describe('schedules', () => {
  it.each([
    [1, [0, 0.23500371, 0.5, 0.76499629, 1]],
    [4, [0, 0.10499359, 0.5, 0.89500641, 1]],
    [8, [0, 0.01766271, 0.5, 0.98233729, 1]],
  ])('sigmoid, rad %i: golden values', (rad, expected) => {
    const betas = [...betasOf({ type: 'sigmoid', rad }, 4)];
    expect(betas).toHaveLength(5);
    // Half a unit in the eighth digit.
    betas.forEach((beta, index) => expect(Math.abs(beta - (expected[index] ?? NaN))).toBeLessThan(5e-9));
  });

  it('linear: i / T', () => {
    expect([...betasOf({ type: 'linear' }, 5)]).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
  });

  it('T = 1 is one increment from 0 to 1', () => {
    expect([...betasOf({ type: 'linear' }, 1)]).toEqual([0, 1]);
    expect([...betasOf({ type: 'sigmoid', rad: 4 }, 1)]).toEqual([0, 1]);
  });

  // At rad 37 and beyond the sigmoid itself runs out of doubles.
  it.each([
    [20, 100_000],
    [30, 1000],
    [0.001, 1000],
  ])('rad %f, T = %i: every increment is positive and they add up to 1', (rad, temperatures) => {
    const betas = betasOf({ type: 'sigmoid', rad }, temperatures);
    let [sum, smallest] = [0, Infinity];
    for (let t = 1; t < betas.length; t += 1) {
      const increment = (betas[t] ?? NaN) - (betas[t - 1] ?? NaN);
      smallest = Math.min(smallest, increment);
      sum += increment;
    }
    expect(smallest).toBeGreaterThan(0);
    expect(sum).toBeCloseTo(1, 10);
    expect([betas[0], betas[temperatures]]).toEqual([0, 1]);
  });

  it('never decreases for any rad that a run file may have', () => {
    const betas = betasOf({ type: 'sigmoid', rad: 50 }, 10_000);
    for (let t = 1; t < betas.length; t += 1) expect((betas[t] ?? NaN) >= (betas[t - 1] ?? NaN)).toBe(true);
  });
});

describe('step sizes between the temperatures of a pilot', () => {
  const table = { betas: [0.1, 0.2, 0.6, 1], stepSizes: [0.4, 0.2, 0.1, 0.001] };

  it('are those of the table where it has the temperature', () => {
    table.betas.forEach((beta, index) =>
      expect(stepSizeAt(table, beta)).toBeCloseTo(table.stepSizes[index] ?? NaN, 14),
    );
  });

  it('are interpolated in the logarithm', () => {
    expect(stepSizeAt(table, 0.4)).toBeCloseTo(Math.sqrt(0.2 * 0.1), 14);
    expect(stepSizeAt(table, 0.9)).toBeCloseTo(0.1 ** 0.25 * 0.001 ** 0.75, 14);
  });

  it('stay constant beyond the ends', () => {
    expect([0, 0.05].map((beta) => stepSizeAt(table, beta))).toEqual([0.4, 0.4]);
    expect(stepSizeAt({ betas: [0.3], stepSizes: [0.7] }, 1)).toBe(0.7);
    expect(stepSizeAt({ betas: [0.3], stepSizes: [0.7] }, 0)).toBe(0.7);
  });
});
