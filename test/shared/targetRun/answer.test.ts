import { describe, expect, it } from 'vitest';
import { answerOf, bracketOf, truthOf, truthValue } from '../../../src/shared/answer';
import { boundKey, boundLabels } from '../../../src/shared/boundNames';
import { referencesFor } from '../../../src/shared/references';
import { lineSpec, posteriorSpec, targetResult, targetSpec } from '../../support/fake/target';

const plane = targetResult(targetSpec());

describe('what a run of a target says', () => {
  it('is a lower bound with its method, the truth, and whose standard deviations are nearest to it', () => {
    expect(answerOf(plane)).toBe(
      'log Z is at least −0.121 nats by DAIS (K = 16, N = 16), ±0.011 over 256 groups of draws. The truth is 0, the gap 0.121 ± 0.011. ' +
        'Of the normals MSC has the standard deviations nearest to the truth, 0.0020 off on average; IWVI 0.039; DAIS0 (K = 16) 0.084; DAIS0 (K = 4) 0.089; VI 0.30.',
    );
    expect(truthOf(plane)).toBe('Truth: log Z = 0 nats. The density is normalised; its moments are closed forms.');
  });

  it('says how far the lower bound is below the truth where a gap would be that to an upper bound', () => {
    const own = plane.bounds[0]!;
    const bounds = [
      { ...own, value: -0.364, ci95: 0.033, n: 2048, samples: 1 },
      { ...own, side: 'upper' as const, value: 0.46, ci95: 0.05, n: 2048, samples: 1 },
    ];
    const [lower, , truth] = answerOf({ ...plane, bounds })?.split(/(?<=\.) /) ?? [];
    expect(lower).toMatch(/, ±0\.033 over 2,048 draws\.$/);
    expect(truth).toBe('The truth is 0, 0.364 ± 0.033 above the lower bound.');
  });

  it('does not hold a sampler against itself, nor speak of a truth that is not known', () => {
    const posterior = targetResult(posteriorSpec());
    expect(answerOf(posterior)).toContain('log Z is at least −115.46 nats by DAIS (K = 16, N = 1)');
    expect(answerOf(posterior)).not.toContain('The truth is');
    expect(answerOf(posterior)).not.toContain('HMC');
    expect(truthOf(posterior)).toMatch(/^Moments of "hmc" in this run/);
    expect(truthValue(posterior)).toBeNull();
  });

  it('never calls an estimate a bound', () => {
    const estimates = plane.bounds.map((bound) => ({ ...bound, side: 'estimate' as const }));
    const said = answerOf({ ...plane, bounds: estimates, metrics: { truth: plane.metrics['truth'] } });
    expect(said).toBeUndefined();
    const chains = answerOf({ ...plane, bounds: [], metrics: { hmc: plane.metrics['hmc'] } });
    expect(chains).toBe(
      'HMC: the largest R-hat is 1.003, the smallest effective sample size 8,210. It bounds nothing.',
    );
  });

  it('says it where a bound lies above the truth', () => {
    const above = (value: number) => answerOf({ ...plane, bounds: [{ ...plane.bounds[0]!, value }] })?.split('. ')[1];
    expect(above(0.005)).toBe('The truth is 0: the bound lies above it by 0.005 ± 0.011, within its noise');
    expect(above(0.3)).toBe('The truth is 0: the bound lies above it by 0.300 ± 0.011, more than its noise explains');
  });

  it('says in one breath which modes are missed where many methods miss some', () => {
    const names = ['vi', 'iwvi', 'msc', 'dais', 'hmc'];
    const told = (missed: readonly number[]): string | undefined => {
      const metrics = Object.fromEntries(
        missed.map((modesMissed, at) => {
          const coverage = { modes: 8, modesFound: 8 - modesMissed, modesMissed, weightTotalVariation: 0.1 };
          return [names[at] ?? '', { ...(plane.metrics[names[at] ?? ''] as object), coverage }];
        }),
      );
      return /[^.]*modes[^.]*\./
        .exec(answerOf({ ...plane, metrics: { ...plane.metrics, ...metrics } }) ?? '')?.[0]
        .trim();
    };
    expect(told([0, 0, 0, 0, 0])).toBeUndefined();
    expect(told([2, 0, 1, 0, 0])).toBe('Of 8 modes VI misses 2; MSC misses 1.');
    expect(told([2, 3, 1, 2, 0])).toBe('4 of 5 methods miss 1 to 3 of 8 modes.');
    expect(told([2, 2, 2, 2, 2])).toBe('All 5 methods miss 2 of 8 modes.');
  });

  it('brackets log Z from below, with what the bound falls short by', () => {
    expect(bracketOf(plane)).toMatchObject({
      quantity: 'log-z',
      lower: { estimator: 'dais', method: 'dais-2', value: -0.121 },
      upper: undefined,
      gap: 0.121,
      gapCi95: 0.011,
    });
    expect(truthValue(plane)).toBe(0);
    const unknown = bracketOf(targetResult(posteriorSpec()));
    expect(unknown?.lower?.value).toBe(-115.46);
    expect(unknown?.gap).toBeUndefined();
  });

  it('tells two methods of one type apart, and cites what each comes from', () => {
    expect(new Set(plane.bounds.map(boundKey)).size).toBe(plane.bounds.length);
    const label = boundLabels(plane.bounds);
    expect(plane.bounds.map(label)).toEqual(['VI', 'IWVI', 'DAIS', 'DAIS0', 'DAIS 2', 'DAIS0 2', 'MSC']);
    const keys = referencesFor([targetResult(lineSpec())]).map(({ key }) => key);
    expect(keys).toContain('zenn2024differentiable');
    expect(keys).toContain('naesseth2020markovian');
  });
});
