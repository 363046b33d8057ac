import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { KeptFile } from '../../../src/main/experiments';
import { importanceWarnings } from '../../../src/main/experiments/importanceFlow/warnings';
import { drive, type DriveOptions } from '../../../src/main/runs/driver';
import { readAnnealingFlow } from '../../../src/main/trainers/flow/keep';
import { answerOf, truthOf } from '../../../src/shared/answer';
import { rareEventOf } from '../../../src/shared/rareEvent/summary';
import { resultSchema, type Result } from '../../../src/shared/result';
import { parseRunFile, type ImportanceFlowSpec } from '../../../src/shared/runFile';
import { expectEqualBits } from '../../support/interrupted';

const draft = { kind: 'importance-flow', event: { type: 'outside-ball', dim: 2, radius: 4 }, seed: 1 };
const run = (more: object = {}, options: Partial<DriveOptions> = {}): Promise<Result> =>
  drive(parseRunFile({ ...draft, ...more }, 'run.json'), { directory: '.', ...options });
const found = (result: Result) => {
  const event = rareEventOf(result);
  if (event === undefined) throw new Error('The result has no rare event.');
  return event;
};

describe('the normal outside a disc of radius 4', async () => {
  const files: KeptFile[] = [];
  const keep: DriveOptions['keep'] = (file) => {
    files.push(file);
    return { name: file.name, path: file.name, sha256: '' };
  };
  const stages = new Set<string>();
  const result = await run({ evaluate: { steps: 3 } }, { keep, onEvent: ({ stage }) => stages.add(stage) });
  const { probability, monteCarlo, truthProbability } = found(result);

  it('has its probability by exact-density importance sampling', () => {
    expect(result.status).toBe('done');
    expect(result.warnings).toEqual([]);
    expect(resultSchema.safeParse(result).success).toBe(true);
    expect(truthProbability).toBeCloseTo(Math.exp(-8), 15);
    // The standard error is about 0.004.
    expect(probability.ratio).toBeGreaterThan(0.97);
    expect(probability.ratio).toBeLessThan(1.03);
    expect(probability.draws).toBe(20_000);
    // Plain Monte Carlo has 2,980.
    expect(probability.relativeVariance).toBeLessThan(0.6);
    expect(probability.varianceReduction).toBeGreaterThan(5000);
    expect(probability.ess).toBeCloseTo(20_000 / (1 + (19_999 / 20_000) * (probability.relativeVariance ?? NaN)), 6);
    expect(probability.effectiveHits).toBeCloseTo((probability.equivalentDraws ?? NaN) * (truthProbability ?? NaN), 6);
    expect(probability.ci95).toBeCloseTo(
      (1.9601 * (probability.value ?? NaN) * Math.sqrt(probability.relativeVariance ?? NaN)) / Math.sqrt(20_000),
      8,
    );
  });

  it('has estimates and no bounds, of the logarithm in nats', () => {
    expect(result.bounds.map(({ quantity, estimator, side }) => [quantity, estimator, side])).toEqual([
      ['log-probability', 'importance-flow', 'estimate'],
      ['log-probability', 'monte-carlo', 'estimate'],
    ]);
    expect(result.bounds[0]?.value).toBeCloseTo(Math.log(probability.value ?? NaN), 12);
    expect(result.bounds[0]?.ci95).toBeCloseTo((probability.ratioCi95 ?? NaN) / (probability.ratio ?? NaN), 12);
  });

  it('has plain Monte Carlo with as many draws beside it', () => {
    expect(monteCarlo.draws).toBe(20_000);
    expect(monteCarlo.expectedHits).toBeCloseTo(6.709, 3);
    // A Poisson variable of that mean is above 25 once in a million times.
    expect(monteCarlo.hits).toBeLessThan(25);
    expect(monteCarlo.value).toBeCloseTo(monteCarlo.hits / 20_000, 15);
    expect(monteCarlo.interval[0]).toBeLessThanOrEqual(monteCarlo.value ?? NaN);
    expect(monteCarlo.interval[1]).toBeGreaterThan(monteCarlo.value ?? NaN);
  });

  it('has a running estimate with a band that closes, blocks, a picture and a file', async () => {
    const series = (name: string) => result.series.find((one) => one.name === name);
    const values = (name: string): number[] => (series(name)?.y.values ?? []).map(Number);
    expect(series('running estimate')?.x.values.at(-1)).toBe(20_000);
    expect(values('running estimate').at(-1)).toBeCloseTo(probability.value ?? NaN, 15);
    const width = values('running estimate, upper end').at(-1) ?? NaN;
    expect(width - (probability.value ?? NaN)).toBeCloseTo(probability.ci95 ?? NaN, 12);
    expect(values('running estimate, Monte Carlo').at(-1)).toBeCloseTo(monteCarlo.value ?? NaN, 15);
    expect(series('edge by block')?.y.values).toEqual([1, 2, 3, 4, 4, 4]);
    // log Z of the first smoothed event is that of a radius of about 1.
    expect(values('log probability of the smoothed event by block')[0]).toBeCloseTo(-0.5, 1);
    expect(result.stages?.[0]?.stages).toHaveLength(7);
    expect(result.picture?.axes).toEqual(['x₁', 'x₂']);
    for (const [x = NaN, y = NaN] of result.picture?.edge ?? []) expect(Math.hypot(x, y)).toBeCloseTo(4, 10);
    const { perBlock } = result.metrics['flow'] as { perBlock: Record<string, number[]> };
    expect(perBlock['sharpness']).toEqual([5, 10, 15, 20, 25, 25]);
    expect([...stages]).toEqual(['loading', 'training flow', 'drawing flow', 'drawing monte-carlo']);

    const folder = mkdtempSync(path.join(tmpdir(), 'bracket-event-'));
    const file = path.join(folder, 'flow.safetensors');
    writeFileSync(file, files[0]?.bytes ?? new Uint8Array());
    const kept = await readAnnealingFlow(file);
    rmSync(folder, { recursive: true });
    expect(files.map(({ name }) => name)).toEqual(['flow.safetensors']);
    expect(kept.blocks).toHaveLength(6);
  });

  it('is said in sentences', () => {
    expect(answerOf(result)).toMatch(
      /^P\(\|x\| ≥ 4\) in 2 dimensions is about \(3\.\d+ ± 0\.0\d+\) × 10⁻⁴ \(95 % interval, 20,000 draws of the flow\)\. Each draw is worth [\d,]+ of plain Monte Carlo, which hit \d times in as many\.$/,
    );
    expect(truthOf(result)).toMatch(
      /^Truth: 3\.3546 × 10⁻⁴ in closed form\. The estimate is (1\.0|0\.9)\d+ ± 0\.00\d+ of it\.$/,
    );
  });
});

describe('estimates of a flow that has learned little', () => {
  // An estimate more than four of its standard errors off: right ones are once in 16,000 times.
  it.each([
    { event: { type: 'outside-ball', dim: 3, radius: 2 } },
    { event: { type: 'half-space', dim: 2, threshold: 1.5 } },
    { event: { type: 'half-space', dim: 1, threshold: -1 } },
  ])('are unbiased all the same: $event.type in $event.dim dimensions', async ({ event }) => {
    const flow = { iterations: 15, refinement: 0, particles: 500, batch: 64 };
    const { probability } = found(await run({ event, flow, seed: 5 }));
    const error = (probability.ratioCi95 ?? NaN) / 1.96;
    expect(Math.abs((probability.ratio ?? NaN) - 1)).toBeLessThan(4 * error);
    // Counting the draws in the event, without their weights, is far off: the flow has moved some there.
    const share = probability.hits / probability.draws / ((probability.value ?? NaN) / (probability.ratio ?? NaN));
    expect(Math.abs(share - 1)).toBeGreaterThan(8 * error);
  });
});

describe('a run of a rare event', () => {
  const small = {
    flow: { iterations: 5, refinement: 1, particles: 300, batch: 32, net: { hidden: [8] } },
    evaluate: { samples: 1500 },
    event: { type: 'half-space', dim: 2, threshold: 2 },
  };
  const ratio = { iterations: 5, batch: 16, draws: 200, hidden: [8] };

  it('goes on from its journal and ends with the same bits, wherever it was interrupted', async () => {
    await expectEqualBits((options) => run({ ...small, ratio }, options), [0.2, 0.4, 0.6, 0.8, 0.95]);
  });

  it('estimates density ratios where asked, held against the exact ones, and says that they are biased', async () => {
    const result = await run({ ...small, ratio });
    const { ratio: estimated } = found(result);
    expect(estimated?.losses).toHaveLength(3);
    for (const divergence of estimated?.divergences ?? []) expect(divergence).toBeLessThan(Math.LN2);
    expect(Math.abs(estimated?.error?.largest ?? NaN)).toBeGreaterThanOrEqual(Math.abs(estimated?.error?.mean ?? NaN));
    expect(result.bounds.map(({ estimator }) => estimator)).toEqual(['importance-flow', 'monte-carlo']);
    expect(result.warnings.at(-1)).toMatch(
      /^The estimate by learned density ratios, .+, is not unbiased unless every network is exact, and it bounds nothing\. Here its log ratios are off by .+ nats on average/,
    );
    const without = await run(small);
    expect(found(without).ratio).toBeUndefined();
    // Nothing else depends on whether ratios are estimated.
    expect(found(without).probability).toEqual(found(result).probability);
  });

  it('has no estimate where no draw is in the event, and says what to do', async () => {
    const event = { type: 'half-space', dim: 1, threshold: 30 };
    const flow = { ...small.flow, edges: [{ edge: 1, sharpness: 5 }], refinement: 0 };
    const result = await run({ event, flow, evaluate: { samples: 1024 } });
    expect(result.status).toBe('done');
    expect(result.bounds).toEqual([]);
    expect(found(result).probability).toMatchObject({ hits: 0, value: 0, ci95: null, ratioCi95: null });
    expect(result.warnings).toEqual([
      expect.stringMatching(/^No draw of the flow is in the event, so that there is no estimate\. Use more/),
    ]);
    expect(answerOf(result)).toBe(
      'None of 1,024 draws of the flow is in the event, so that P(x₁ > 30) in 1 dimension has no estimate. Plain Monte Carlo never hit in 1,024 draws.',
    );
  });

  it('warns where one draw has most of the weight', async () => {
    // One steep block, at once to where hardly a draw is.
    const event = { type: 'outside-ball', dim: 1, radius: 5 };
    const flow = { ...small.flow, iterations: 60, edges: [{ edge: 5, sharpness: 25 }], refinement: 0, particles: 2 };
    const result = await run({ event, flow, seed: 3 });
    expect(result.warnings[0]).toMatch(/^One draw has \d\d % of all weight: the interval says too little\. Use more/);
  });

  it('warns of what no interval shows, by the closed form, and of coarse steps', () => {
    const spec = parseRunFile(draft, 'run.json') as ImportanceFlowSpec;
    const estimate = { draws: 1000, hits: 500, relativeVariance: 0.1, effectiveSampleSize: 900, largestShare: 0.01 };
    const told = (factor: number, stepError = 0): string[] =>
      importanceWarnings({
        ...{ spec, truth: -8, trained: { dropped: 0 } as never, draws: { stepError } as never },
        found: { ...estimate, logValue: -8 + Math.log(factor), relativeError: 0.01 },
      });
    expect(told(1.03)).toEqual([]);
    expect(told(0.5)).toEqual([
      expect.stringMatching(/^The estimate is 100 standard errors below the closed form: its draws miss a part/),
    ]);
    expect(told(1.2)).toEqual([expect.stringMatching(/^The estimate is 17 standard errors above the closed form/)]);
    expect(told(1, 0.3)).toEqual([
      'With twice the steps a log weight changes by 0.30 nats. Use more "evaluate.steps" than 6.',
    ]);
  });
});

describe('the run file of a rare event', () => {
  const parse = (more: object) => () => parseRunFile({ ...draft, ...more }, 'run.json');

  it('says in one line what is wrong', () => {
    expect(parse({ event: { type: 'outside-ball', radius: -1 } })).toThrow(/event\.radius/);
    expect(parse({ event: { type: 'cube' } })).toThrow(/event\.type/);
    expect(parse({ event: { type: 'half-space', radius: 3 } })).toThrow(/event/);
    expect(parse({ flow: { edges: [] } })).toThrow(/flow\.edges/);
    expect(parse({ flow: { edges: [{ edge: 3, sharpness: 0 }] } })).toThrow(/flow\.edges\[0\]\.sharpness/);
    expect(parse({ event: { type: 'half-space', dim: 900 }, evaluate: { samples: 1e6 } })).toThrow(
      /evaluate\.samples times the dimensions is more than 33,554,432 numbers/,
    );
    const wide = { event: { type: 'outside-ball', dim: 1000, radius: 35 } };
    expect(parse({ ...wide, flow: { particles: 1e6 } })).toThrow(/flow\.particles times the dimensions/);
    expect(parse({ ...wide, ratio: { draws: 1e6 } })).toThrow(/ratio\.draws times the dimensions/);
    expect(parse({ flow: { batch: 65_536, net: { hidden: [1024] } } })).toThrow(/flow\.batch times the widest layer/);
    expect(parse({ ratio: { batch: 65_536, hidden: [1024] } })).toThrow(/ratio\.batch times the widest layer/);
    for (const more of [{ event: { type: 'cube' } }, { flow: { edges: [] } }]) {
      expect(parse(more)).toThrow(/^[^\n]+$/);
    }
  });

  it('is refused doubles where a device has none', async () => {
    await expect(run({ precision: 'float64', device: 'reference' })).rejects.toThrow(
      /precision: is "float64", which the device "reference" does not have/,
    );
  });
});
