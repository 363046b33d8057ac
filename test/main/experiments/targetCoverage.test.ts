import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { drive, type DriveOptions } from '../../../src/main/runs/driver';
import { resultSchema, type Result } from '../../../src/shared/result';
import { parseRunFile } from '../../../src/shared/runFile';
import { expectEqualBits } from '../../support/interrupted';

const coverage = { samples: 150, floors: 1, permutations: 19, matched: 40 };
/** Two modes eight standard deviations apart, and normals that find one of them. */
const draft = {
  kind: 'target',
  target: {
    type: 'gaussian-mixture',
    means: [
      [-4, 0],
      [4, 0],
    ],
  },
  methods: [
    { type: 'vi', batch: 32, iterations: 400, learningRate: 0.05, start: { mean: 3, std: 1 } },
    { type: 'svgd', particles: 20, iterations: 5 },
  ],
  evaluate: { samples: 400, coverage },
  seed: 4,
};
const run = (more: object = {}, options: Partial<DriveOptions> = {}): Promise<Result> =>
  drive(parseRunFile({ ...draft, ...more }, 'run.json'), { directory: '.', ...options });

describe('coverage in a run of a target', () => {
  it('finds out a normal that lost a mode, though its own weights look perfect', async () => {
    const result = resultSchema.parse(JSON.parse(JSON.stringify(await run())));
    expect(result.coverage?.map(({ method }) => method)).toEqual(['vi', 'svgd']);
    const [vi, svgd] = result.coverage ?? [];
    const value = (name: string): number => vi?.card.metrics[name]?.value ?? NaN;
    // One of two modes of weight ½: KL(q ‖ π) = log 2, all weights alike, nothing of the other mode.
    expect(value('ess')).toBeGreaterThan(0.9);
    expect(value('modesFound')).toBe(1);
    expect(value('logZError')).toBeCloseTo(Math.log(2), 1);
    expect(value('reverseKl')).toBeCloseTo(Math.log(2), 1);
    expect(value('weightTotalVariation')).toBeCloseTo(0.5, 12);
    // From the other side KL(π ‖ q) is about ½ ½ 8² nats less what the widths give away.
    expect(value('forwardKl')).toBeGreaterThan(10);
    expect(value('essForward')).toBeLessThan(1e-3);
    expect(value('mmdUnit')).toBeGreaterThan(0.1);
    expect(vi?.card.missed).toHaveLength(1);
    // Down a slope of ½ 4² from the top of the mode, where both meet.
    expect(vi?.card.missed[0]).toMatchObject({ weight: 0.5, count: 0, distance: 8 });
    expect(vi?.card.missed[0]?.barrier).toBeCloseTo(8 - Math.log(2), 1);
    expect(vi?.card.metrics['ksd']?.value).toBeLessThan(0.1);
    expect(vi?.card.metrics['mmdUnit']?.floor?.repeats).toBe(1);
    expect(result.warnings.find((text) => text.startsWith('vi: The sampler found about 50 %'))).toMatch(
      /0\.\d\d nats too low/,
    );
    // Particles have neither weights nor a density, and depend on each other.
    for (const name of ['elbo', 'essForward', 'weightPearson']) {
      expect(svgd?.card.metrics[name]?.value, name).toBeNull();
      expect(svgd?.card.metrics[name]?.reason, name).toMatch(/^[A-Z].*\.$/);
    }
    const { view } = vi ?? {};
    expect(view?.points).toHaveLength(400);
    expect(new Set(view?.modes)).toEqual(new Set([1]));
    expect(view?.weights?.reduce((a, b) => a + b, 0)).toBeCloseTo(400, 0);
    expect(view?.locations?.map(([x = NaN]) => Math.abs(x))).toEqual([4, 4]);
    expect((result.metrics['vi'] as { coverage: object }).coverage).toMatchObject({ modes: 2, modesFound: 1 });
  });

  it('tells signs, their balance, and climbs where modes are unknown', async () => {
    const methods = [{ type: 'svgd', particles: 30, iterations: 3, start: { std: 2 } }];
    const wells = await run({ target: { type: 'many-well', dim: 4 }, methods });
    expect(wells.coverage?.[0]?.view?.signs).toEqual(['--', '+-', '-+', '++']);
    expect(wells.coverage?.[0]?.view?.balance?.expected).toHaveLength(2);
    for (const name of ['signCorrelation', 'foldedVariances']) {
      const metric = wells.coverage?.[0]?.card.metrics[name];
      expect(metric?.value, name).toBeGreaterThan(0);
      expect(metric?.floor?.repeats, name).toBe(1);
    }
    const folder = mkdtempSync(path.join(tmpdir(), 'bracket-coverage-'));
    writeFileSync(path.join(folder, 'rows.csv'), 'a,y\n1,0\n2,1\n3,0\n4,1\n');
    const rows = { type: 'logistic-regression', file: 'rows.csv' };
    const unknown = await run({ target: rows, methods }, { directory: folder });
    rmSync(folder, { recursive: true });
    const card = unknown.coverage?.[0]?.card;
    expect(card?.situation).toBe('unknown-target');
    expect(card?.metrics['modesFound']?.reason).toBe('The modes of this target are not known.');
    expect(card?.metrics['mmdUnit']?.reason).toBe('There are no exact samples of this target.');
    expect(card?.maxima?.length).toBeGreaterThan(0);
  });

  it('tells what is inside the hole of a density, and how the width of a funnel changes', async () => {
    const methods = [{ type: 'svgd', particles: 60, iterations: 2, start: { std: 1 } }];
    const hole = await run({ target: { type: 'truncated-normal', dim: 2, radius: 2 }, methods });
    const { insideHole } = hole.coverage?.[0]?.card.metrics ?? {};
    // Normals from before the hole was cut: 1 − e^−2 of them are in it.
    expect(insideHole).toMatchObject({ parameters: { radius: 2 }, interval: [expect.any(Number), expect.any(Number)] });
    expect(insideHole?.value).toBeGreaterThan(0.5);
    const funnel = await run({ target: { type: 'funnel', dim: 2 }, methods });
    const { conditionalWidth } = funnel.coverage?.[0]?.card.metrics ?? {};
    expect(conditionalWidth?.value).toBeGreaterThan(conditionalWidth?.floor?.high ?? Infinity);
  });

  it('is left out where asked', async () => {
    const result = await run({ evaluate: { samples: 100, coverage: false } });
    expect(result.coverage).toBeUndefined();
  });

  it('goes on from its journal and ends with the same bits, wherever it was interrupted', async () => {
    const methods = draft.methods.map((method) => ({ ...method, iterations: 3 }));
    const small = { methods, evaluate: { samples: 60, coverage: { ...coverage, samples: 40 } } };
    await expectEqualBits((options) => run(small, options), [0.4, 0.6, 0.75, 0.9, 0.98]);
  });
});
