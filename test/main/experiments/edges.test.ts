import { describe, expect, it } from 'vitest';
import { lg2 } from '../../support/linearModel';
import { contradicts } from '../../support/moments';
import { boundOf, exactEvidence, logLikelihoods, perDatum, workbench } from '../../support/runs';

const bench = workbench();
const model = bench.linear(lg2);
const all = ['ais', 'im-ais', 'cr-ais', 'bdmc', 'iwae', 's-infonce'] as const;

describe('the smallest runs', () => {
  it.each([
    ['one temperature', { ais: { chains: 3, temperatures: 1, leapfrog: 2 } }],
    ['one temperature, coupled', { ais: { chains: 3, temperatures: 1, leapfrog: 2, coupledUpper: true } }],
    ['one leapfrog step', { ais: { chains: 2, temperatures: 5, leapfrog: 1 } }],
    ['one chain', { ais: { chains: 1, temperatures: 5, leapfrog: 2, coupledUpper: true } }],
    ['one importance sample', { ais: { chains: 2, temperatures: 2, leapfrog: 1 }, iwae: { samples: 1 } }],
    [
      'one of everything',
      { ais: { chains: 1, temperatures: 1, leapfrog: 1 }, iwae: { samples: 1 }, data: { simulate: 1 } },
    ],
  ])('%s: all estimators have finite values on both sides', async (_, draft) => {
    const result = await bench.run({ model, data: { simulate: 3 }, estimators: all, ...draft });
    expect(result.status).toBe('done');
    const coupled = draft.ais.chains === 1 || 'coupledUpper' in draft.ais;
    for (const estimator of all) {
      expect(Number.isFinite(boundOf(result, estimator, 'lower').value), estimator).toBe(true);
      // The upper bound on I(x; z) of the coupled chains is made on demand only, but one chain needs nothing more.
      if (estimator === 'cr-ais' && !coupled) {
        expect(result.bounds.filter((bound) => bound.estimator === 'cr-ais' && bound.side === 'upper')).toEqual([]);
      } else expect(Number.isFinite(boundOf(result, estimator, 'upper').value), estimator).toBe(true);
    }
    JSON.stringify(result, (key, value: unknown) => {
      expect(typeof value === 'number' && !Number.isFinite(value), key).toBe(false);
      return value;
    });
  });

  it('one datum has no interval, and the result says so', async () => {
    const result = await bench.run({ model, data: { simulate: 1 }, ais: { chains: 2, temperatures: 3 } });
    expect(result.bounds.every((bound) => bound.ci95 === null && bound.n === 1)).toBe(true);
    expect(result.warnings).toContainEqual(expect.stringMatching(/One datum has no interval/));
  });
});

describe('special cases', () => {
  it('K = 1: multi-sample AIS and BDMC are single-sample AIS', async () => {
    const ais = { chains: 1, temperatures: 12, leapfrog: 3, stepSize: 0.2 };
    const result = await bench.run({
      model,
      data: { simulate: 6 },
      estimators: ['ais', 'im-ais', 'cr-ais', 'bdmc'],
      ais,
    });
    for (const estimator of ['im-ais', 'cr-ais', 'bdmc']) {
      for (const side of ['lower', 'upper'] as const) {
        perDatum(result, estimator, side).forEach((value, datum) =>
          expect(value).toBeCloseTo(perDatum(result, 'ais', side)[datum] ?? NaN, 11),
        );
      }
    }
  });

  it('T = 1 from the prior: the coupled lower bound on I(x; z) is 0, datum by datum, for every K', async () => {
    const ais = { chains: 5, temperatures: 1, coupledUpper: true };
    const result = await bench.run({ model, data: { simulate: 6 }, estimators: ['ais', 'cr-ais'], ais });
    // W of a reverse chain is log p(x | z*) itself, evaluated by another program: float32 of numbers below 100.
    const exact = logLikelihoods(result);
    perDatum(result, 'cr-ais', 'upper').forEach((value, datum) => expect(value).toBeCloseTo(exact[datum] ?? NaN, 4));
    expect(boundOf(result, 'cr-ais', 'lower').value).toBeCloseTo(0, 4);
    expect(boundOf(result, 'ais', 'lower').value).toBeCloseTo(0, 4);
    expect(result.diagnostics).toMatchObject({ gradientEvaluations: 3, transitions: 0, acceptance: null });
  });

  it('T = 1 from the prior: independent AIS is structured InfoNCE with other random numbers', async () => {
    const chains = 20;
    const ais = { chains, temperatures: 1 };
    const draft = {
      model,
      data: { simulate: 600 },
      estimators: ['im-ais', 's-infonce'],
      ais,
      iwae: { samples: chains },
    };
    const result = await bench.run(draft);
    const truth = await exactEvidence(lg2, 600, 0);
    for (const side of ['lower', 'upper'] as const) {
      const [a, b] = ['im-ais', 's-infonce'].map((name) => perDatum(result, name, side));
      expect(contradicts(side, a ?? [], truth)).toBe(false);
      // Means of the same quantity over the same data: neither is above the other by more than the noise.
      expect(contradicts('lower', a ?? [], b ?? [])).toBe(false);
      expect(contradicts('upper', a ?? [], b ?? [])).toBe(false);
      expect(a).not.toEqual(b);
    }
  });

  it('s-infonce is iwae with the prior, to the bit, and always uses the prior', async () => {
    const draft = { model, data: { simulate: 4 }, estimators: ['iwae', 's-infonce'], iwae: { samples: 30 } };
    const prior = await bench.run(draft);
    const other = await bench.run({ ...draft, iwae: { samples: 30, proposal: { type: 'gaussian', std: 0.7 } } });
    const onlyIwae = await bench.run({ ...draft, estimators: ['iwae'] });
    for (const side of ['lower', 'upper'] as const) {
      expect(perDatum(prior, 'iwae', side)).toEqual(perDatum(prior, 's-infonce', side));
      expect(perDatum(onlyIwae, 'iwae', side)).toEqual(perDatum(prior, 'iwae', side));
      expect(perDatum(other, 's-infonce', side)).toEqual(perDatum(prior, 's-infonce', side));
      expect(perDatum(other, 'iwae', side)).not.toEqual(perDatum(prior, 'iwae', side));
    }
  });

  it('an estimator that is named twice is reported once', async () => {
    const ais = { chains: 2, temperatures: 2, stepSize: 0.1 };
    const estimators = ['im-ais', 'iwae', 'im-ais', 'iwae'];
    const result = await bench.run({ model, data: { simulate: 2 }, estimators, ais, iwae: { samples: 5 } });
    expect(result.bounds.map(({ estimator, side }) => `${estimator} ${side}`)).toEqual([
      'im-ais lower',
      'im-ais upper',
      'iwae lower',
      'iwae upper',
    ]);
  });
});

describe('other starting points', () => {
  const gaussian = { type: 'gaussian', mean: [0.3, -0.2], std: [0.8, 1.2] };
  it('chains from a given Gaussian and samples of a given proposal still bound log p(x)', async () => {
    const ais = { chains: 4, temperatures: 30, leapfrog: 4, initial: gaussian, coupledUpper: true };
    const estimators = ['ais', 'im-ais', 'cr-ais', 'iwae'];
    const draft = {
      model,
      data: { simulate: 300 },
      estimators,
      ais,
      iwae: { samples: 40, proposal: gaussian },
      seed: 5,
    };
    const result = await bench.run(draft);
    const truth = await exactEvidence(lg2, 300, 5);
    for (const estimator of estimators) {
      for (const side of ['lower', 'upper'] as const) {
        const bounds = perDatum(result, estimator, side);
        expect(contradicts(side, bounds, truth), `${estimator} ${side}`).toBe(false);
        // And are bounds with something to say: within a few nats.
        const gap = bounds.reduce((sum, value, datum) => sum + Math.abs(value - (truth[datum] ?? NaN)), 0) / 300;
        expect(gap, `${estimator} ${side}`).toBeLessThan(4);
      }
    }
  });

  it('the prior spelled out is the prior', async () => {
    const standard = { type: 'gaussian', mean: 0, std: [1, 1] };
    const draft = { model, data: { simulate: 3 }, seed: 2 };
    const ais = { chains: 2, temperatures: 5 };
    const [named, spelled] = [
      await bench.run({ ...draft, ais }),
      await bench.run({ ...draft, ais: { ...ais, initial: standard }, iwae: { proposal: standard } }),
    ];
    expect(spelled.perDatum).toEqual(named.perDatum);
  });

  it('a list of the wrong length names its field', async () => {
    const wrong = { type: 'gaussian', mean: [0, 0, 0], std: 1 };
    const draft = { model, data: { simulate: 2 } };
    await expect(bench.run({ ...draft, ais: { initial: wrong } })).rejects.toThrow(/ais\.initial\.mean: has 3 numbers/);
    await expect(bench.run({ ...draft, ais: { temperatures: 2 }, iwae: { proposal: wrong } })).rejects.toThrow(
      /iwae\.proposal\.mean: has 3/,
    );
  });
});
