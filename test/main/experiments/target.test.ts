import { describe, expect, it } from 'vitest';
import { drive, type DriveOptions } from '../../../src/main/runs/driver';
import type { Result } from '../../../src/shared/result';
import { parseRunFile } from '../../../src/shared/runFile';
import { expectEqualBits } from '../../support/interrupted';

const draft = {
  kind: 'target',
  target: { type: 'gaussian', dim: 2, correlation: 0.9 },
  methods: [
    { type: 'hmc', chains: 16, iterations: 100, warmUp: 60, leapfrog: 4 },
    { type: 'vi', batch: 32, iterations: 300, learningRate: 0.03 },
    { type: 'iwvi', particles: 4, batch: 8, iterations: 60 },
    { type: 'msc', samples: 8, iterations: 200 },
    { type: 'dais', steps: 4, particles: 2, batch: 8, iterations: 60 },
    { type: 'dais', steps: 0, particles: 1, batch: 8, iterations: 20 },
  ],
  evaluate: { samples: 512, coverage: false },
  seed: 3,
};
const run = (more: object = {}, options: Partial<DriveOptions> = {}): Promise<Result> =>
  drive(parseRunFile({ ...draft, ...more }, 'run.json'), { directory: '.', ...options });

describe('a run of kind target', () => {
  it('names each method, numbers those of one type, and reports a chain with its initial distribution', async () => {
    const result = await run();
    expect(result.status).toBe('done');
    const named = ['vi', 'iwvi', 'msc', 'dais', 'dais0', 'dais-2', 'dais0-2'];
    expect(result.bounds.map(({ method }) => method)).toEqual(named);
    for (const bound of result.bounds) {
      expect(bound).toMatchObject({ quantity: 'log-z', side: 'lower' });
      // log Z = 0: at most that, up to five standard errors of a tight bound.
      expect(bound.value).toBeLessThanOrEqual(2.5 * (bound.ci95 ?? 0) + 1e-3);
    }
    expect(result.approximations?.map(({ method }) => method)).toEqual(['vi', 'iwvi', 'msc', 'dais0', 'dais0-2']);
    expect(result.metrics['truth']).toMatchObject({ logZ: 0, mean: [0, 0], std: [1, 1] });
    const metrics = result.metrics as Record<string, Record<string, number>>;
    // The closed-form optimum of VI has variance 1 − ρ² = 0.19.
    expect(result.approximations?.[0]?.std[0]).toBeGreaterThan(0.3);
    expect(result.approximations?.[0]?.std[0]).toBeLessThan(0.6);
    expect(metrics['vi']?.['maeStd']).toBeCloseTo(1 - (result.approximations?.[0]?.std[0] ?? NaN), 1);
    expect(metrics['hmc']?.['rHat']).toBeGreaterThan(0.99);
    expect(metrics['hmc']?.['meanError']).toBeGreaterThan(0);
    expect(metrics['dais']?.['gap']).toBeCloseTo(-(metrics['dais']?.['bound'] ?? NaN), 12);
    const oracles = result.metrics['oracles'] as { criterion: string; steps?: number; std: number[] }[];
    expect(oracles.map(({ criterion, steps }) => [criterion, steps])).toEqual([
      ['reverse-kl', undefined],
      ['forward-kl', undefined],
      ['symmetric-kl', undefined],
      ['perfect-transitions', 4],
    ]);
    expect(oracles[0]?.std[0]).toBeCloseTo(Math.sqrt(0.19), 6);
    expect(result.picture?.axes).toHaveLength(2);
    expect(result.picture?.density?.values).toHaveLength(90 * 90);
    expect(result.picture?.samples.map(({ method }) => method)).toEqual(['target', 'hmc', ...named]);
    expect(result.series.some(({ name }) => name.startsWith('training dais, '))).toBe(true);
  });

  it('goes on from its journal and ends with the same bits, wherever it was interrupted', async () => {
    const methods = draft.methods.map((method) => ({
      ...method,
      iterations: method.type === 'hmc' ? 20 : 12,
      ...(method.type === 'hmc' ? { warmUp: 20 } : {}),
    }));
    const small = { methods, evaluate: { samples: 64, coverage: false } };
    await expectEqualBits((options) => run(small, options), [0.05, 0.2, 0.35, 0.5, 0.65, 0.8, 0.95]);
  });

  it('computes in doubles where asked, and refuses where a device has none', async () => {
    const methods = [{ type: 'dais', steps: 2, particles: 2, batch: 2, iterations: 3 }];
    const both = await Promise.all([run({ methods }), run({ methods, precision: 'float64' })]);
    const [single, double] = both.map(({ bounds }) => bounds[0]?.value ?? NaN);
    expect(single).toBeCloseTo(double ?? NaN, 4);
    expect(single).not.toBe(double);
    await expect(run({ methods, precision: 'float64', device: 'reference' })).rejects.toThrow(
      /precision: is "float64"/,
    );
  });

  it('keeps what was drawn to make a target', async () => {
    const target = { type: 'gaussian-mixture', dim: 2, components: 3, seed: 5 };
    const methods = [{ type: 'vi', batch: 2, iterations: 2 }];
    const { metrics } = await run({ target, methods });
    const { drawn } = metrics['truth'] as { drawn: { means: number[][] } };
    expect(drawn.means.map((mean) => mean.length)).toEqual([2, 2, 2]);
    expect((await run({ methods })).metrics['truth']).not.toHaveProperty('drawn');
  });

  it('holds methods against long HMC where nothing else is known', async () => {
    const target = { type: 'funnel', dim: 2, sigma: 1 };
    const { metrics } = await run({ target, methods: draft.methods.slice(0, 2) });
    expect(metrics['truth']).toMatchObject({ logZ: 0 });
    expect(metrics['vi']).toHaveProperty('maeStd');
    expect(metrics['hmc']).not.toHaveProperty('maeStd', 0);
  });
});
