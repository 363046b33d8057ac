import { createColors } from 'picocolors';
import { describe, expect, it } from 'vitest';
import { reportLines } from '../../../src/main/headless/report';
import { estimateRows, estimatesTable, allEstimatesTable } from '../../../src/shared/rareEvent/table';
import { rareEventOf } from '../../../src/shared/rareEvent/summary';
import { resultSchema, type Result } from '../../../src/shared/result';
import { csvTable, latexTable } from '../../../src/shared/tables';
import { rareEventResult } from '../../support/fake/rareEvent';
import { fakeTerminal } from '../../support/fakeTerminal';

const found = (result: Result) => {
  const event = rareEventOf(result);
  if (event === undefined) throw new Error('There is no rare event in it.');
  return event;
};

describe('what a run of a rare event found', () => {
  const result = rareEventResult();

  it('is read from results of that kind alone, once they are there', () => {
    expect(resultSchema.safeParse(result).success).toBe(true);
    expect(rareEventOf({ ...result, kind: 'target' })).toBeUndefined();
    expect(rareEventOf({ ...result, metrics: {} })).toBeUndefined();
    expect(estimateRows(found(result)).map(({ name, biased, isTruth }) => [name, biased, isTruth])).toEqual([
      ['importance-flow', false, false],
      ['monte-carlo', false, false],
      ['density-ratio', true, false],
      ['truth', false, true],
    ]);
    const { ratio, ...metrics } = result.metrics;
    expect(ratio).toBeDefined();
    expect(estimateRows(found({ ...result, metrics })).map(({ name }) => name)).not.toContain('density-ratio');
  });

  it('is a report of eighty columns, biased ratios and the truth dimmed', () => {
    const lines = reportLines(result, fakeTerminal());
    expect(lines[1]).toBe('P(|x| ≥ 4) of a normal in 2-D');
    expect(lines[4]).toMatch(/^estimator +P +\/ truth +95 % +variance +hits$/);
    expect(lines[5]).toMatch(/^Importance flow +\(3\.357 ± 0\.024\) × 10⁻⁴ +1\.0008 +± 0\.0072 +0\.273 +17,691$/);
    expect(lines[6]).toMatch(/^Monte Carlo +\(3\.5 ± 2\.6\) × 10⁻⁴ +1\.0433 +± 0\.7728 +2,860 +7$/);
    expect(lines[7]).toMatch(/^Ratios \(biased\) +5\.7180 × 10⁻⁹ +1\.7 × 10⁻⁵ +17,691$/);
    expect(lines[8]).toMatch(/^Closed form +3\.3546 × 10⁻⁴$/);
    expect(lines.join('\n')).not.toMatch(/bound|≥ lower|≤ upper/);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    const coloured = reportLines(result, { ...fakeTerminal(), colours: createColors(true) });
    const dimmed = coloured.filter((line) => line.startsWith('\u001b[2mRatios') || line.startsWith('\u001b[2mClosed'));
    expect(dimmed).toHaveLength(2);
  });

  it('is a table with all digits for programs, and one for papers', () => {
    const table = allEstimatesTable([
      { row: { id: 'a', name: 'Event' }, result },
      { row: { id: 'b', name: 'Other' }, result: null },
    ]);
    const [head, first, second, third, last] = csvTable(table).split('\r\n');
    expect(head).toBe(
      'run,name,event,dim,estimator,probability,probability_ci95,ratio_to_truth,ratio_to_truth_ci95,relative_variance,variance_reduction,draws,hits,ess,largest_weight',
    );
    expect(first).toBe(
      'a,Event,|x| ≥ 4,2,importance-flow,0.00033572,0.00000243,1.00077,0.00724,0.2728,10925,20000,17691,15714.1,0.00024',
    );
    expect(second).toMatch(/^a,Event,\|x\| ≥ 4,2,monte-carlo,0\.00035,0\.000259,/);
    expect(third).toMatch(/^a,Event,\|x\| ≥ 4,2,density-ratio,5\.718e-9,,0\.000017045,,,,20000,17691,,$/);
    expect(last).toMatch(/^a,Event,\|x\| ≥ 4,2,truth,0\.000335\d+,,,,,,,,,$/);
    const latex = latexTable(estimatesTable(found(result)));
    expect(latex).toContain(
      'Importance flow & (3.357 $\\pm$ 0.024) $\\times$ 10$^{-}$$^{4}$ & 1.0008 $\\pm$ 0.0072 & 0.273 & 10,900 &',
    );
    expect(latex).toContain(
      'Density ratios (biased) & 5.7180 $\\times$ 10$^{-}$$^{9}$ & 1.7 $\\times$ 10$^{-}$$^{5}$ & --',
    );
  });

  it('says so where plain Monte Carlo never hits', () => {
    const [, plain] = estimateRows(found(rareEventResult({ hits: 0 })));
    expect(plain).toMatchObject({ value: 0, ci95: null, ratio: 0, ratioCi95: null, hits: 0 });
    const lines = reportLines(rareEventResult({ hits: 0 }), fakeTerminal()).join(' ');
    expect(lines).toMatch(/Monte Carlo +0 +0 +0 /);
    expect(lines).toContain('of plain Monte Carlo, which never hit in as many.');
  });
});
