import { describe, expect, it } from 'vitest';
import { coverageCard, pointsOf, type CoverageInputs, type Points } from '../../../src/main/coverage';
import { coverageCardSchema, coverageMetrics, coverageValues, headlineCoverage } from '../../../src/shared/coverage';
import { finishedCard } from '../../support/coverage';
import { ring } from '../../support/pointSets';
import { random } from '../../support/random';

const radius = 8;
const equal = new Array<number>(6).fill(1 / 6);
const places = Float64Array.from(
  { length: 12 },
  (_, at) => radius * (at % 2 === 0 ? Math.cos : Math.sin)((Math.PI * Math.floor(at / 2)) / 3),
);
const exact = (count: number, seed: number): Points => ring(random(seed), count, { modes: 6, radius });
const rule = { type: 'component', means: places, stds: equal.map(() => 1), weights: equal } as const;
const quick = {
  ...{ floors: 0, permutations: 19, directions: 20, seed: 1, exactCap: 200 },
  sinkhorn: { tolerance: 1e-3, iterations: 500, cap: 100 },
};

/** log q̃ − log ρ on samples of a sampler that found one of six modes that hardly touch. */
const oneMode: CoverageInputs = {
  situation: 'known-target',
  samples: ring(random(1), 600, { modes: 6, radius, weights: [1, 0, 0, 0, 0, 0] }),
  reference: exact(600, 2),
  exact,
  rule,
  modeWeights: equal,
  modeLocations: pointsOf(places, 2),
  logZ: 0,
  logWeights: Float64Array.from({ length: 600 }, () => -Math.log(6)),
};

/** What fits targets of one shape each. */
const ofShapes = ['insideHole', 'conditionalWidth', 'signCorrelation', 'foldedVariances'];
/** What only runs of generators add to their cards. */
const ofGenerators = ['nearestInRadii', 'memorised', 'memorisedP', 'activeUnits'];

describe('a sampler that found one of six modes', () => {
  it('is not called a success by its effective sample size', async () => {
    const card = await finishedCard(oneMode, quick);
    expect(coverageCardSchema.parse(JSON.parse(JSON.stringify(card)))).toEqual(card);
    expect(card.metrics['ess']?.value).toBeCloseTo(1, 9);
    expect(card.alarms.map(({ id }) => id)).toEqual(['collapse']);
    expect(card.alarms[0]?.text).toMatch(/about 17 % of the mass.*1\.79 nats too low/);
    expect(card.metrics['modesFound']?.value).toBe(1);
    expect(card.missed.map(({ mode }) => mode)).toEqual([1, 2, 3, 4, 5]);
    expect(card.missed[0]?.distance).toBeCloseTo(8, 6);
    expect(card.metrics['weightMse']?.value).toBeCloseTo(0.138889, 5);
    expect(card.metrics['mmdUnit']?.value).toBeGreaterThan(0.2);
    expect(card.metrics['mmdUnitP']?.value).toBeCloseTo(0.05, 12);
    expect(Object.keys(card.metrics).sort()).toEqual(
      Object.keys(coverageMetrics)
        .filter((name) => !['mmdBenchmark', ...ofGenerators, ...ofShapes].includes(name))
        .sort(),
    );
  });
});

describe('exact samples', () => {
  it('lie within their floors', async () => {
    const card = await finishedCard(
      { ...oneMode, samples: exact(400, 11), reference: exact(400, 12), logWeights: new Float64Array(400) },
      { ...quick, floors: 6 },
    );
    expect(card.alarms).toEqual([]);
    expect(card.missed).toEqual([]);
    for (const name of ['exactW2', 'slicedW2', 'mmdUnit', 'coverage', 'weightTotalVariation', 'highQuality'] as const) {
      const metric = card.metrics[name];
      const { low = NaN, high = NaN } = metric?.floor ?? {};
      expect(metric?.floor?.repeats, name).toBe(6);
      // The band of six repeats, widened threefold.
      expect(metric?.value, name).toBeGreaterThanOrEqual(low - (high - low));
      expect(metric?.value, name).toBeLessThanOrEqual(high + (high - low));
    }
  });
});

describe('metrics whose inputs are missing', () => {
  it('are null with a reason on the card and absent from results', async () => {
    const { samples } = oneMode;
    const card = await finishedCard({ situation: 'unknown-target', samples }, quick);
    for (const [name, metric] of Object.entries(card.metrics)) {
      expect(metric.value, name).toBeNull();
      expect(metric.reason, name).toMatch(/\.$/);
    }
    expect(coverageValues(card)).toEqual({});
    expect(card.metrics['ess']?.reason).toMatch(/log ρ/);
    expect(card.metrics['coverage']?.reason).toMatch(/exact samples/);
    expect(card.metrics['modesFound']?.reason).toMatch(/modes/);
    expect(card.ess).toBeNull();
    for (const name of headlineCoverage) expect(card.metrics[name]).toBeDefined();
    const generator = await finishedCard({ situation: 'generator', samples }, quick);
    expect(generator.metrics['modesFound']?.reason).toMatch(/labels/);
    expect(generator.metrics['coverage']?.reason).toMatch(/real items/);
  });

  it('are null where the value is infinite', async () => {
    const ratios = Float64Array.from({ length: 600 }, (_, i) => (i < 100 ? -Math.log(6) : Number.POSITIVE_INFINITY));
    const inputs = { ...oneMode, reference: undefined, referenceLogRatios: ratios };
    const card = await finishedCard(inputs, quick);
    expect(card.metrics['eubo']).toMatchObject({ value: null, reason: 'It is infinite for these samples.' });
    expect(card.metrics['essForward']?.value).toBe(0);
  });
});

describe('a card in very many dimensions', () => {
  it('leaves out what would take minutes, says so, and averages over fewer directions', async () => {
    const dim = 20_000;
    const few = (seed: number): Points => pointsOf(Float64Array.from(random(seed).normals(40 * dim)), dim);
    const inputs: CoverageInputs = { situation: 'known-target', samples: few(1), reference: few(2) };
    const { metrics } = await finishedCard(inputs, { ...quick, directions: 2000, exactCap: 10 });
    for (const [name, most] of [
      ['maxSlicedW2', '10,000'],
      ['gaussianW2', '1,024'],
      ['classifierAccuracy', '1,024'],
    ] as const)
      expect(metrics[name]).toMatchObject({ value: null, reason: `It is left out in more than ${most} dimensions.` });
    // 80 projections of 20,000 numbers each: 625 directions make a thousand million multiplications.
    expect(metrics['slicedW2']).toMatchObject({ parameters: { directions: 625 } });
    expect(metrics['mmdMedian']?.value).toEqual(expect.any(Number));
    expect(metrics['marginalsFlagged']?.value).toBe(0);
  });
});

describe('a generator of five classes of ten', () => {
  // Ten classes as modes on a ring; what the classifier says is the nearest one.
  const shape = { modes: 10, radius: 20 };
  const labelsOf = ({ data, count }: Points): number[] =>
    Array.from({ length: count }, (_, row) => {
      const turn = Math.atan2(data[2 * row + 1] ?? NaN, data[2 * row] ?? NaN) / (2 * Math.PI);
      return Math.round(10 * turn + 10) % 10;
    });
  const samples = ring(random(21), 600, { ...shape, weights: [...new Array<number>(5).fill(0.2), 0, 0, 0, 0, 0] });
  const reference = ring(random(22), 700, shape);

  it('misses the other five', async () => {
    const card = await finishedCard(
      {
        situation: 'generator',
        samples,
        reference,
        rule: { type: 'labels', labels: labelsOf(samples), classes: 10 },
        referenceLabels: labelsOf(reference),
        modeWeights: new Array<number>(10).fill(0.1),
        modeLabels: [...'0123456789'],
      },
      quick,
    );
    expect(card.missed.map(({ mode }) => mode).sort()).toEqual([5, 6, 7, 8, 9]);
    expect(card.classCoverage?.slice(5)).toEqual([0, 0, 0, 0, 0]);
    card.classCoverage?.slice(0, 5).forEach((value) => expect(value).toBeGreaterThan(0.9));
    expect(Math.abs((card.metrics['recall']?.value ?? NaN) - 0.5)).toBeLessThan(0.1);
    expect(card.metrics['ess']?.value).toBeNull();
  });
});

describe('a card in the making', () => {
  it('shows first what is cheap, and stops when asked', async () => {
    const stop = new AbortController();
    const steps = coverageCard(oneMode, quick, stop.signal);
    const first = await steps.next();
    expect(first.done).toBe(false);
    if (first.done === true) return;
    expect(first.value.card.metrics['modesFound']?.value).toBe(1);
    expect(first.value.card.metrics['coverage']).toBeUndefined();
    stop.abort(new Error('enough'));
    await expect(steps.next()).rejects.toThrow('enough');
  });

  it('goes forward and is the same again for the same seed', async () => {
    const seen: number[] = [];
    const values = coverageValues(await finishedCard(oneMode, quick, { onProgress: ({ done }) => seen.push(done) }));
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(coverageValues(await finishedCard(oneMode, quick))).toEqual(values);
  });
});
