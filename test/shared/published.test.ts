import { describe, expect, it } from 'vitest';
import { oursOf, publishedRows } from '../../src/shared/published';
import { familyPoints, familyResult } from '../support/fake/family';

const ours = oursOf(familyResult({ id: 'family', device: 'cpu', seconds: 1 }), familyPoints());
const iwae = { quantity: 'mi', estimator: 'iwae', base: 'q' } as const;

describe('published numbers', () => {
  it('have both sides of one label in a line, and ours beside each', () => {
    const rows = publishedRows(
      [
        { label: 'Closed form', value: 23.23, note: 'Of the paper.' },
        { label: 'IWAE', ...iwae, side: 'lower', samples: 100, value: 23.14 },
        { label: 'IWAE', ...iwae, side: 'upper', samples: 100, value: 25, note: 'Said nowhere.' },
      ],
      ours,
    );
    expect(rows.map(({ label, notes }) => [label, notes])).toEqual([
      ['Closed form', ['Of the paper.']],
      ['IWAE', ['Said nowhere.']],
    ]);
    expect(rows[0]?.sides.value).toEqual({ published: 23.23, ours: { value: 23.23, ci95: null } });
    expect(rows[1]?.sides.lower?.ours?.value).toBeCloseTo(23.14, 10);
    expect(rows[1]?.sides.upper?.published).toBe(25);
    expect(rows[1]?.sides.upper?.ours?.value).toBeGreaterThan(23.23);
  });

  it('mean the most samples, and of those the tightest, where they do not say', () => {
    const of = (number: object) =>
      publishedRows([{ label: 'x', value: 0, ...number }], ours)[0]?.sides.lower?.ours?.value;
    expect(of({ estimator: 'iwae', side: 'lower' })).toBeCloseTo(23.19, 10);
    expect(of({ estimator: 'iwae', side: 'lower', base: 'prior' })).toBeCloseTo(Math.log(1000), 2);
  });

  it('of IBAL itself must say so', () => {
    const upper = (number: object) =>
      publishedRows([{ label: 'x', value: 0, estimator: 'ibal', side: 'upper', critic: 'nce', ...number }], ours)[0]
        ?.sides.upper?.ours;
    expect(upper({})).toBeNull();
    expect(upper({ quantity: 'ibal' })?.value).toBeGreaterThan(11);
  });

  it('may be of an earlier round', () => {
    const at = (temperatures?: number) =>
      publishedRows(
        [{ label: 'x', value: 0, estimator: 'im-ais', side: 'upper', base: 'prior', ...{ temperatures } }],
        ours,
      )[0]?.sides.upper?.ours?.value;
    expect(at(100)).toBeGreaterThan((at() ?? 0) + 0.5);
    expect(at(10_000)).toBe(at());
    expect(at(77)).toBeUndefined();
  });

  it('stand alone where nothing was run', () => {
    const [row] = publishedRows([{ label: 'IWAE', ...iwae, side: 'lower', value: 23.14 }], null);
    expect(row?.sides.lower).toEqual({ published: 23.14, ours: null });
  });

  it('speak of methods of targets by name: of a bound, or of log-mean-exp', () => {
    const bound = { quantity: 'log-z', estimator: 'ula', method: 'ula-2', n: 9, ci95: 0.1 } as const;
    const found = oursOf(
      {
        bounds: [
          { ...bound, side: 'lower', value: -2 },
          { ...bound, side: 'upper', value: 3 },
        ],
        metrics: { 'ula-2': { logZEstimate: -0.5 }, truth: { logZ: 0 }, best: {} },
      },
      [],
    );
    const value = (side: 'lower' | 'upper' | 'estimate', method = 'ula-2') =>
      Object.values(publishedRows([{ label: 'x', method, side, value: 0 }], found)[0]?.sides ?? {})[0]?.ours;
    expect(value('lower')).toEqual({ value: -2, ci95: 0.1 });
    expect(value('upper')).toEqual({ value: 3, ci95: 0.1 });
    expect(value('estimate')).toEqual({ value: -0.5, ci95: null });
    expect(value('estimate', 'ula')).toBeNull();
    expect(value('lower', 'uha')).toBeNull();
  });
});
