import { createColors } from 'picocolors';
import { describe, expect, it } from 'vitest';
import { reportLines } from '../../../src/main/headless/report';
import { alignDecimals } from '../../../src/main/headless/table';
import { clipMiddle, wrap } from '../../../src/main/headless/wrap';
import { fakeTerminal } from '../../support/fakeTerminal';
import { sampleResult } from '../../support/sampleResult';

const report = (...changes: Parameters<typeof sampleResult>) => reportLines(sampleResult(...changes), fakeTerminal());

describe('a report', () => {
  it('has a title, the table, the answer', () => {
    expect(report()).toEqual([
      '',
      'Glyphs',
      'glyphs-vae.safetensors · 32 simulated data · cpu · 3 min 20 s',
      '',
      'quantity  estimator  side       nats     95 %',
      'I(x; z)   IWAE       ≤ upper  103     ± 12',
      'I(x; z)   IM-AIS     ≤ upper   24.9   ±  2.0',
      'I(x; z)   CR-AIS     ≥ lower   24.8   ±  2.0',
      'I(x; z)   IWAE       ≥ lower    6.91  ±  0.00',
      '',
      'I(x; z) is between 24.841 and 24.856 nats (95 % intervals ±2.0 over 32 data).',
      'Gap 0.015 ± 0.006. Lower: CR-AIS, upper: IM-AIS, 2,000 temperatures.',
      '',
    ]);
  });

  it('fits its columns', () => {
    const result = sampleResult({
      warnings: [`A long warning with a ${'very '.repeat(40)}end.`],
      metrics: { ...sampleResult().metrics, truth: 24.85 },
    });
    for (const columns of [40, 60, 80]) {
      const lines = reportLines(result, fakeTerminal({ columns }));
      // The table needs 46 columns and is not broken.
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(Math.max(48, columns));
    }
  });

  it('ends with truth and warnings', () => {
    const lines = report({
      metrics: { ...sampleResult().metrics, truth: 24.85 },
      warnings: ['Three chains\ndiverged.', 'Odd.'],
    });
    expect(lines.slice(-5)).toEqual([
      'Truth: 24.850 nats in closed form, inside the bracket and its intervals.',
      '',
      '! Three chains diverged.',
      '! Odd.',
      '',
    ]);
  });

  it('sets estimates apart from bounds', () => {
    const estimate = {
      quantity: 'mi' as const,
      estimator: 'mine-dv',
      side: 'estimate' as const,
      value: 24.1,
      ci95: 0.2,
      n: 32,
    };
    const lines = report({ bounds: [estimate, ...sampleResult().bounds] });
    expect(lines[9]).toMatch(/^I\(x; z\) {3}MINE-DV {4}≈ estimate +24\.10 +± +0\.20$/);
    expect(lines[10]).toBe('≈ is an estimate, not a bound: the truth may lie on either side of it.');
  });

  it('tells bounds of one estimator apart and shows both of their terms beside log K', () => {
    const iwae = (samples: number, value: number, contrastive: number) => ({
      ...{ quantity: 'mi' as const, estimator: 'iwae', side: 'lower' as const, value, ci95: 0.4, n: 100 },
      ...{ base: 'q', samples, terms: { ba: value - contrastive, contrastive } },
    });
    const lines = report({ bounds: [iwae(1000, 23.19, 2.66), iwae(100, 23.14, 1.5)], metrics: {} });
    expect(lines[4]).toBe('quantity  estimator        side     nats   95 %  BA + contrastive');
    expect(lines[5]).toBe('I(x; z)   IWAE, K = 1,000  ≥ lower  23.2  ± 0.4  20.53 + 2.66 (log K 6.91)');
    expect(lines[6]).toBe('I(x; z)   IWAE, K = 100    ≥ lower  23.1  ± 0.4  21.64 + 1.50 (log K 4.61)');
    expect(lines).toContain('Lower: IWAE, K = 1,000.');
  });

  it('says where IBAL lies apart from the bracket', () => {
    const ibal = (side: 'lower' | 'upper', value: number) => ({
      ...{ quantity: 'ibal' as const, estimator: 'ibal', side, value, ci95: 0.4, n: 100, critic: 't' },
    });
    const lines = report({ bounds: [...sampleResult().bounds, ibal('lower', 23.1), ibal('upper', 23.2)] });
    expect(lines).toContain('IBAL of critic t lies between 23.10 and 23.20 nats.');
    expect(lines.filter((line) => line.startsWith('IBAL '))).toHaveLength(3);
  });

  it('shows a bound that could not be computed', () => {
    const bounds = sampleResult().bounds.map((bound) => ({ ...bound, value: null, ci95: null }));
    expect(report({ bounds, metrics: {} }).filter((line) => /—\s+—$/.test(line))).toHaveLength(4);
  });

  it('of a failed run has no table', () => {
    expect(report({ status: 'failed', bounds: [], metrics: {} })).toEqual([
      '',
      'Glyphs (failed)',
      'glyphs-vae.safetensors · 32 simulated data · cpu · 3 min 20 s',
      '',
    ]);
  });

  it('uses a minus sign, aligned on the decimal point', () => {
    const bounds = [
      { quantity: 'log-px' as const, estimator: 'iwae', side: 'lower' as const, value: -101.3, ci95: 4, n: 8 },
      { quantity: 'log-px' as const, estimator: 'im-ais', side: 'lower' as const, value: -89.21, ci95: 0.5, n: 8 },
    ];
    const lines = report({ kind: 'evidence', bounds, metrics: {}, spec: { data: { file: 'a/test.gz' } } });
    expect(lines.slice(1, 7)).toEqual([
      'Log-likelihood',
      'test.gz · cpu · 3 min 20 s',
      '',
      'quantity  estimator  side       nats   95 %',
      'log p(x)  IM-AIS     ≥ lower   −89.2  ± 0.5',
      'log p(x)  IWAE       ≥ lower  −101    ± 4',
    ]);
  });

  it('colours signs only, and nothing a background could hide', () => {
    const text = reportLines(sampleResult(), fakeTerminal({ colours: createColors(true) })).join('\n');
    expect(text).toContain('\u001b[34m≥\u001b[39m lower');
    expect(text).toContain('\u001b[33m≤\u001b[39m upper');

    expect(
      [...text.matchAll(/\u001b\[(\d+)m/g)].every(([, code]) => [1, 2, 22, 33, 34, 39].includes(Number(code))),
    ).toBe(true);
  });

  it('does not let a name write on the terminal', () => {
    const spec = { name: '\u001b[2Jgone', model: { checkpoint: 'a\u0007.pth' }, data: { file: '\u009b1m' } };

    expect(report({ spec, warnings: ['\u001b]0;x\u0007'] }).join('')).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
  });
});

it('wraps at spaces', () => {
  expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
  expect(wrap('a verylongword b', 4, ' ')).toEqual([' a', ' verylongword', ' b']);
  expect(wrap('', 10)).toEqual([]);
});

it('clips in the middle', () => {
  expect(clipMiddle('short', 10)).toBe('short');
  expect(clipMiddle('a-very-long-checkpoint-name.pth', 16)).toHaveLength(16);
  expect(clipMiddle('a-very-long-checkpoint-name.pth', 16)).toMatch(/^a-ver….*\.pth$/);
});

it('aligns decimal points', () => {
  expect(alignDecimals(['1.25', '−3', '10.5', '—'])).toEqual(['1.25', '−3   ', '10.5 ', '—   ']);
});
