import { describe, expect, it } from 'vitest';
import { eventProbability, relativeHalfWidth, runningProbability } from '../../../src/main/metrics/eventProbability';

describe('the probability of an event by weighted draws', () => {
  it('is the mean of the weights, with the variance that a textbook gives', () => {
    const weights = [0.5, 0, 2, 0.25, 0, 0, 1, 0];
    const found = eventProbability(weights.map(Math.log));
    const mean = 3.75 / 8;
    const variance = weights.reduce((sum, w) => sum + (w - mean) ** 2, 0) / 7;
    expect(found).toMatchObject({ draws: 8, hits: 4 });
    expect(Math.exp(found.logValue)).toBeCloseTo(mean, 14);
    expect(found.relativeVariance).toBeCloseTo(variance / mean ** 2, 12);
    expect(found.relativeError).toBeCloseTo(Math.sqrt(variance / 8) / mean, 13);
    expect(found.effectiveSampleSize).toBeCloseTo(3.75 ** 2 / (0.25 + 4 + 0.0625 + 1), 12);
    expect(found.largestShare).toBeCloseTo(2 / 3.75, 14);
    // Student's t with seven degrees of freedom.
    expect(relativeHalfWidth(found)).toBeCloseTo(2.364624251 * found.relativeError, 9);
  });

  it('stays in logarithms where no double holds the weights', () => {
    const found = eventProbability([-2000, -Infinity, -2001, -1999.5]);
    const sum = Math.exp(-0.5) + Math.exp(-1.5) + 1;
    expect(found.logValue).toBeCloseTo(-1999.5 + Math.log(sum / 4), 11);
    expect(found.hits).toBe(3);
  });

  it('says nothing where nothing is hit', () => {
    const found = eventProbability([-Infinity, -Infinity]);
    expect(found).toMatchObject({ hits: 0, logValue: -Infinity, effectiveSampleSize: 0, largestShare: 0 });
    expect(relativeHalfWidth(found)).toBe(Infinity);
    expect(eventProbability([-1])).toMatchObject({ draws: 1, logValue: -1 });
    expect(relativeHalfWidth(eventProbability([-1]))).toBe(Infinity);
  });

  it('runs over the draws and ends where all of them are', () => {
    const logs = Array.from({ length: 5000 }, (_, i) => (i % 3 === 0 ? -1 - ((7 * i) % 11) / 5 : -Infinity));
    const running = runningProbability(logs, 40);
    expect(running[0]?.draws).toBe(10);
    expect(running.at(-1)?.draws).toBe(5000);
    expect(running.length).toBeLessThanOrEqual(40);
    for (const { draws, logValue, relativeError } of running) {
      const alone = eventProbability(logs.slice(0, draws));
      expect(logValue).toBe(alone.logValue);
      expect(relativeError).toBe(alone.relativeError);
    }
    expect(runningProbability([-1, -2], 40).map(({ draws }) => draws)).toEqual([2]);
  });
});
