import { describe, expect, it } from 'vitest';
import { effectiveSampleSize, logMeanExp, LogSumExp, logSumExp } from '../../../src/main/bounds/logMeanExp';

const negative = Number.NEGATIVE_INFINITY;

describe('log-mean-exp', () => {
  it('has the golden values', () => {
    expect(logMeanExp([-1000, -1001, -1002])).toBeCloseTo(-1000.6910063242, 10);
    expect(effectiveSampleSize([0, -1, -2])).toBeCloseTo(1.9586986534, 10);
    // A constant factor of all weights changes nothing.
    expect(effectiveSampleSize([-5000, -5001, -5002])).toBeCloseTo(1.9586986534, 10);
  });

  it('does not depend on the order, however far apart the weights are', () => {
    const values = [3, -1e3, 1e3, 999.5, negative, -4, 1e3];
    const expected = 1e3 + Math.log((2 + Math.exp(-0.5)) / values.length);
    for (let turn = 0; turn < values.length; turn += 1) {
      const turned = [...values.slice(turn), ...values.slice(0, turn)];
      // Ten roundings of numbers below 1e3 in doubles.
      expect(logMeanExp(turned)).toBeCloseTo(expected, 11);
    }
  });

  it('counts −∞ as a weight of zero', () => {
    expect(logMeanExp([0, negative])).toBeCloseTo(-Math.LN2, 14);
    expect(logMeanExp([negative, 0])).toBeCloseTo(-Math.LN2, 14);
    expect(logMeanExp([negative, negative])).toBe(negative);
    expect(logSumExp([])).toBe(negative);
    expect(effectiveSampleSize([negative])).toBe(0);
  });

  it.each([[Number.NaN], [Number.POSITIVE_INFINITY]])('never hides %s among finite weights', (bad) => {
    for (const values of [[bad, 1, 2], [1, bad, 2], [1, 2, bad], [bad], [negative, bad, negative]]) {
      expect(logMeanExp(values)).toBeNaN();
    }
  });

  it('goes on from a saved state with the same bits', () => {
    const values = [0.3, -7, 12, 11.9, -400];
    const whole = new LogSumExp();
    const first = new LogSumExp();
    for (const value of values) whole.add(value);
    for (const value of values.slice(0, 2)) first.add(value);
    const second = new LogSumExp();
    second.restore(JSON.parse(JSON.stringify(first.state())) as ReturnType<LogSumExp['state']>);
    for (const value of values.slice(2)) second.add(value);
    expect(second.state()).toEqual(whole.state());
  });

  it('streams a million weights without losing digits', () => {
    const total = new LogSumExp();
    for (let index = 0; index < 1e6; index += 1) total.add(-700 - (index % 2));
    // 5e5 (1 + 1/e) terms; a sum of 1e6 numbers of size 1 in doubles is good to 1e-10.
    expect(total.mean()).toBeCloseTo(-700 + Math.log((1 + Math.exp(-1)) / 2), 9);
  });
});
