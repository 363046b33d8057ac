import { describe, expect, it } from 'vitest';
import { targetAnswer } from '../../../src/shared/targetRun/answer';
import { targetSummary } from '../../../src/shared/targetRun/summary';
import { allMethodsTable, bestMethods, columnsFor, methodsTable } from '../../../src/shared/targetRun/table';
import { csvTable, latexTable } from '../../../src/shared/tables';
import { posteriorSpec, targetDetail, targetResult, targetSpec } from '../../support/fake/target';

const plane = targetSummary(targetResult(targetSpec()));
const posterior = targetSummary(targetResult(posteriorSpec()));

describe('the table of methods', () => {
  it('marks the best of those that compete', () => {
    const best = bestMethods(plane);
    expect(best.get('bound')).toEqual(new Set(['dais-2']));
    expect(best.get('gap')).toEqual(new Set(['dais-2']));
    // HMC is nearer, and does not compete; ideal methods do not either.
    expect(best.get('maeStd')).toEqual(new Set(['dais']));
    expect(best.has('entropy')).toBe(false);
    expect(best.has('seconds')).toBe(false);
  });

  it('never marks the truth as the best of itself', () => {
    expect(posterior.methods.find(({ name }) => name === 'hmc')?.isTruth).toBe(true);
    expect(plane.methods.find(({ name }) => name === 'hmc')?.isTruth).toBe(false);
    for (const names of bestMethods(posterior).values()) expect(names).not.toContain('hmc');
    const alone = { methods: posterior.methods.filter(({ name }) => name === 'vi' || name === 'hmc') };
    expect(bestMethods(alone).size).toBe(0);
  });

  it('is a table of a paper, with ideal methods set apart', () => {
    const tex = latexTable(methodsTable(plane));
    expect(tex).toContain('DAIS, K = 16 & K = 16, N = 16 & trained & $\\mathbf{-0.121} \\pm 0.011$');
    expect(tex).toContain('VI optimum, KL(q $\\|$ $\\pi$) &  & ideal');
    expect(methodsTable(posterior).columns.map(({ name }) => name)).not.toContain('kind');
  });

  it('has what methods predict of rows that were kept back, the best marked, where some were', () => {
    const result = targetResult(posteriorSpec());
    const scored = Object.entries(result.metrics).map(([name, values], index) => {
      const scores = { heldOutLogPredictive: -0.5 + 0.01 * index, heldOutAccuracy: 0.8 };
      return [name, ['vi', 'dais', 'dais0'].includes(name) ? { ...(values as object), ...scores } : values];
    });
    const summary = targetSummary({ ...result, metrics: Object.fromEntries(scored) as typeof result.metrics });
    expect(summary.methods.find(({ name }) => name === 'vi')?.heldOutAccuracy).toBe(0.8);
    const names = (of: typeof summary) => methodsTable(of).columns.map(({ name }) => name);
    expect(names(summary)).toContain('held_out_log_predictive_nats');
    expect(names(posterior)).not.toContain('held_out_log_predictive_nats');
    expect(bestMethods(summary).get('heldOutLogPredictive')).toEqual(new Set(['dais0']));
    expect(bestMethods(summary).get('heldOutAccuracy')).toEqual(new Set(['vi', 'dais', 'dais0']));
  });

  it('has every digit in CSV, run by run', () => {
    const runs = [targetDetail(targetSpec(), 'run-a', 0), targetDetail(posteriorSpec(), 'run-b', 0)];
    const [header, ...rows] = csvTable(allMethodsTable(runs)).trim().split('\r\n');
    expect(header).toMatch(
      /^run,name,method,settings,kind,log_z_lower_nats,log_z_lower_ci95_nats,log_z_upper_nats,log_z_upper_ci95_nats,log_z_estimate_nats,gap_nats,/,
    );
    expect(rows).toHaveLength(8 + 4 + 6);
    expect(rows[0]).toMatch(/^run-a,Two modes in a plane,vi,,trained,-0\.6858,0\.011,,,,0\.6858,/);
    expect(rows.filter((row) => row.includes(',ideal,'))).toHaveLength(4);
  });

  it('sets upper bounds beside the lower ones, the lowest marked, and says the tightest', () => {
    const { result } = targetDetail(targetSpec(), 'run-a', 0);
    if (result === null) throw new Error('without a result');
    const upper = (method: string, value: number) =>
      ({ quantity: 'log-z', estimator: method, side: 'upper', method, value, ci95: 0.02, n: 64 }) as const;
    const sandwiched = { ...result, bounds: [...result.bounds, upper('vi', 1.25), upper('msc', 0.75)] };
    const summary = targetSummary(sandwiched);
    expect(summary.methods.find(({ name }) => name === 'msc')?.upper).toEqual({
      value: 0.75,
      ci95: 0.02,
      n: 64,
      draws: 1,
    });
    expect(bestMethods(summary).get('upper')).toEqual(new Set(['msc']));
    expect(columnsFor(summary).map(({ id }) => id)).toContain('upper');
    expect(columnsFor(targetSummary(result)).map(({ id }) => id)).not.toContain('upper');
    expect(targetAnswer(sandwiched)).toContain('It is at most 0.750 ± 0.020 by MSC.');
    expect(targetAnswer(result)).not.toContain('at most');
  });
});
