import { describe, expect, it } from 'vitest';
import { runColumn, runTable } from '../../src/shared/runColumns';
import { estimateOf, estimateText, namedEstimate } from '../../src/shared/runEstimate';
import { cellText, csvTable } from '../../src/shared/tables';
import { generatorCoverage } from '../support/fake/coverage';
import { rareEventResult } from '../support/fake/rareEvent';
import { runRow } from '../support/runRow';

const open = { lower: null, upper: null, gap: null, gapCi95: null };
const rare = runRow({ ...open, name: 'Far out', kind: 'importance-flow', quantity: 'log-probability' });
const event = { ...rare, estimate: { value: 1.525e-8, ci95: 2.4e-10 } };
const covered = runRow({ ...open, kind: 'coverage', quantity: 'coverage', estimate: { value: 0.3514, ci95: null } });

describe('what a run without bounds is about', () => {
  it('is the probability of an event', () => {
    expect(estimateOf(rareEventResult())).toEqual({ value: 3.3572e-4, ci95: 2.43e-6 });
    expect(namedEstimate(event)).toBe('P ≈ (1.525 ± 0.024) × 10⁻⁸');
  });

  it('is the share of real items covered, which is a number of its own and no log-likelihood', () => {
    expect(namedEstimate(covered)).toBe('coverage 0.351');
    expect(runColumn('quantity').cell?.(covered)).toEqual({ kind: 'text', text: 'Coverage' });
  });

  it('is nothing where no draw hit, before a run has ended, and of runs with bounds', async () => {
    const { metrics, ...result } = rareEventResult();
    const probability = { ...(metrics['probability'] as object), hits: 0, value: 0 };
    expect(estimateOf({ ...result, metrics: { ...metrics, probability } })).toBeNull();
    expect(estimateOf({ kind: 'importance-flow', metrics: {} })).toBeNull();
    expect(estimateOf({ kind: 'coverage', metrics: {} })).toBeNull();
    const coverage = [await generatorCoverage(200, { floors: 0, permutations: 0 })];
    expect(estimateOf({ kind: 'target', metrics: {}, coverage })).toBeNull();
    expect(estimateOf({ kind: 'coverage', metrics: {}, coverage })?.value).toBeGreaterThan(0);
    expect(estimateText(rare)).toBe('—');
  });

  it('is of few words in a table and has all digits in a file', () => {
    const table = runTable([event, covered, runRow()], ['name', 'estimate']);
    expect(table.rows.map(([, cell]) => (cell === undefined ? '' : cellText(cell)))).toEqual([
      '(1.525 ± 0.024) × 10⁻⁸',
      '0.351',
      '—',
    ]);
    expect(csvTable(table)).toBe(
      'name,estimate,estimate_ci95\r\nFar out,1.525e-8,2.4e-10\r\nGlyphs,0.3514,\r\nGlyphs,,\r\n',
    );
  });
});
