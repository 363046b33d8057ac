import { expect, it } from 'vitest';
import { answerOf, bracketOf, truthOf } from '../../src/shared/answer';
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
