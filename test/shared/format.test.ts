import { describe, expect, it } from 'vitest';
import {
  decimalsFor,
  formatBytes,
  formatCount,
  formatDuration,
  formatInterval,
  formatList,
  formatNumber,
  formatPlural,
  formatPlusMinus,
  formatShape,
} from '../../src/shared/format';

describe('digits that an interval supports', () => {
  // The examples of the Particle Data Group's introduction, section 5.3: 0.827 ± 0.119 → 0.83 ± 0.12, 0.827 ± 0.367 → 0.8 ± 0.4.
  it.each([
    [0.827, 0.119, '0.83 ± 0.12'],
    [0.827, 0.367, '0.8 ± 0.4'],
    [24.851, 2.04, '24.9 ± 2.0'],
    [24.851, 0.0374, '24.85 ± 0.04'],
    [24.851, 0.0961, '24.85 ± 0.10'],
    [24.851, 9.6, '25 ± 10'],
    [-89.213, 0.5, '−89.2 ± 0.5'],
    [1234.5, 120, '1230 ± 120'],
    [1234.5, 960, '1200 ± 1000'],
    [0.0000001, 0.00012, '0.0000 ± 0.0001'],
    [-0.001, 0.2, '0.00 ± 0.20'],
  ])('%d with a half-width of %d is %s', (value, halfWidth, expected) => {
    expect(formatPlusMinus(value, halfWidth)).toBe(expected);
  });

  it('falls back to two decimals where the interval says nothing', () => {
    for (const width of [null, undefined, Number.NaN, Infinity, 0, 1e-9]) expect(decimalsFor(width)).toBe(2);
    expect(formatPlusMinus(6.907755, null)).toBe('6.91');
    expect(formatPlusMinus(-0.004, null)).toBe('−0.004');
    expect(formatPlusMinus(0.00026, 1e-9)).toBe('0.0003 ± 0.0000');
    expect(formatPlusMinus(-0.00002, null)).toBe('0.0000');
    expect(formatPlusMinus(0, null)).toBe('0.00');
    // What an interval does not support is not shown for all that.
    expect(formatPlusMinus(-0.004, 0.4)).toBe('0.0 ± 0.4');
    expect(formatInterval(null, null)).toEqual({ value: '—', halfWidth: '—' });
  });

  it('never shows more than four decimals or two significant digits of the width', () => {
    for (let exponent = -8; exponent <= 6; exponent += 0.05) {
      const width = 10 ** exponent;
      const decimals = decimalsFor(width);
      expect(decimals).toBeLessThanOrEqual(4);
      const shown = formatNumber(width, decimals)
        .replace(/^0\.0*/, '')
        .replace('.', '');
      if (width >= 1e-3 && width < 10) expect(shown.length).toBeLessThanOrEqual(2);
    }
  });
});

describe('numbers', () => {
  it('have a real minus sign and no negative zero', () => {
    expect(formatNumber(-1.5, 1)).toBe('−1.5');
    expect(formatNumber(-0.04, 1)).toBe('0.0');
    expect(formatNumber(-4, -1)).toBe('0');
    expect(formatNumber(-0, 0)).toBe('0');
  });
  it('show what is not a number', () => {
    expect(formatNumber(Number.NaN)).toBe('—');
    expect(formatNumber(undefined)).toBe('—');
    expect(formatNumber(-Infinity)).toBe('−∞');
    expect(formatNumber(Infinity)).toBe('∞');
  });
  it('are counted with thousands set apart', () => {
    expect(formatCount(2000)).toBe('2,000');
    expect(formatCount(-12)).toBe('−12');
    expect(formatPlural(1, 'datum', 'data')).toBe('1 datum');
    expect(formatPlural(0, 'datum', 'data')).toBe('0 data');
  });
});

describe('durations', () => {
  it.each([
    [0, '0 ms'],
    [0.0421, '42 ms'],
    [0.42, '0.4 s'],
    [9.94, '9.9 s'],
    [9.96, '10 s'],
    [59.4, '59 s'],
    [59.6, '1 min'],
    [200, '3 min 20 s'],
    [3599.7, '1 h'],
    [7500, '2 h 5 min'],
    [86399, '1 d'],
    [273600, '3 d 4 h'],
    [-3, '0 ms'],
    [Number.NaN, '—'],
    [null, '—'],
  ])('%s s is %s', (seconds, expected) => {
    expect(formatDuration(seconds)).toBe(expected);
  });
});

describe('small texts', () => {
  it('sizes of files', () => {
    expect([812, 999.6, 3_200_000, 248_652, 12e12].map(formatBytes)).toEqual([
      '812 B',
      '1.0 kB',
      '3.2 MB',
      '249 kB',
      '12.0 TB',
    ]);
  });
  it('shapes and lists', () => {
    expect([formatShape([]), formatShape([400, 20])]).toEqual(['scalar', '400 × 20']);
    expect([formatList([]), formatList(['a']), formatList(['a', 'b', 'c'], 'or')]).toEqual(['', 'a', 'a, b or c']);
  });
});
