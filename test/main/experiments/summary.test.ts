import { describe, expect, it } from 'vitest';
import type { DatumBounds } from '../../../src/main/experiments/datumBounds';
import { summarise } from '../../../src/main/experiments/summary';

describe('averaging per-datum bounds', () => {
  const lower = [-10, -12, -14];
  const upper = [-9, -11, -13.5];
  const logLikelihood = [-3, -6, -9];

  it('reports bounds on log p(x) as they are', () => {
    const { bounds, best, perDatum } = summarise('log-px', [{ estimator: 'ais', logPx: { lower, upper } }], undefined);
    expect(bounds).toMatchObject([
      { quantity: 'log-px', estimator: 'ais', side: 'lower', value: -12, n: 3 },
      { side: 'upper', n: 3 },
    ]);
    // t = 4.302653 for two degrees of freedom, standard error 2 / √3.
    expect(bounds[0]?.ci95).toBeCloseTo((4.3026527297 * 2) / Math.sqrt(3), 8);
    expect(best.gap).toBeCloseTo((1 + 1 + 0.5) / 3, 12);
    expect(best.gapCi95).toBeCloseTo((4.3026527297 * Math.sqrt(1 / 12)) / Math.sqrt(3), 8);
    expect(perDatum).toEqual({
      bounds: [
        { estimator: 'ais', side: 'lower', values: lower },
        { estimator: 'ais', side: 'upper', values: upper },
      ],
    });
  });

  it('turns sides round for mutual information: the upper bound on log p(x) gives the lower one', () => {
    const { bounds, best, perDatum } = summarise('mi', [{ estimator: 'ais', logPx: { lower, upper } }], logLikelihood);
    expect(bounds.map(({ side, value }) => [side, value])).toEqual([
      ['lower', (6 + 5 + 4.5) / 3],
      ['upper', (7 + 6 + 5) / 3],
    ]);
    expect(best.gap).toBeCloseTo((1 + 1 + 0.5) / 3, 12);
    expect(perDatum.logLikelihood).toEqual(logLikelihood);
  });

  it('takes the tightest of each side, estimators apart', () => {
    const { best } = summarise(
      'log-px',
      [
        { estimator: 'ais', logPx: { lower: [-5, -5], upper: [-1, -1] } },
        { estimator: 'im-ais', logPx: { lower: [-4, -4], upper: [-0.5, -0.5] } },
        { estimator: 'cr-ais', logPx: { lower: [-9, -9] } },
      ],
      undefined,
    );
    expect(best).toMatchObject({
      lower: { estimator: 'im-ais', value: -4 },
      upper: { estimator: 'ais', value: -1 },
      gap: 3,
    });
  });

  it.each([Number.NaN, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY])(
    'one datum of %s leaves no value, and says so',
    (bad) => {
      const spoiled = { estimator: 'ais' as const, logPx: { lower: [-10, bad, -14], upper } };
      const { bounds, best, warnings, perDatum } = summarise('log-px', [spoiled], undefined);
      expect(bounds[0]).toEqual({ quantity: 'log-px', estimator: 'ais', side: 'lower', value: null, ci95: null, n: 3 });
      expect(bounds[1]?.value).toBeCloseTo(-33.5 / 3, 12);
      expect(best.lower).toBeUndefined();
      expect(best.gap).toBeUndefined();
      expect(warnings).toEqual([expect.stringMatching(/lower bound of AIS has no value.*1 of 3 data/)]);
      expect(perDatum.bounds[0]?.values).toEqual([-10, null, -14]);
      const mi = summarise('mi', [spoiled], logLikelihood);
      expect(mi.bounds.map(({ side, value }) => [side, value === null])).toEqual([
        ['lower', false],
        ['upper', true],
      ]);
    },
  );

  it('warns of bounds that cross by more than their noise', () => {
    const crossed = summarise(
      'log-px',
      [{ estimator: 'ais', logPx: { lower: [-1, -2, -3, -4], upper: [-2, -3.1, -4, -5] } }],
      undefined,
    );
    expect(crossed.warnings).toEqual([expect.stringMatching(/cross by 1\.0 nats/)]);
    const noise = summarise(
      'log-px',
      [{ estimator: 'ais', logPx: { lower: [-1, -2, -3, -4], upper: [-1.5, -1.6, -3.5, -3.6] } }],
      undefined,
    );
    expect(noise.warnings).toEqual([]);
  });

  it('allows for the choice among many pairs: what two bounds may not, the best of a hundred may', () => {
    const truth = [-5, -6, -7, -8];
    const pair = (estimator: 'ais' | 'im-ais', shift: number): DatumBounds => ({
      estimator,
      logPx: {
        lower: truth.map((value, datum) => value + 0.1 * shift + 0.02 * datum),
        upper: truth.map((value) => value + 3),
      },
    });
    const upper: DatumBounds = { estimator: 'cr-ais', logPx: { upper: truth.map((value) => value + 0.02) } };
    const one = summarise(
      'log-px',
      [{ estimator: 'ais', logPx: { lower: pair('ais', 1).logPx?.lower } }, upper],
      undefined,
    );
    expect(one.best).toMatchObject({ crosses: true });
    const many = [...Array.from({ length: 20 }, () => pair('im-ais', 0)), pair('ais', 1), upper];
    const all = summarise('log-px', many, undefined);
    expect(all.best.gap).toBeCloseTo(one.best.gap ?? NaN, 12);
    expect(all.best.gapCi95).toBeCloseTo(one.best.gapCi95 ?? NaN, 12);
    expect(all.best).toMatchObject({ crosses: false });
    expect(all.warnings).toEqual([]);
  });

  it('has no interval for one datum', () => {
    const { bounds, best } = summarise(
      'log-px',
      [{ estimator: 'ais', logPx: { lower: [-1], upper: [-0.5] } }],
      undefined,
    );
    expect(bounds.map(({ ci95 }) => ci95)).toEqual([null, null]);
    expect(best).toMatchObject({ gap: 0.5, gapCi95: null });
  });
});
