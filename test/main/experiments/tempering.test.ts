import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MemoryJournal } from '../../../src/main/experiments';
import { drive, type DriveOptions } from '../../../src/main/runs/driver';
import type { Result } from '../../../src/shared/result';
import { parseRunFile } from '../../../src/shared/runFile';
import { targetSummary } from '../../../src/shared/targetRun/summary';

const tempering = {
  type: 'parallel-tempering',
  temperatures: 5,
  replicas: 16,
  iterations: 150,
  warmUp: 60,
  leapfrog: 4,
};
const svgd = { type: 'svgd', particles: 60, iterations: 150 };
const draft = {
  kind: 'target',
  target: { type: 'bimodal', dim: 2, sigma: 0.25 },
  methods: [tempering, svgd],
  evaluate: { samples: 256, coverage: false },
  seed: 3,
};
const run = (more: object = {}, options: Partial<DriveOptions> = {}): Promise<Result> =>
  drive(parseRunFile({ ...draft, ...more }, 'run.json'), { directory: '.', ...options });
const metricsOf = ({ metrics }: Result) => metrics as Record<string, Record<string, number>>;

describe('parallel tempering and Stein variational gradient descent of a target', () => {
  it('draw from it, and say how they went', async () => {
    const result = await run({ methods: [{ ...tempering, iterations: 800 }, svgd] });
    expect(result.status).toBe('done');
    expect(result.bounds).toEqual([]);
    expect(result.warnings).toEqual([]);
    const { 'parallel-tempering': cold = {}, svgd: particles = {} } = metricsOf(result);
    expect(cold['maeMean']).toBeLessThan(0.05);
    expect(cold['maeStd']).toBeLessThan(0.05);
    expect(cold['rHat']).toBeLessThan(1.01);
    expect(cold['ess']).toBeGreaterThan(400);
    expect(cold['swapRate']).toBeGreaterThan(cold['lowestSwapRate'] ?? NaN);
    expect(cold['barrier']).toBeCloseTo(4 * (1 - (cold['swapRate'] ?? NaN)), 9);
    expect(cold['roundTrips']).toBeGreaterThan(16);
    expect(cold['gradientEvaluations']).toBe(16 * 4 + 860 * 16 * (4 * 4 + 1));
    expect(particles['maeMean']).toBeLessThan(0.2);
    expect(particles).toMatchObject({ steps: 150, gradientEvaluations: 150 * 60 });
    expect(result.picture?.samples.map(({ method }) => method)).toEqual(['target', 'parallel-tempering', 'svgd']);
    const names = result.series.map(({ name }) => name);
    expect(names).toContain('parallel-tempering, swap rate with the next hotter by temperature');
    expect(names).toContain('training parallel-tempering, swap rate');
    expect(names).toContain('training svgd, bandwidth');
  });

  it('are the truth for others only once the ladders agree', async () => {
    const path = join(await mkdtemp(join(tmpdir(), 'bracket-')), 'rows.csv');
    const rows = Array.from({ length: 20 }, (_, i) => `${((7 * i) % 11) / 3},${Number((3 * i) % 7 > 2)}`);
    await writeFile(path, `a,label\n${rows.join('\n')}\n`);
    const target = { type: 'logistic-regression', file: path };
    const fit = { type: 'vi', iterations: 20 };
    const short = { ...tempering, iterations: 20, warmUp: 10 };
    const doubtful = await run({ target, methods: [short, fit] });
    expect(doubtful.warnings.join(' ')).toMatch(
      /parallel-tempering(: its ladders do not agree yet| has .* effective draws)/,
    );
    expect(doubtful.metrics['truth']).not.toHaveProperty('mean');
    expect(metricsOf(doubtful)['vi']).not.toHaveProperty('maeStd');
    const sure = await run({ target, methods: [{ ...tempering, iterations: 600 }, fit] });
    expect(sure.warnings.join(' ')).not.toContain('parallel-tempering');
    expect(sure.metrics['truth']).toMatchObject({ mean: metricsOf(sure)['parallel-tempering']?.['mean'] });
    expect(metricsOf(sure)['vi']).toHaveProperty('maeStd');
    expect(targetSummary(sure).methods.map(({ type, isTruth }) => [type, isTruth])).toEqual([
      ['parallel-tempering', true],
      ['vi', false],
    ]);
  });

  it('refuses what does not fit in memory', async () => {
    const methods = [{ ...tempering, replicas: 65_536, iterations: 100_000 }];
    await expect(run({ methods })).rejects.toThrow(/would hold 65536 ladders' 100000 draws.*Use fewer replicas/);
  });

  it('advises more temperatures where neighbours hardly swap', async () => {
    const methods = [{ ...tempering, temperatures: 2 }];
    const result = await run({ methods, target: { type: 'gaussian', dim: 30, std: 0.1 } });
    expect(result.warnings.join(' ')).toMatch(/swap less than once in ten times\. Use \d+ temperatures or more/);
    expect(result.warnings.join(' ')).toMatch(/back: its cold chains know only where they began/);
  });

  it('go on from their journal and end with the same bits, wherever they were interrupted', async () => {
    const plain = ({ picture, series, warnings, metrics }: Result): unknown =>
      JSON.parse(
        JSON.stringify({ picture, series, warnings, metrics }, (key, value: unknown) =>
          key === 'seconds' ? undefined : value,
        ),
      );
    let steps = 0;
    const whole = plain(await run({}, { onEvent: () => (steps += 1) }));
    for (const share of [0.1, 0.3, 0.55, 0.8]) {
      const controller = new AbortController();
      const journal = new MemoryJournal();
      let events = 0;
      let content = journal.content();
      await run(
        {},
        {
          journal,
          signal: controller.signal,
          onEvent: () => {
            events += 1;
            if (events < share * steps) return;
            content = structuredClone(journal.content());
            controller.abort();
          },
        },
      );
      expect(plain(await run({}, { journal: new MemoryJournal(content) })), `stopped at ${share}`).toEqual(whole);
    }
  });
});
