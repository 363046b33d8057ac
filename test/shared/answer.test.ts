import { expect, it } from 'vitest';
import { answerOf, bracketOf, ibalTexts, truthOf } from '../../src/shared/answer';
import type { Bound } from '../../src/shared/result';
import { otherBounds } from '../../src/shared/runBounds';
import { sampleResult } from '../support/sampleResult';

const best = (lower: number | null, upper: number | null, gapCi95?: number, ci95 = 2.04) => ({
  best: {
    ...(lower === null ? {} : { lower: { estimator: 'cr-ais', value: lower, ci95 } }),
    ...(upper === null ? {} : { upper: { estimator: 'im-ais', value: upper, ci95 } }),
    ...(lower === null || upper === null ? {} : { gap: upper - lower, ...(gapCi95 === undefined ? {} : { gapCi95 }) }),
  },
});

it('says a closed bracket with the digits that the gap supports', () => {
  expect(answerOf(sampleResult())).toBe(
    'I(x; z) is between 24.841 and 24.856 nats (95 % intervals ±2.0 over 32 data). Gap 0.015 ± 0.006. ' +
      'Lower: CR-AIS, upper: IM-AIS, 2,000 temperatures.',
  );
});

it('says a wide bracket with the digits that the intervals support', () => {
  const metrics = best(22.53, 31.02, 5.1, 6.9);
  expect(answerOf(sampleResult({ metrics }))).toContain(
    'between 23 and 31 nats (95 % intervals ±7 over 32 data). Gap 8 ± 5.',
  );
});

it('finds the tightest bounds itself where the run does not state them', () => {
  const bracket = bracketOf(sampleResult({ metrics: {} }));
  expect(bracket).toMatchObject({
    quantity: 'mi',
    n: 32,
    lower: { estimator: 'cr-ais' },
    upper: { estimator: 'im-ais' },
  });
  expect(bracket?.gap).toBeCloseTo(0.0149, 10);
  expect(answerOf(sampleResult({ metrics: {} }))).toContain('Gap 0.015.');
});

it('says one side alone', () => {
  const bounds = [
    { quantity: 'log-px' as const, estimator: 'iwae', side: 'lower' as const, value: -89.21, ci95: 0.5, n: 128 },
  ];
  const result = sampleResult({ kind: 'evidence', bounds, metrics: {} });
  expect(answerOf(result)).toBe(
    'log p(x) is at least −89.2 nats on average (95 % interval ±0.5 over 128 data). Lower: IWAE.',
  );
  expect(answerOf(sampleResult({ metrics: best(null, 25), bounds: [] }))).toBe(
    'I(x; z) is at most 25.0 nats (95 % interval ±2.0). Upper: IM-AIS, 2,000 temperatures.',
  );
});

const mi = (estimator: string, side: Bound['side'], value: number, name: Partial<Bound> = {}): Bound => ({
  ...{ quantity: 'mi', estimator, side, value, ci95: 0.2, n: 32 },
  ...name,
});

it('names the bounds by what tells them from others of their estimator', () => {
  const bounds = [
    mi('iwae', 'lower', 23.1, { base: 'q', samples: 1000 }),
    mi('iwae', 'lower', 22.4, { base: 'q', samples: 100 }),
    mi('iwae', 'upper', 23.9, { base: 'prior', samples: 1000 }),
    mi('im-ais', 'upper', 23.4, { base: 'q', samples: 16 }),
  ];
  const stated = {
    best: { lower: { estimator: 'iwae', value: 23.1 }, upper: { estimator: 'im-ais', value: 23.4 }, gap: 0.3 },
  };
  for (const metrics of [{}, stated]) {
    const result = sampleResult({ bounds, metrics });
    expect(bracketOf(result)?.lower).toMatchObject({ base: 'q', samples: 1000 });
    expect(answerOf(result)).toMatch(/Lower: IWAE, q, K = 1,000; upper: IM-AIS, 2,000 temperatures\.$/);
    expect(otherBounds(result, bracketOf(result)).map(({ label }) => label)).toEqual([
      'IWAE, prior, K = 1,000',
      'IWAE, q, K = 100',
    ]);
  }
});

it('never takes an estimate, or a bound on IBAL, for a bound on I(x; z)', () => {
  const bounds = [
    mi('mine-dv', 'estimate', 40),
    mi('iwae', 'lower', 6.9),
    mi('ibal', 'lower', 20, { critic: 't' }),
    { ...mi('ibal', 'upper', 20.5, { critic: 't' }), quantity: 'ibal' as const },
    { ...mi('ibal', 'lower', 20.1, { critic: 't' }), quantity: 'ibal' as const },
  ];
  const result = sampleResult({ bounds, metrics: {} });
  expect(bracketOf(result)).toMatchObject({ quantity: 'mi', lower: { estimator: 'ibal', value: 20 } });
  expect(bracketOf(result)?.upper).toBeUndefined();
  expect(answerOf(result)).toMatch(/^I\(x; z\) is at least 20\.00 nats/);
  expect(ibalTexts(result)).toEqual(['IBAL of critic t lies between 20.10 and 20.50 nats.']);
});

it('says where the ends of IBAL cross, and by how much it matters', () => {
  const ends = (lower: number, upper: number) =>
    ibalTexts({
      bounds: [
        { ...mi('ibal', 'lower', lower, { critic: 't' }), quantity: 'ibal' },
        { ...mi('ibal', 'upper', upper, { critic: 't' }), quantity: 'ibal' },
      ],
    });
  expect(ends(13.61, 13.6)).toEqual(['The ends of IBAL of critic t meet within their noise at 13.605 nats.']);
  expect(ends(15, 13.6)).toEqual([
    'The lower end of IBAL of critic t, 15.00 nats, lies above its upper end, 13.60 nats.',
  ]);
  expect(ends(13.6, 13.6)).toEqual(['IBAL of critic t is 13.60 nats.']);
});

it('says of estimates alone that they bound nothing', () => {
  const result = sampleResult({ bounds: [mi('mine-dv', 'estimate', 4.21)], metrics: {} });
  expect(bracketOf(result)).toBeUndefined();
  expect(answerOf(result)).toBe(
    'Estimates of I(x; z), nats: 4.21 ± 0.20 by MINE-DV. They bound nothing: the truth may lie on either side.',
  );
});

it('says when the bounds meet within their noise', () => {
  expect(answerOf(sampleResult({ metrics: best(24.86, 24.85, 0.02) }))).toContain(
    'The bounds on I(x; z) meet within their noise at 24.855 nats',
  );
});

it('says when the bounds cross', () => {
  expect(answerOf(sampleResult({ metrics: best(25, 24, 0.2) }))).toContain(
    'lies above the upper, 24.00 nats (95 % intervals ±2.0 over 32 data), by 1.00 ± 0.20: at least one of them has not converged.',
  );
});

it('says a single datum without intervals', () => {
  const bounds = sampleResult().bounds.map((bound) => ({ ...bound, ci95: null, n: 1 }));
  expect(answerOf(sampleResult({ bounds, metrics: {} }))).toContain('between 24.841 and 24.856 nats (1 datum).');
});

it('has no answer without a bound', () => {
  expect(answerOf(sampleResult({ bounds: [], metrics: {} }))).toBeUndefined();
  const bounds = sampleResult().bounds.map((bound) => ({ ...bound, value: null, ci95: null }));
  expect(answerOf(sampleResult({ bounds, metrics: {} }))).toBeUndefined();
});

it('tells the truth where it is known', () => {
  const { metrics } = sampleResult();
  expect(truthOf(sampleResult())).toBeUndefined();
  expect(truthOf(sampleResult({ metrics: { ...metrics, truth: 24.8503 } }))).toBe(
    'Truth: 24.850 nats in closed form, inside the bracket and its intervals.',
  );
  expect(truthOf(sampleResult({ metrics: { ...metrics, truth: 30 } }))).toContain('outside the bracket');
  expect(truthOf(sampleResult({ metrics: { ...metrics, truth: 30, truthOfData: 24.85 } }))).toMatch(
    /30\.0\d* nats in closed form, 24\.85\d* on these very data, inside the bracket\.$/,
  );
  expect(truthOf(sampleResult({ metrics: { truth: Number.NaN } }))).toBeUndefined();
});
