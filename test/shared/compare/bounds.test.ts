import { describe, expect, it } from 'vitest';
import { comparedBounds, comparedBoundsTable } from '../../../src/shared/compare/bounds';
import { compareLines } from '../../../src/shared/compare/lines';
import type { Bound } from '../../../src/shared/result';
import { csvTable } from '../../../src/shared/tables';
import { runRow } from '../../support/runRow';

const bound = (side: Bound['side'], value: number | null, more: Partial<Bound> = {}): Bound => ({
  ...{ quantity: 'mi', estimator: 'iwae', side, value, ci95: 0.4, n: 32, base: 'q' },
  ...more,
});
const points = new Map([
  ['a', [bound('lower', 20, { samples: 100 }), bound('lower', 22, { samples: 1000 }), bound('upper', 25)]],
  ['b', [bound('lower', 21, { samples: 100 }), bound('upper', null), bound('estimate', 30, { estimator: 'mine-dv' })]],
]);
const pointsOf = (id: string) => [{ temperatures: 10, seconds: 1, bounds: points.get(id) ?? [] }];
const lines = compareLines(
  [runRow({ id: 'a', name: 'A', family: 'a' }), runRow({ id: 'b', name: 'B', family: 'b' })],
  true,
);

describe('every bound of several runs', () => {
  it('stands in a row of its own, by base, critic and K', () => {
    const compared = comparedBounds(lines, pointsOf);
    expect(
      compared.map(({ label, bound: { side }, values }) => [label, side, values.map((one) => one?.value)]),
    ).toEqual([
      ['IWAE', 'upper', [25, undefined]],
      ['IWAE, K = 1,000', 'lower', [22, undefined]],
      ['IWAE, K = 100', 'lower', [20, 21]],
      ['MINE-DV', 'estimate', [undefined, 30]],
    ]);
  });

  it('is marked where it is tightest, of the same model and data only', () => {
    const best = (rows: typeof lines) => comparedBounds(rows, pointsOf).map((one) => [...one.best]);
    expect(best(lines)).toEqual([[], [], [1], []]);
    const other = compareLines([runRow({ id: 'a' }), runRow({ id: 'b', family: 'b', model: 'another.pt' })], true);
    expect(best(other)).toEqual([[], [], [], []]);
  });

  it('of seeds is their mean, whose terms are nobody’s', () => {
    const [line] = compareLines([runRow({ id: 'a', seed: 0 }), runRow({ id: 'c', seed: 1 })], true);
    points.set('c', [bound('lower', 24, { samples: 1000, terms: { ba: 1, contrastive: 23 }, seconds: 3 })]);
    const found = comparedBounds(line === undefined ? [] : [line], pointsOf).find(({ label }) =>
      label.includes('1,000'),
    );
    expect(found?.values[0]?.value).toBe(23);
    expect(found?.bound).not.toHaveProperty('terms');
  });

  it('is a table for other programs', () => {
    const csv = csvTable(comparedBoundsTable(lines, comparedBounds(lines, pointsOf)));
    expect(csv).toMatch(/^quantity,bound,side,A_1_nats,A_1_ci95_nats,B_2_nats,B_2_ci95_nats\r\n/);
    expect(csv).toContain('"IWAE, K = 1,000",lower,22,0.4,,');
  });
});
