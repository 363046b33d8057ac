import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type KeptFile } from '../../../src/main/experiments';
import { drive, type DriveOptions } from '../../../src/main/runs/driver';
import { readAnnealingFlow } from '../../../src/main/trainers/flow/keep';
import { resultSchema, type Result } from '../../../src/shared/result';
import { parseRunFile } from '../../../src/shared/runFile';
import { annealingFlowPresets, annealingFlowSchema } from '../../../src/shared/runFile/methods/annealingFlow';
import { targetSummary } from '../../../src/shared/targetRun/summary';
import { expectEqualBits } from '../../support/interrupted';

const means = [
  [3, 0],
  [-3, 0],
  [0, 3],
];
const flow = { type: 'annealing-flow', blocks: 4, refinement: 1, iterations: 40, particles: 1000, batch: 128 };
const draft = {
  kind: 'target',
  target: { type: 'gaussian-mixture', means },
  methods: [{ ...flow, learningRate: 5e-3, correction: { enabled: true, populations: 4 } }],
  evaluate: { samples: 2048, coverage: false },
  seed: 3,
};
const run = (more: object = {}, options: Partial<DriveOptions> = {}): Promise<Result> =>
  drive(parseRunFile({ ...draft, ...more }, 'run.json'), { directory: '.', ...options });

const folder = mkdtempSync(path.join(tmpdir(), 'bracket-flow-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('an annealing flow in a run of a target', () => {
  it('brackets log Z, shows its blocks and keeps what it has trained', async () => {
    const files: KeptFile[] = [];
    const keep: DriveOptions['keep'] = (file) => {
      files.push(file);
      return { name: file.name, path: file.name, sha256: '' };
    };
    const result = await run({}, { keep });
    expect(result.status).toBe('done');
    expect(resultSchema.safeParse(result).success).toBe(true);
    expect(result.bounds.map(({ method, side, n }) => [method, side, n])).toEqual([
      ['annealing-flow', 'lower', 2048],
      ['annealing-flow', 'upper', 2048],
      ['annealing-flow-smc', 'lower', 4],
    ]);
    const [lower, upper, corrected] = result.bounds;
    // log Z = 0; two half-widths are 3.9 standard errors, and 6.4 where four populations give them.
    expect(lower?.value).toBeLessThan(2 * (lower?.ci95 ?? NaN));
    expect(upper?.value).toBeGreaterThan(-2 * (upper?.ci95 ?? NaN));
    expect(corrected?.value).toBeLessThan(2 * (corrected?.ci95 ?? NaN));
    expect((upper?.value ?? NaN) - (lower?.value ?? NaN)).toBeLessThan(0.5);
    const metrics = result.metrics as Record<string, Record<string, number>>;
    expect(Math.abs(metrics['annealing-flow']?.['logZEstimate'] ?? NaN)).toBeLessThan(0.1);
    expect(Math.abs(metrics['annealing-flow']?.['logZEstimateReverse'] ?? NaN)).toBeLessThan(0.1);
    for (const key of ['ess', 'essForward']) {
      expect(metrics['annealing-flow']?.[key]).toBeGreaterThan(1000);
      expect(metrics['annealing-flow']?.[key]).toBeLessThanOrEqual(2048);
    }
    expect(metrics['annealing-flow']?.['gradientEvaluations']).toBe(5 * 40 * 128);
    expect(metrics['annealing-flow-smc']?.['acceptance']).toBeGreaterThan(0.8);
    const { perBlock } = result.metrics['annealing-flow'] as { perBlock: Record<string, number[]> };
    expect(perBlock['beta']).toEqual([0.25, 0.5, 0.75, 1, 1]);
    for (const values of Object.values(perBlock)) expect(values).toHaveLength(5);
    expect(perBlock['predictedLag']?.at(-1)).toBeLessThan(0.1);
    const [stages] = result.stages ?? [];
    expect(stages?.stages.map(({ beta }) => beta)).toEqual([0, 0.25, 0.5, 0.75, 1, 1]);
    for (const { points } of stages?.stages ?? []) {
      expect(points.length).toBeLessThanOrEqual(600);
      expect(points).toHaveLength(512);
    }
    expect(stages?.stages[5]?.logZ).toBeCloseTo(metrics['annealing-flow']?.['logZEstimate'] ?? NaN, 12);
    expect(result.warnings).toEqual([]);
    const shown = targetSummary(result).methods.map(({ label, settings }) => [label, settings]);
    expect(shown).toEqual([
      ['Annealing flow', 'K = 4 + 1, N = 1,000'],
      ['Annealing flow with SMC', 'K = 4 + 1, N = 1,000'],
    ]);

    const file = path.join(folder, 'flow.safetensors');
    writeFileSync(file, files[0]?.bytes ?? new Uint8Array());
    const kept = await readAnnealingFlow(file);
    expect(files.map(({ name }) => name)).toEqual(['annealing-flow.safetensors']);
    expect(kept).toMatchObject({ betas: [0.25, 0.5, 0.75, 1, 1], scale: 1, steps: 3 });
    expect(kept.blocks).toHaveLength(5);

    // What it says is not read where a flow is given: neither of the fields before is that of the file.
    const again = { type: 'annealing-flow', flow: 'flow.safetensors', blocks: 2, baseScale: 3 };
    const { correction } = draft.methods[0] ?? {};
    const redrawn = await run({ methods: [{ ...again, correction }] }, { directory: folder, keep });
    expect(redrawn.bounds).toEqual(result.bounds);
    expect(redrawn.stages).toEqual(result.stages);
    expect(redrawn.picture).toEqual(result.picture);
    const spent = (of: Result): unknown =>
      (of.metrics['annealing-flow'] as Record<string, unknown>)['gradientEvaluations'];
    expect([spent(result), spent(redrawn)]).toEqual([5 * 40 * 128, 0]);
    // It is kept already.
    expect(files).toHaveLength(1);
    const elsewhere = await run({ seed: 4, methods: [{ ...again, correction }] }, { directory: folder });
    expect(elsewhere.bounds).not.toEqual(result.bounds);
    const line = { type: 'gaussian', dim: 3 };
    await expect(run({ target: line, methods: [again] }, { directory: folder })).rejects.toThrow(
      'methods.annealing-flow.flow: is a flow in 2 dimensions, and the target has 3. Use the target that it was trained for.',
    );
  });

  it('goes on from its journal and ends with the same bits, wherever it was interrupted', async () => {
    const small = {
      methods: [{ ...draft.methods[0], blocks: 2, iterations: 5 }],
      evaluate: { samples: 1200, coverage: false },
    };
    await expectEqualBits((options) => run(small, options), [0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 0.97]);
  });

  it('warns of a base that misses modes, before and after', async () => {
    const away = means.map(([x = 0, y = 0]) => [x - 12, y]);
    const methods = [{ ...flow, learningRate: 5e-3 }];
    const result = await run({ target: { type: 'gaussian-mixture', means: [...away, [0, 0]] }, methods });
    expect(result.warnings[0]).toMatch(
      /^annealing-flow: it starts from a base of scale 1 that hardly reaches 3 of 4 modes/,
    );
    expect(result.warnings.join('\n')).toMatch(/It has lost a part of the target or is far from it/);
    expect(result.metrics['annealing-flow-smc']).toBeUndefined();
  });
});

describe('a flow that cannot be run', () => {
  const first = { type: 'ula', steps: 2, batch: 8, iterations: 5 };

  it('is refused before another method takes its time', async () => {
    const text = path.join(folder, 'text.safetensors');
    writeFileSync(text, 'not a flow');
    for (const [settings, message] of [
      [{ ...flow, flow: path.join(folder, 'none.safetensors') }, /no such file/],
      [{ ...flow, flow: text }, /text\.safetensors/],
      [{ ...flow, particles: 1e6 }, /methods\.annealing-flow\.particles: are 1,000,000 of 2,000 numbers/],
    ] as const) {
      const stages: string[] = [];
      const target = { type: 'gaussian', dim: 2000 };
      const started = run({ target, methods: [first, settings] }, { onEvent: ({ stage }) => stages.push(stage) });
      await expect(started).rejects.toThrow(message);
      expect(new Set(stages)).toEqual(new Set(['loading']));
    }
  });
});

describe('the run file of an annealing flow', () => {
  const parse = (settings: object) => () =>
    parseRunFile({ ...draft, methods: [{ type: 'annealing-flow', ...settings }] }, 'run.json');

  it('has presets that fit the schema', () => {
    for (const [name, { settings }] of Object.entries(annealingFlowPresets)) {
      expect(annealingFlowSchema.safeParse({ type: 'annealing-flow', ...settings }).success, name).toBe(true);
    }
  });

  it('says in one line what is wrong', () => {
    expect(parse({ betas: [0.5, 0.2, 1] })).toThrow(/methods\[0\]\.betas must rise and end with 1/);
    expect(parse({ betas: [0.5] })).toThrow(/must rise and end with 1/);
    expect(parse({ gamma: -1 })).toThrow(/methods\[0\]\.gamma/);
    expect(parse({ net: { activation: 'relu' } })).toThrow(/methods\[0\]\.net\.activation/);
  });
});
