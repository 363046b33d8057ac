import { expect, it } from 'vitest';
import { answerOf } from '../../src/shared/answer';
import { estimatorCards } from '../../src/shared/estimatorCards';
import { informationOf } from '../../src/shared/estimatorFacts';
import { referencesFor } from '../../src/shared/references';
import type { Bound, Result } from '../../src/shared/result';
import { vaeBoundSchema } from '../../src/shared/runFile';
import { vaeSummary } from '../../src/shared/vaeRun';
import { sampleResult } from '../support/sampleResult';

const lower = (estimator: string, value: number, rest: Partial<Bound> = {}): Bound => ({
  ...{ quantity: 'log-px', side: 'lower', base: 'q', ci95: 0.5, n: 1000 },
  ...{ estimator, value, ...rest },
});
const bounds = [
  lower('elbo', -95.1),
  lower('uha-mcd', -90.4, { samples: 1 }),
  lower('iwae', -91.7, { samples: 5 }),
  lower('iwae', -89.21, { samples: 5000 }),
  lower('im-ais', -91.2, { samples: 16, n: 100, ci95: 1.8 }),
];
const spec = {
  bound: { type: 'uha-mcd', steps: 16 },
  evaluate: { annealed: { temperatures: 100, chains: 16 } },
};
const firstData = {
  n: 100,
  lower: [
    { estimator: 'elbo', mean: -97.4, ci95: 1.9 },
    { estimator: 'iwae', samples: 5000, mean: -91.9, ci95: 1.8 },
    { estimator: 'im-ais', samples: 16, mean: -91.2, ci95: 1.8 },
  ],
};
const result = (changes: Partial<Result> = {}): Result =>
  sampleResult({ kind: 'vae', bounds, spec, metrics: { firstData }, ...changes });

it('says the test log-likelihood by samples and by chains under names that no other bound has', () => {
  expect(answerOf(result())).toBe(
    'Test log p(x) is at least −89.2 nats on average, by IWAE with 5,000 samples of q(z | x) (95 % interval ±0.5 over 1,000 data). ' +
      'On the first 100 data annealed chains say at least −91.2 ± 1.8, where IWAE, K = 5,000 says −91.9 ± 1.8.',
  );
  const { samples, chains, trained, sameData } = vaeSummary(result());
  expect([samples, chains, trained].map((each) => each?.label)).toEqual([
    'IWAE, K = 5,000',
    'annealed chains, K = 16, T = 100',
    'UHA-MCD, K = 16',
  ]);
  expect(chains?.over).toBe('over 100 test data');
  expect(sameData?.bounds.map(({ label }) => label)).toEqual([
    'annealed chains, K = 16, T = 100',
    'IWAE, K = 5,000',
    'ELBO',
  ]);
});

it('says so where the bound that was trained is tighter than samples of q, on the same data', () => {
  const changed = (value: number, n: number): string | undefined =>
    answerOf(
      result({
        bounds: bounds.map((bound) => (bound.estimator === 'uha-mcd' ? { ...bound, value, n } : bound)),
        metrics: {},
      }),
    );
  expect(changed(-88.3, 1000)).toContain(
    '(95 % interval ±0.5 over 1,000 data). UHA-MCD, K = 16, the bound that it was trained on, says more: −88.3 ± 0.5. Annealed',
  );
  expect(changed(-88.3, 100)).not.toContain('says more');
  expect(changed(-89.3, 1000)).not.toContain('says more');
});

it('says so where chains had the same data, and where there were none', () => {
  const all = bounds.map((bound) => ({ ...bound, n: 1000 }));
  expect(answerOf(result({ bounds: all, metrics: {} }))).toMatch(
    / Annealed chains on the same data say at least −91\.2 ± 1\.8\.$/,
  );
  const none = answerOf(result({ bounds: bounds.slice(0, 4), metrics: {} }));
  expect(none).toMatch(/over 1,000 data\)\.$/);
  expect(answerOf(result({ bounds: [], metrics: {} }))).toBeUndefined();
});

it('takes the ELBO where nothing better was computed', () => {
  const [elbo] = bounds;
  if (elbo === undefined) throw new Error('no bound');
  expect(answerOf(result({ bounds: [elbo], metrics: {} }))).toBe(
    'Test log p(x) is at least −95.1 nats on average, by ELBO (95 % interval ±0.5 over 1,000 data).',
  );
});

it('has a card and something to cite for every bound that a VAE can be trained by', () => {
  for (const { shape } of vaeBoundSchema.options) {
    const estimator = shape.type.value;
    expect(estimatorCards[estimator], estimator).toBeDefined();
    expect(referencesFor([{ bounds: [lower(estimator, -1)] }]).length, estimator).toBeGreaterThan(0);
  }
  expect(informationOf({ estimator: 'uha', side: 'lower' })).toBe('joint density');
  expect(informationOf({ estimator: 'uha', side: 'lower', method: 'uha' })).toBeNull();
});
