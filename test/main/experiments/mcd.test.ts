import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type KeptFile } from '../../../src/main/experiments';
import { drive, type DriveOptions } from '../../../src/main/runs/driver';
import { resultSchema, type Result } from '../../../src/shared/result';
import { parseRunFile } from '../../../src/shared/runFile';
import { targetSummary } from '../../../src/shared/targetRun/summary';
import { expectEqualBits } from '../../support/interrupted';

const score = { width: 8, blocks: 1, embedding: 4 };
const common = { batch: 32, iterations: 60, stepSize: 0.15, maximum: 0.3 };
const draft = {
  kind: 'target',
  target: { type: 'gaussian', dim: 2, mean: 1.5, std: 0.7 },
  methods: [
    { type: 'ula', steps: 4, ...common },
    { type: 'uha', steps: 4, ...common },
    { type: 'ula-mcd', steps: 4, ...common, score },
    { type: 'ula-mcd', steps: 8, ...common, score },
    { type: 'uha-mcd', steps: 4, ...common, score, train: 'score-only', transitions: 2 },
  ],
  evaluate: { samples: 2048, coverage: false },
  seed: 3,
};
const names = ['ula', 'uha', 'ula-mcd', 'ula-mcd-2', 'uha-mcd'];
const run = (more: object = {}, options: Partial<DriveOptions> = {}): Promise<Result> =>
  drive(parseRunFile({ ...draft, ...more }, 'run.json'), { directory: '.', ...options });

/** What a .safetensors file says of itself. */
function metadataOf(file: KeptFile | undefined): Record<string, string> {
  const bytes = Buffer.from(file?.bytes ?? []);
  const header = JSON.parse(bytes.toString('utf8', 8, 8 + Number(bytes.readBigUInt64LE(0)))) as Record<string, unknown>;
  return header['__metadata__'] as Record<string, string>;
}

describe('annealed paths in a run of a target', () => {
  it('bracket log Z, one after the other, and say what they were on their way', async () => {
    const files: KeptFile[] = [];
    const keep: DriveOptions['keep'] = (file) => {
      files.push(file);
      return { name: file.name, path: file.name, sha256: '' };
    };
    const result = await run({}, { keep });
    expect(result.status).toBe('done');
    expect(resultSchema.safeParse(result).success).toBe(true);
    const sides = result.bounds.map(({ method, side, estimator }) => [method, side, estimator]);
    expect(sides).toEqual(
      names.flatMap((name) => ['lower', 'upper'].map((side) => [name, side, name.replace('-2', '')])),
    );
    for (const { side, value, ci95, n } of result.bounds) {
      expect(n).toBe(2048);
      // log Z = 0. Two half-widths are 3.9 standard errors: of ten bounds one in a thousand runs would cross by chance, were they tight.
      if (side === 'lower') expect(value).toBeLessThan(2 * (ci95 ?? NaN));
      else expect(value).toBeGreaterThan(-2 * (ci95 ?? NaN));
    }
    // Both sides are draws of their own.
    const { lower, upper, gapCi95 } = result.metrics['best'] as Record<string, { ci95: number }> & { gapCi95: number };
    expect(gapCi95).toBeCloseTo(Math.hypot(lower?.ci95 ?? NaN, upper?.ci95 ?? NaN), 12);
    const bound = (name: string): number =>
      result.bounds.find(({ method, side }) => method === name && side === 'lower')?.value ?? NaN;
    expect(bound('ula-mcd')).toBeGreaterThan(bound('ula') + 0.3);
    expect(bound('ula-mcd-2')).toBeGreaterThan(bound('ula-mcd'));
    expect(bound('uha-mcd')).toBeGreaterThan(bound('uha') - 5);
    for (const name of names) {
      const own = result.metrics[name] as Record<string, never>;
      expect(own).toMatchObject({
        bound: bound(name),
        upperBound: expect.any(Number) as number,
        logZEstimate: expect.any(Number) as number,
        ess: expect.any(Number) as number,
        essReverse: expect.any(Number) as number,
        largestWeight: expect.any(Number) as number,
        seconds: expect.any(Number) as number,
      });
      const { edges, counts, reverse } = own['logWeightHistogram'] as unknown as Record<string, number[]>;
      expect(edges).toHaveLength(61);
      for (const each of [counts, reverse]) {
        expect(each).toHaveLength(60);
        expect(each?.reduce((a, b) => a + b, 0)).toBeGreaterThan(2000);
      }
      expect(result.series.map((each) => each.name)).toContain(`${name}, step size by transition`);
    }
    expect(result.stages?.map(({ method }) => method)).toEqual(names);
    for (const { by, axes, stages, histograms } of result.stages ?? []) {
      expect([by, axes.length, histograms?.length]).toEqual(['transition', 2, 2]);
      expect(stages[0]).toMatchObject({ index: 0, beta: 0 });
      expect(stages.at(-1)?.beta).toBe(1);
      expect(stages.every(({ points }) => points.length === 400)).toBe(true);
    }
    expect(files.map(({ name }) => name)).toEqual(
      ['ula-mcd', 'ula-mcd-2', 'uha-mcd'].map((name) => `${name}.safetensors`),
    );
    expect(JSON.parse(metadataOf(files[0])['network'] ?? '')).toMatchObject({
      kind: 'annealed-paths',
      dim: 2,
      steps: 4,
    });
    expect(result.artifacts).toHaveLength(3);
    // Several K of a method are told apart, so that a figure against K finds them.
    const labels = targetSummary(result).methods.map(({ label, settings }) => [label, settings]);
    expect(labels).toContainEqual(['ULA-MCD, K = 8', 'K = 8']);
  });

  it('gives no upper bound where the target has no exact samples', async () => {
    const directory = mkdtempSync(path.join(tmpdir(), 'bracket-paths-'));
    writeFileSync(path.join(directory, 'few.csv'), 'x,y\n0.5,1\n-1,0\n2,1\n-0.3,1\n');
    const methods = [{ type: 'ula', steps: 2, iterations: 2 }];
    const target = { type: 'logistic-regression', file: 'few.csv' };
    const result = await run({ target, methods, evaluate: { samples: 64, coverage: false } }, { directory });
    rmSync(directory, { recursive: true });
    expect(result.status).toBe('done');
    expect(result.bounds.map(({ side }) => side)).toEqual(['lower']);
    expect(result.metrics['ula']).not.toHaveProperty('upperBound');
  });

  it('has no bound where paths explode, and says what to change', async () => {
    const target = { type: 'gaussian', dim: 1, std: 0.01 };
    const methods = [{ type: 'ula', steps: 40, iterations: 0 }];
    const { bounds, warnings, metrics } = await run({ target, methods, evaluate: { samples: 100, coverage: false } });
    expect(bounds.find(({ side }) => side === 'lower')?.value).toBeNull();
    expect(metrics['ula']).toMatchObject({ exploded: { count: 100 } });
    expect(warnings.join(' ')).toMatch(/100 of 100 paths exploded, most of them after transition \d+ with δ = 0\.100/);
  });

  it('go on from a journal and end with the same bits, wherever they were interrupted', async () => {
    const methods = draft.methods.map((method) => ({ ...method, iterations: 8 }));
    const small = { methods, evaluate: { samples: 64, coverage: false } };
    await expectEqualBits((options) => run(small, options), [0.1, 0.45, 0.6, 0.9]);
  });
});

describe('a run file of annealed paths', () => {
  it.each([
    [{ type: 'ula', stepSize: 0.3 }, /stepSize.*not below "maximum"/],
    [{ type: 'ula-mcd', transitions: 3 }, /transitions.*score-only/],
    [{ type: 'uha-mcd', train: 'score-only', steps: 4, transitions: 5 }, /transitions.*score-only/],
    [{ type: 'ula', score: {} }, /score/],
    [{ type: 'uha', backwardMean: 'paper' }, /backwardMean/],
  ])('refuses %o in one line', (method, message) => {
    expect(() => parseRunFile({ ...draft, methods: [method] }, 'run.json')).toThrow(message);
  });
});
