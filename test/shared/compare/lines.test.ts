import { describe, expect, it } from 'vitest';
import { bestLines, compareLines } from '../../../src/shared/compare/lines';
import { linePoints } from '../../../src/shared/compare/points';
import { compareTable, seedsText } from '../../../src/shared/compare/table';
import { latexTable } from '../../../src/shared/tables';
import { runRow } from '../../support/runRow';

const side = (value: number, ci95 = 1) => ({ estimator: 'im-ais', value, ci95 });
const seeds = [1, 2, 3].map((value, seed) =>
  runRow({
    id: `s${seed}`,
    seed,
    created: 100 - seed,
    lower: side(value),
    upper: side(value + 10),
    gap: 10,
    seconds: value,
  }),
);
const other = runRow({ id: 'x', name: 'Other', family: 'other', lower: side(2.5), upper: side(11), gap: 8.5 });

describe('lines of a comparison', () => {
  it('join runs that differ in the seed alone, with the interval over seeds', () => {
    const [line, single] = compareLines([...seeds, other], true);
    // t(0.975; 2) · 1/√3
    expect(line?.lower?.value).toBe(2);
    expect(line?.lower?.ci95).toBeCloseTo(4.30265 / Math.sqrt(3), 4);
    expect(line?.gap).toEqual({ value: 10, ci95: 0 });
    expect(line?.seconds).toBe(2);
    // The colour belongs to the oldest.
    expect(line?.id).toBe('s2');
    expect(single?.lower).toEqual({ value: 2.5, ci95: 1 });
  });

  it('leave every run by itself where that is asked for', () => {
    expect(compareLines([...seeds, other], false).map(({ id }) => id)).toEqual(['s0', 's1', 's2', 'x']);
  });

  it('count only the seeds that have a bound', () => {
    const [line] = compareLines([...seeds, runRow({ id: 's9', lower: null, upper: null, gap: null })], true);
    expect(line?.lower?.value).toBe(2);
    const [none] = compareLines([runRow({ lower: null, upper: null, gap: null })], true);
    expect(none?.lower).toBeNull();
  });

  it('count a seed that ran twice once, by the run that got furthest', () => {
    const again = runRow({ id: 'again', seed: 0, created: 50, status: 'failed', lower: side(77), gap: null });
    const [line] = compareLines([again, ...seeds], true);
    expect(line?.lower?.value).toBe(2);
    expect(line === undefined ? '' : seedsText(line)).toBe('3 seeds');
    const [twice] = compareLines([other, { ...other, id: 'x2' }], true);
    expect(twice?.lower).toEqual({ value: 2.5, ci95: 1 });
    expect(twice === undefined ? '' : seedsText(twice)).toBe('2 runs');
  });

  it('mark the tightest among those that bracket the same number, and nothing that stands alone', () => {
    const best = bestLines(
      compareLines([...seeds, other, runRow({ id: 'y', family: 'y', model: 'b.npz', lower: side(99) })], true),
    );
    expect([...best.lower]).toEqual(['x']);
    expect([...best.upper]).toEqual(['x']);
    expect([...best.gap]).toEqual(['x']);
  });

  it('make a table for a paper', () => {
    const text = latexTable(compareTable(compareLines([...seeds, other], true)));
    expect(text).toContain('Seeds');
    expect(text).toContain('$\\mathbf{2.5} \\pm 1.0$');
  });
});

describe('rounds of a line', () => {
  const bound = (value: number | null) => ({
    quantity: 'mi' as const,
    estimator: 'im-ais',
    side: 'upper' as const,
    value,
    ci95: 5,
    n: 32,
  });
  const point = (temperatures: number, value: number | null) => ({
    temperatures,
    seconds: temperatures / 10,
    bounds: [bound(value)],
  });

  it('are those of a run where there is one', () => {
    const [line] = compareLines([other], true);
    const points = [point(10, 3)];
    expect(line && linePoints(line, () => points)).toBe(points);
  });

  it('are means over the seeds', () => {
    const [line] = compareLines(seeds, true);
    const points =
      line && linePoints(line, (id) => [point(100, id === 's0' ? null : 4), point(10, id === 's0' ? 1 : 3)]);
    expect(points?.map(({ temperatures }) => temperatures)).toEqual([10, 100]);
    expect(points?.[0]?.bounds[0]?.value).toBeCloseTo(7 / 3);
    expect(points?.[1]?.bounds[0]).toMatchObject({ value: 4, ci95: 0, n: 2 });
  });
});
