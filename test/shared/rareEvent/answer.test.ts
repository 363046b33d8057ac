import { describe, expect, it } from 'vitest';
import {
  formatProbability,
  formatProbabilityAlone,
  formatTimes,
  probabilityParts,
} from '../../../src/shared/rareEvent/answer';

describe('probabilities as people read them', () => {
  it('have a power of ten where they are small, and the digits of their interval', () => {
    expect(formatProbability(3.3571e-4, 2.41e-6)).toBe('(3.357 ± 0.024) × 10⁻⁴');
    expect(formatProbability(1.523e-18, 7e-19)).toBe('(1.5 ± 0.7) × 10⁻¹⁸');
    expect(formatProbability(3.354626279e-4)).toBe('3.3546 × 10⁻⁴');
    expect(formatProbability(0.5321035)).toBe('0.5321');
    expect(formatProbability(0.532, 0.012)).toBe('0.532 ± 0.012');
    expect(formatProbability(0)).toBe('0');
    expect(formatProbability(null)).toBe('—');
    expect(formatProbabilityAlone(3.3571e-4, 2.41e-6)).toBe('3.357 × 10⁻⁴');
    expect(formatProbabilityAlone(0.25, null)).toBe('0.2500');
  });

  it('come apart into columns', () => {
    expect(probabilityParts(3.3571e-4, 2.41e-6)).toEqual({ mantissa: '3.357', halfWidth: '0.024', power: '× 10⁻⁴' });
    expect(probabilityParts(3.3546e-4)).toEqual({ mantissa: '3.3546', halfWidth: '', power: '× 10⁻⁴' });
    expect(probabilityParts(0.532, 0.012)).toEqual({ mantissa: '0.532', halfWidth: '0.012', power: '' });
    expect(probabilityParts(0.25)).toEqual({ mantissa: '0.2500', halfWidth: '', power: '' });
    expect(probabilityParts(0)).toEqual({ mantissa: '0', halfWidth: '', power: '' });
    expect(probabilityParts(null)).toEqual({ mantissa: '—', halfWidth: '', power: '' });
  });

  it('are worth so many times as much', () => {
    expect(formatTimes(0.517)).toBe('0.517');
    expect(formatTimes(1.7e-5)).toBe('1.7 × 10⁻⁵');
    expect(formatTimes(0)).toBe('0');
    expect(formatTimes(3.14)).toBe('3.1');
    expect(formatTimes(10_932)).toBe('10,900');
    expect(formatTimes(1.71e8)).toBe('1.7 × 10⁸');
  });
});
