import { describe, expect, it } from 'vitest';
import { placeLabels } from '../../../src/shared/charts/placeLabels';
import { linearTicks, logTicks, padded, timeTicks } from '../../../src/shared/charts/ticks';

const labels = (ticks: readonly { label: string }[]): string[] => ticks.map(({ label }) => label);
const log = (low: number, high: number): [number, number] => [Math.log10(low), Math.log10(high)];

describe('ticks of a linear axis', () => {
  it('are round, at most as many as asked for', () => {
    expect(labels(linearTicks([3, 31], 5))).toEqual(['10', '20', '30']);
    expect(labels(linearTicks([24.78, 24.93], 5))).toEqual(['24.80', '24.85', '24.90']);
    expect(labels(linearTicks([-2.2, 2.1], 5))).toEqual(['−2', '−1', '0', '1', '2']);
    expect(labels(linearTicks([0, 12_000], 4))).toEqual(['0', '5,000', '10,000']);
  });

  it('are at least two wherever the axis has a length', () => {
    for (const high of [0.0001, 0.9, 1.7, 3.2, 4.9, 99, 12_345]) {
      for (const most of [2, 3, 6]) expect(linearTicks([0, high], most).length).toBeGreaterThanOrEqual(2);
    }
  });

  it('do not fail on a point', () => {
    expect(linearTicks([5, 5], 4)).toEqual([{ at: 5, label: '5.00' }]);
  });
});

describe('ticks of a logarithmic axis', () => {
  it('are powers of ten, with 3 or 2 and 5 between them where there is room', () => {
    expect(labels(logTicks(log(8, 12_000), 4))).toEqual(['10', '100', '1,000', '10,000']);
    expect(labels(logTicks(log(28, 2300), 4))).toEqual(['30', '100', '300', '1,000']);
    expect(labels(logTicks(log(28, 2300), 9))).toEqual(['50', '100', '200', '500', '1,000', '2,000']);
  });

  it('leave out decades where there are too many', () => {
    const ticks = labels(logTicks(log(1, 1e12), 4));
    expect(ticks.length).toBeLessThanOrEqual(5);
    expect(ticks[0]).toBe('1');
  });

  it('are those of a linear axis within a decade', () => {
    expect(labels(logTicks(log(1100, 1800), 5))).toEqual(['1,200', '1,400', '1,600', '1,800']);
  });

  it('say durations as people do', () => {
    expect(labels(timeTicks(log(0.9, 4000), 9))).toEqual([
      '1 s',
      '3 s',
      '10 s',
      '30 s',
      '1 min',
      '3 min',
      '10 min',
      '30 min',
      '1 h',
    ]);
    expect(labels(timeTicks(log(12, 28), 4))).toEqual(['15 s', '20 s', '25 s']);
  });
});

describe('a logarithmic axis that is too short for 1, 2 and 5', () => {
  it('has a few round numbers, however much room there is', () => {
    expect(logTicks([Math.log10(380), Math.log10(830)], 30).map(({ label }) => label)).toEqual([
      '400',
      '500',
      '600',
      '700',
      '800',
    ]);
  });
});

describe('a range', () => {
  it('has air at both ends, and a width even around one value', () => {
    expect(padded([0, 10], 0.1, 0.5)).toEqual([-1, 11]);
    expect(padded([3], 0.1, 0.5)).toEqual([2.5, 3.5]);
  });
});

describe('labels at the ends of lines', () => {
  const gaps = (placed: readonly number[]): number[] => {
    const sorted = [...placed].sort((a, b) => a - b);
    return sorted.slice(1).map((at, index) => at - (sorted[index] ?? 0));
  };

  it('stay where they would like to be while there is room', () => {
    expect(placeLabels([10, 50, 90], 16, [0, 100])).toEqual([10, 50, 90]);
  });

  it('share the room around their mean where they would touch, in their order', () => {
    expect(placeLabels([50, 51, 52], 16, [0, 100])).toEqual([35, 51, 67]);
    expect(placeLabels([52, 50, 51], 16, [0, 100])).toEqual([67, 35, 51]);
  });

  it('stay inside, and never cover each other while they fit', () => {
    const placed = placeLabels([98, 99, 97, 1, 2, 96], 16, [0, 100]);
    expect(Math.min(...placed)).toBeGreaterThanOrEqual(8);
    expect(Math.max(...placed)).toBeLessThanOrEqual(92);
    for (const gap of gaps(placed)) expect(gap).toBeGreaterThanOrEqual(16 - 1e-9);
  });

  it('are all placed even where they cannot fit', () => {
    expect(placeLabels(Array<number>(20).fill(5), 16, [0, 100]).every(Number.isFinite)).toBe(true);
  });
});
