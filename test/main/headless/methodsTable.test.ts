import { createColors } from 'picocolors';
import { describe, expect, it } from 'vitest';
import { methodsTable } from '../../../src/main/headless/methodsTable';
import { reportLines } from '../../../src/main/headless/report';
import { csvTable } from '../../../src/shared/tables';
import { targetSummary } from '../../../src/shared/targetRun/summary';
import { bestMethods, methodsTable as sharedTable } from '../../../src/shared/targetRun/table';
import { posteriorSpec, targetResult, targetSpec } from '../../support/fake/target';
import { fakeTerminal } from '../../support/fakeTerminal';

describe('the methods of a run of a target', () => {
  it('are told with their bounds and errors, the ideal ones below them', () => {
    const lines = methodsTable(targetSummary(targetResult(targetSpec())), fakeTerminal());
    expect(lines[0]).toMatch(/^method +log Z ≥ +95 % +gap +mean ± +std ± +ESS +R-hat +time$/);
    expect(lines[1]).toMatch(/^VI +−0\.686 +± 0\.011 +0\.686 +0\.50 +0\.30 +400 +4\.0 s$/);
    expect(lines[8]).toMatch(/^HMC +— +0\.0010 +0\.00022 +8,210 +1\.003 +32 s$/);
    expect(lines[9]).toMatch(/^VI optimum +−0\.69 +0\.69/);
    expect(lines.at(-1)).toContain('nothing of it was trained');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  it('have the best of each column bold, never the one that is the truth', () => {
    const terminal = { ...fakeTerminal(), colours: createColors(true) };
    const lines = methodsTable(targetSummary(targetResult(posteriorSpec())), terminal);
    const bold = lines.filter((line) => line.includes('\u001b[1m'));
    expect(bold.map((line) => line.slice(0, 5))).toEqual(['DAIS ', 'DAIS0']);
    expect(lines.find((line) => line.startsWith('HMC'))).not.toContain('\u001b[1m');
  });

  it('call the distance to the truth a gap only where there is no upper bound', () => {
    const result = targetResult(targetSpec());
    const own = result.bounds[0]!;
    const bounds = [...result.bounds, { ...own, side: 'upper' as const, value: 0.2 }];
    const [head] = methodsTable(targetSummary({ ...result, bounds }), fakeTerminal());
    expect(head).toMatch(/^method +log Z ≥ +95 % +log Z ≤ +95 % +below truth +mean ±/);
  });

  it('have what they predict of rows that were kept back', () => {
    const result = targetResult(posteriorSpec());
    const vi = { ...(result.metrics['vi'] as object), heldOutLogPredictive: -0.43214, heldOutAccuracy: 0.8095 };
    const lines = methodsTable(targetSummary({ ...result, metrics: { ...result.metrics, vi } }), fakeTerminal());
    expect(lines[0]).toMatch(/ std ± +log p\(y\) +right +ESS /);
    expect(lines[1]).toMatch(/^VI .* −0\.432 +81\.0 % +400 /);
    expect(lines.join(' ')).toContain('of labels kept back');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(120);
  });

  it('say which modes they found and how far their draws are from exact ones, in the report, the answer and the exports', () => {
    const result = targetResult(targetSpec());
    const covered = (more: object) => ({
      modes: 2,
      modesFound: 2,
      modesMissed: 0,
      weightTotalVariation: 0.02,
      ...more,
    });
    const { vi, msc, ...others } = result.metrics;
    const lost = covered({ modesFound: 1, modesMissed: 1, weightTotalVariation: 0.5, massFound: 0.503, exactW2: 4.2 });
    const metrics = {
      ...others,
      vi: { ...(vi as object), coverage: lost },
      msc: { ...(msc as object), coverage: covered({ mmdMedian: -0.0002, exactW2: 0.8 }) },
    };
    const lines = reportLines({ ...result, metrics }, fakeTerminal());
    const head = lines.findIndex((line) => line.startsWith('draws of'));
    expect(lines[head]).toMatch(/^draws of +modes +weights ± +MMD² +W2 +ESS +time +gradients$/);
    expect(lines[head + 1]).toMatch(/^VI +1 of 2 +0\.500 +4\.2 +400 +4\.0 s +100,000$/);
    expect(lines[head + 2]).toMatch(/^MSC +2 of 2 +0\.020 +−0\.0002 +0\.80/);
    const holed = { ...metrics, msc: { ...(msc as object), coverage: covered({ insideHole: 0.0123 }) } };
    const inHole = reportLines({ ...result, metrics: holed }, fakeTerminal()).filter((line) =>
      / in hole | 1\.2 %/.test(line),
    );
    expect(inHole.map((line) => line.split(/ {2,}/)[0])).toEqual(['draws of', 'MSC']);
    const said = lines.join(' ').replace(/\s+/g, ' ');
    expect(said).toContain('Mass of the target is lost although the weights look fine: VI found about 50 % of it.');
    expect(said).toContain('Of 2 modes VI misses 1.');
    const summary = targetSummary({ ...result, metrics });
    expect(csvTable(sharedTable(summary))).toMatch(/modes_found,mode_weights_total_variation,mmd2,w2,seconds/);
    expect(bestMethods(summary).get('modesFound')).toEqual(new Set(['msc']));
  });

  it('stand in the report of their run, below its target', () => {
    const lines = reportLines(targetResult(posteriorSpec()), fakeTerminal());
    expect(lines.slice(1, 3)).toEqual(['Sonar, logistic regression', 'Logistic regression, sonar · cpu · 1 min 24 s']);
    expect(lines.join(' ')).toContain(
      'log Z is at least −115.46 nats by DAIS (K = 16, N = 1), ±0.05 over 256 groups of draws.',
    );
    expect(lines.join(' ')).toContain('Moments of "hmc" in this run.');
    const unnamed = { ...targetResult(posteriorSpec()).spec, name: '' };
    const without = reportLines({ ...targetResult(posteriorSpec()), spec: unnamed }, fakeTerminal());
    expect(without.slice(1, 3)).toEqual(['Logistic regression, sonar', 'cpu · 1 min 24 s']);
    const begun = reportLines({ ...targetResult(posteriorSpec()), bounds: [], metrics: {} }, fakeTerminal());
    expect(begun.join('\n')).not.toContain('log Z');
  });
});
