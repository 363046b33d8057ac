import { describe, expect, it } from 'vitest';
import { formatMoment, formatRemaining, formatWhen } from '../../src/shared/when';

const at = (day: number, hour: number, minute = 0): number => new Date(2026, 2, day, hour, minute, 9).getTime();
const now = at(12, 14, 5);

describe('moments as people say them', () => {
  it.each([
    [now - 20_000, 'just now'],
    [now + 20_000, 'just now'],
    [now - 12 * 60_000, '12 min ago'],
    [at(12, 9, 3), '09:03'],
    [at(11, 23, 59), 'Wed 23:59'],
    [at(7, 8), 'Sat 08:00'],
    [at(5, 8), '5 Mar'],
    [new Date(2024, 11, 31).getTime(), '31 Dec 2024'],
  ])('%d is %s', (time, text) => {
    expect(formatWhen(time, now)).toBe(text);
  });

  it.each([
    [0, '1 s left'],
    [59.4, '59 s left'],
    [59.6, '1 min left'],
    [3569, '59 min left'],
    [3600, '1 h left'],
    [200_000, '2 d left'],
  ])('%d seconds to go are %s', (seconds, text) => {
    expect(formatRemaining(seconds)).toBe(text);
  });

  it('are exact where they are asked for', () => {
    expect(formatMoment(at(3, 4, 5))).toBe('2026-03-03 04:05:09');
  });
});
