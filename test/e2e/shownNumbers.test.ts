import { describe, expect, it } from 'vitest';
import { sampleResult } from '../support/sampleResult';
import { asWritten, type ShownLine } from './shownNumbers';

// What compares a page with the result of a program is itself tested: it must see one wrong digit.
describe('numbers of a page held against a result', () => {
  const shown: readonly ShownLine[] = [
    { side: 'upper', by: 'IM-AIS', value: '24.9', halfWidth: '2.0' },
    { side: 'lower', by: 'CR-AIS', value: '24.8', halfWidth: '2.0' },
    { side: 'gap', by: '', value: '0.015', halfWidth: '0.006' },
    { side: 'upper', by: 'IWAE', value: '103', halfWidth: '12' },
    { side: 'lower', by: 'IWAE', value: '6.91', halfWidth: '' },
  ];

  it('are equal when each is rounded as it is shown', () => {
    expect(asWritten(shown, sampleResult())).toEqual(shown);
  });

  it.each(shown.map(({ side, by }, index) => [side, by, index] as const))('differ in one digit: %s %s', (_, __, at) => {
    const last = (digit: string): string => String((Number(digit) + 1) % 10);
    const off = shown.map((line, index) => (index === at ? { ...line, value: line.value.replace(/\d$/, last) } : line));
    expect(asWritten(off, sampleResult())).not.toEqual(off);
  });

  it('are refused where the result has no such bound', () => {
    const more = [...shown, { side: 'lower', by: 'BA', value: '1.00', halfWidth: '' }];
    expect(() => asWritten(more, sampleResult())).toThrow('0 lower bounds of the result are BA.');
  });
});
