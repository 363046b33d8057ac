import { describe, expect, it } from 'vitest';
import { alignedTexts } from '../../src/shared/alignedTexts';
import { answerOf, bracketOf } from '../../src/shared/answer';
import { bracketTexts } from '../../src/shared/bracketTexts';
import { diagnosticFacts } from '../../src/shared/diagnosticFacts';
import { estimatorCards, informations } from '../../src/shared/estimatorCards';
import { estimatorFacts, informationOf } from '../../src/shared/estimatorFacts';
import { estimatorLabel } from '../../src/shared/labels';
import { referencesFor } from '../../src/shared/references';
import { resultSoFar, sortedBounds } from '../../src/shared/runBounds';
import { estimators, parseRunFile } from '../../src/shared/runFile';
import type { RunRow } from '../../src/shared/runRecord';
import { numberCell, textCell } from '../../src/shared/tables';
import { bound, closing } from '../support/chartRuns';
import { sampleResult } from '../support/sampleResult';

describe('the bracket in large figures', () => {
  it('has the digits that its gap needs, cut at the decimal point', () => {
    expect(bracketTexts(bracketOf(sampleResult()))).toEqual({
      upper: { whole: '24', fraction: '.856', interval: '± 2.0' },
      lower: { whole: '24', fraction: '.841', interval: '± 2.0' },
      gap: { whole: '0', fraction: '.015', interval: '± 0.006' },
    });
  });

  it('gives no side the digits of the other where both are far apart', () => {
    const bracket = {
      ...{ quantity: 'log-z' as const, crosses: false, n: 512 },
      lower: { estimator: 'uha-mcd', value: -2_429_914.9, ci95: 60_000 },
      upper: { estimator: 'uha-mcd', value: 121.91, ci95: 0.4 },
      ...{ gap: 2_430_036.8, gapCi95: 60_000 },
    };
    const { lower, upper, gap } = bracketTexts(bracket);
    expect(lower).toEqual({ whole: '−2430000', fraction: '', interval: '± 60000' });
    expect(upper).toEqual({ whole: '121', fraction: '.9', interval: '± 0.4' });
    expect(gap.whole).toBe('2430000');
  });

  it('is drawn before there are numbers', () => {
    const empty = { whole: '—', fraction: '', interval: '' };
    expect(bracketTexts(undefined)).toEqual({ upper: empty, lower: empty, gap: empty });
  });
});

describe('what a run knows before it ends', () => {
  const row = {
    ...({} as RunRow),
    id: 'a',
    kind: 'mutual-information',
    device: 'cpu',
    quantity: 'mi',
    truth: null,
    lower: { estimator: 'cr-ais', value: closing[1]?.bounds[0]?.value ?? 0, ci95: 2.04 },
    upper: { estimator: 'im-ais', value: closing[1]?.bounds[1]?.value ?? 0, ci95: 2.04 },
    gap: 2.815,
    gapCi95: 0.4,
  } as RunRow;
  const detail = {
    spec: parseRunFile({ kind: 'mutual-information', model: { checkpoint: 'a.npz' }, data: { simulate: 32 } }, 'x'),
    result: null,
  };

  it('is the bounds of its last round, with the interval of its gap', () => {
    const result = resultSoFar(detail, row, closing.slice(0, 2));
    expect(result && answerOf(result)).toMatch(/Gap 2\.8 ± 0\.4\. Lower: CR-AIS, upper: IM-AIS, 125 temperatures\.$/);
  });

  it('does not mix the row with another round', () => {
    const result = resultSoFar(detail, row, closing);
    expect(result && answerOf(result)).toMatch(/Gap 0\.19\. .* 2,000 temperatures\.$/);
  });

  it('is nothing before the first round, and the result once there is one', () => {
    expect(resultSoFar(detail, row, [])).toBeUndefined();
    const result = sampleResult();
    expect(resultSoFar({ ...detail, result }, row, closing)).toBe(result);
  });

  it('is listed from top to bottom', () => {
    const sorted = sortedBounds([
      bound('b', 'estimate', 1),
      bound('a', 'lower', 1),
      bound('c', 'upper', 3),
      bound('d', 'upper', 9),
    ]);
    expect(sorted.map(({ estimator }) => estimator).join('')).toBe('dcab');
  });
});

describe('a column of numbers', () => {
  it('lines up on the decimal point', () => {
    const rows = [numberCell(24.85, 2), numberCell(7, 0), numberCell(null)].map((cell) => [textCell('x'), cell]);
    const texts = alignedTexts(rows).map((row) => row[1]);
    expect(texts).toEqual(['24.85', '7\u2008\u2007\u2007', '—\u2008\u2007\u2007']);
  });
});

describe('diagnostics in words', () => {
  it('leave out what a run does not have', () => {
    const diagnostics = {
      acceptance: 0.663,
      gradientEvaluations: 12_000,
      effectiveSampleSize: { forward: 7.31, reverse: null },
      importance: { iwae: { effectiveSampleSize: 2.04 } },
    };
    expect(diagnosticFacts(sampleResult({ diagnostics }))).toEqual([
      { label: 'Acceptance', text: '66 %' },
      { label: 'Gradient evaluations', text: '12,000' },
      { label: 'Effective sample size, forward', text: '7.3' },
      { label: 'Effective sample size, IWAE', text: '2.0' },
    ]);
  });
});

describe('the cards of the estimators', () => {
  it('are there for every estimator that a run file can name', () => {
    for (const name of estimators) expect(estimatorCards[name], name).toBeDefined();
  });

  it.each(Object.entries(estimatorCards))('say in sentences what %s is', (name, card) => {
    expect(estimatorLabel(name)).not.toBe('');
    expect(informations).toContain(card.information);
    expect(card.sides.length).toBeGreaterThan(0);
    for (const text of [card.bounds, card.needs, card.gap, card.use, card.reference])
      expect(text).toMatch(/^[^!]{10,}\.$/);
  });

  it('tell which information each uses, which side it bounds, and what to cite', () => {
    const by = Object.groupBy(estimators, (name) => estimatorCards[name]?.information ?? '');
    expect(by['samples only']).toEqual(['infonce', 'mine-dv', 'mine-f']);
    expect(by['one marginal']).toEqual(['ba', 'giwae', 'ibal', 'gmine-dv', 'gmine-f']);
    const estimates = estimators.filter((name) => estimatorCards[name]?.sides.includes('estimate'));
    expect(estimates).toEqual(['mine-dv', 'gmine-dv']);
    for (const estimator of estimators) {
      const bound = { quantity: 'mi' as const, estimator, side: 'lower' as const, value: 1, ci95: null, n: 1 };
      expect(referencesFor([{ bounds: [bound] }]).length, estimator).toBeGreaterThan(0);
    }
    expect(informationOf({ estimator: 'ba', side: 'lower' })).toBe('one marginal');
    expect(informationOf({ estimator: 'ba', side: 'upper' })).toBe('joint density');
  });

  it('give a result the plain facts of its estimators', () => {
    const facts = estimatorFacts(['infonce', 'no-such', 'constructor']);
    expect(Object.keys(facts)).toEqual(['infonce']);
    expect(facts['infonce']).toMatchObject({ information: 'samples only', sides: ['lower'] });
    expect(structuredClone(facts)).toEqual(JSON.parse(JSON.stringify(facts)));
  });
});
