import { describe, expect, it } from 'vitest';
import { drive, type DriveOptions } from '../../../src/main/runs/driver';
import type { Bound, Result } from '../../../src/shared/result';
import { parseRunFile } from '../../../src/shared/runFile';
import { expectEqualBits } from '../../support/interrupted';

const draft = {
  kind: 'target',
  target: { type: 'bimodal', dim: 2, sigma: 0.4 },
  methods: [
    { type: 'ais', steps: 24, leapfrog: 4 },
    { type: 'smc', steps: 12, leapfrog: 4, particles: 128 },
  ],
  evaluate: { samples: 2048, coverage: false },
  seed: 3,
};
const run = (more: object = {}, options: Partial<DriveOptions> = {}): Promise<Result> =>
  drive(parseRunFile({ ...draft, ...more }, 'run.json'), { directory: '.', ...options });
const metricsOf = ({ metrics }: Result) => metrics as Record<string, Record<string, number & number[]>>;

/** Five standard errors, for 95 % intervals of many groups: once in 3.5 million times. */
function holds({ side, value, ci95 }: Bound, logZ: number): void {
  const excess = side === 'lower' ? (value ?? NaN) - logZ : logZ - (value ?? NaN);
  expect(excess).toBeLessThanOrEqual(2.55 * (ci95 ?? NaN));
}

describe('annealed importance sampling and sequential Monte Carlo of a target', () => {
  it('bracket log Z and have the moments of the target', async () => {
    const result = await run();
    expect(result.status).toBe('done');
    expect(result.bounds.map(({ method, side, estimator }) => [method, side, estimator])).toEqual([
      ['ais', 'lower', 'ais'],
      ['ais', 'upper', 'ais'],
      ['smc', 'lower', 'smc'],
    ]);
    for (const bound of result.bounds) {
      holds(bound, 0);
      expect(Math.abs(bound.value ?? NaN)).toBeLessThan(0.1);
    }
    expect(result.warnings).toEqual([]);
    const metrics = metricsOf(result);
    for (const name of ['ais', 'smc']) {
      expect(metrics[name]?.['ess']).toBeGreaterThan(400);
      expect(metrics[name]?.['maeMean']).toBeLessThan(0.06);
      expect(metrics[name]?.['acceptance']).toBeGreaterThan(0.6);
    }
    expect(metrics['ais']).toMatchObject({ temperatures: 24, upperBound: result.bounds[1]?.value });
    // A pilot of 30 + 2K transitions of 256 rows; then L for each transition, and one at each start.
    const pilot = (steps: number): number => 256 * (1 + 4 * (30 + 2 * steps));
    expect(metrics['ais']?.['gradientEvaluations']).toBe(pilot(24) + 2 * 2048 * (1 + 4 * 23));
    expect(metrics['smc']?.['gradientEvaluations']).toBe(pilot(12) + 2048 * (1 + 4 * 12));
    expect(result.picture?.samples.map(({ method }) => method)).toEqual(['target', 'ais', 'smc']);
    const names = result.series.map(({ name }) => name);
    expect(names).toContain('training ais, acceptance');
    expect(names).toContain('ais, effective share by temperature');
    expect(names).toContain('smc, families by temperature');
    for (const { x, y } of result.series) expect(x.values).toHaveLength(y.values.length);
  });

  it('space their temperatures in a pilot run where asked, and bracket all the same', async () => {
    const schedule = { type: 'adaptive', conditionalEss: 0.8 };
    const methods = draft.methods.map((method) => ({ ...method, schedule, steps: 200 }));
    const result = await run({ methods });
    for (const bound of result.bounds) holds(bound, 0);
    const { temperatures } = metricsOf(result)['ais'] ?? {};
    expect(temperatures).toBeGreaterThan(2);
    expect(temperatures).toBeLessThan(40);
    const short = await run({ methods: methods.slice(1).map((method) => ({ ...method, steps: 2 })) });
    expect(short.warnings[0]).toMatch(/^smc has used up its 2 steps .* Use more "steps"/);
  });

  it('need no pilot where everything is given', async () => {
    const [ais, smc] = draft.methods.map((method) => ({ ...method, stepSize: 0.3 }));
    const result = await run({ methods: [{ ...ais, reverse: false }, smc] });
    expect(metricsOf(result)['ais']?.['gradientEvaluations']).toBe(2048 * (1 + 4 * 23));
    expect(result.bounds.map(({ side }) => side)).toEqual(['lower', 'lower']);
  });

  it('say so where one chain has most of the weight', async () => {
    const methods = [{ type: 'ais', steps: 2, leapfrog: 2, stepSize: 0.1, particles: 16, reverse: false }];
    const result = await run({
      methods,
      target: { type: 'gaussian', dim: 4, std: 0.05 },
      evaluate: { samples: 64, coverage: false },
    });
    expect(result.warnings[0]).toMatch(/^ais: one chain has \d+ % of the weight of all/);
  });

  it('say so where steps are far too large', async () => {
    const methods = [{ type: 'smc', steps: 4, leapfrog: 20, particles: 64, stepSize: 30 }];
    const result = await run({
      methods,
      target: { type: 'funnel', dim: 3, sigma: 3 },
      evaluate: { samples: 256, coverage: false },
    });
    expect(result.status).toBe('done');
    expect(result.warnings.join(' ')).toMatch(/smc: \d+ % of its trajectories diverged\. Use a higher "acceptance"/);
  });

  it('go on from their journal and end with the same bits, wherever they were interrupted', async () => {
    const small = { evaluate: { samples: 256, coverage: false } };
    await expectEqualBits((options) => run(small, options), [0.1, 0.35, 0.5, 0.6, 0.75, 0.95]);
  });
});
