import { describe, expect, it } from 'vitest';
import { linearGaussian } from '../../../src/main/models';
import { lg2, logEvidence } from '../../support/linearModel';
import { linearModel } from '../../support/models';
import { contradicts, mean } from '../../support/moments';
import { random } from '../../support/random';
import { boundOf, perDatum, workbench } from '../../support/runs';
import { buildNpy, npyHeader } from '../files/buildNpy';
import { buildIdx } from '../datasets/folder';

const bench = workbench();
const ais = { chains: 3, temperatures: 20, leapfrog: 3 };
const evidence = { kind: 'evidence', ais, iwae: { samples: 30 } };

function npy(name: string, rows: readonly (readonly number[])[]): string {
  const bytes = new Uint8Array(Float32Array.from(rows.flat()).buffer);
  return bench.file(name, buildNpy(npyHeader('<f4', `(${rows.length}, ${rows[0]?.length ?? 0})`), bytes));
}

describe('log p(x) of data from a file', () => {
  const { normals } = random(2);
  const x = Array.from({ length: 200 }, () => normals(3).map((value) => Math.fround(2 * value)));
  const truth = x.map((row) => logEvidence(lg2, row));
  const file = npy('x.npy', x);
  const model = bench.linear(lg2);

  it('is bounded from below only, and validly', async () => {
    const estimators = ['ais', 'im-ais', 'cr-ais', 'bdmc', 'iwae', 's-infonce'];
    const draft = { ...evidence, ais: { ...ais, coupledUpper: true }, model, data: { file, limit: 200 }, estimators };
    const result = await bench.run(draft);
    expect(result.bounds.map(({ quantity, side, n }) => [quantity, side, n])).toEqual(
      estimators.map(() => ['log-px', 'lower', 200]),
    );
    expect(result.perDatum?.logLikelihood).toBeUndefined();
    for (const estimator of estimators)
      expect(contradicts('lower', perDatum(result, estimator, 'lower'), truth), estimator).toBe(false);
    expect(result.metrics['truth']).toBeCloseTo(mean(truth), 6);
    const best = result.metrics['best'] as { lower: { value: number }; upper?: unknown; gap?: unknown };
    expect([best.upper, best.gap]).toEqual([undefined, undefined]);
    expect(result.metrics['bitsPerDimension']).toBeCloseTo(-best.lower.value / 3 / Math.LN2, 10);
    // And says something: within two nats of the truth.
    expect(boundOf(result, 'im-ais', 'lower').value).toBeGreaterThan(mean(truth) - 2);
  });

  it('takes the rows it is told to', async () => {
    const draft = { ...evidence, model, data: { file, offset: 150, limit: 10 }, estimators: ['iwae'] };
    const result = await bench.run(draft);
    expect(result.metrics['truth']).toBeCloseTo(mean(truth.slice(150, 160)), 6);
    const closed = linearGaussian(linearModel(lg2))?.logEvidence(Float32Array.from(x.slice(150, 160).flat())) ?? [];
    expect(mean([...closed])).toBeCloseTo(mean(truth.slice(150, 160)), 9);
  });

  it('simulated data are bounded from both sides, in nats of log p(x)', async () => {
    const result = await bench.run({ ...evidence, model, data: { simulate: 6 } });
    for (const side of ['lower', 'upper'] as const) expect(boundOf(result, 'im-ais', side).quantity).toBe('log-px');
    expect(result.metrics['truth']).toBeTypeOf('number');
  });

  it('says which estimators cannot say anything without an exact sample', async () => {
    const draft = { ...evidence, model, data: { file } };
    await expect(bench.run({ ...draft, estimators: ['cr-ais'] })).rejects.toThrow(
      /^estimators: "cr-ais" gives an upper bound.*Add "im-ais"/,
    );
    await expect(bench.run({ ...draft, ais: { gap: 1 } })).rejects.toThrow(/ais\.gap: needs an upper bound/);
    const one = await bench.run({
      ...draft,
      data: { file, limit: 2 },
      estimators: ['cr-ais'],
      ais: { ...ais, chains: 1 },
    });
    expect(Number.isFinite(boundOf(one, 'cr-ais', 'lower').value)).toBe(true);
  });

  it('refuses data of another width, naming both shapes', async () => {
    const wide = npy('wide.npy', [[1, 2, 3, 4]]);
    await expect(bench.run({ ...evidence, model, data: { file: wide } })).rejects.toThrow(
      /data\.file: a datum of wide\.npy has 4 numbers \(\[4\]\), but the decoder gives 3 \(\[3\]\)/,
    );
    await expect(bench.run({ ...evidence, model, data: { file: 'none.npy' } })).rejects.toThrow(
      /none\.npy: no such file/,
    );
  });
});

describe('grey levels under a Bernoulli likelihood', () => {
  const checkpoint = bench.checkpoint('decoder.safetensors', {
    'fc.weight': { shape: [4, 2] },
    'fc.bias': { shape: [4] },
  });
  const model = { checkpoint, decoder: [{ linear: 'fc' }], likelihood: { type: 'bernoulli' } };
  const bytes = [0, 255, 127, 128, 255, 255, 0, 64, 0, 0, 250, 3];
  const images = bench.file('images.idx', buildIdx(8, [3, 2, 2], bytes));
  const run = (data: object, more: object = {}) =>
    bench.run({ ...evidence, model, estimators: ['iwae'], iwae: { samples: 4000 }, data, ...more });

  /** Σ_z p(z) p(x | z) on a grid, with the weights of the checkpoint; x may be grey. */
  const exact = (x: readonly number[]): number => {
    const { tensors } = { tensors: weights() };
    let total = 0;
    for (let a = -6; a <= 6; a += 0.1)
      for (let b = -6; b <= 6; b += 0.1) {
        const logDensity = x.reduce((sum, value, row) => {
          const logit = (tensors.w[2 * row] ?? 0) * a + (tensors.w[2 * row + 1] ?? 0) * b + (tensors.b[row] ?? 0);
          return sum + value * logit - Math.log1p(Math.exp(logit));
        }, 0);
        total += (0.01 * Math.exp(logDensity - (a * a + b * b) / 2)) / (2 * Math.PI);
      }
    return Math.log(total);
  };
  const weights = (): { w: number[]; b: number[] } => ({
    w: random(1)
      .normals(8)
      .map((value) => value / 2),
    b: random(2)
      .normals(4)
      .map((value) => value / 2),
  });

  it('are used as they are, with a warning', async () => {
    const result = await run({ file: images });
    expect(result.warnings).toContainEqual(expect.stringMatching(/grey levels.*no log density/));
    perDatum(result, 'iwae', 'lower').forEach((value, datum) => {
      const x = bytes.slice(4 * datum, 4 * datum + 4).map((byte) => byte / 255);
      // 4000 samples of weights with a relative spread below 1: 0.02 at one standard error.
      expect(Math.abs(value - exact(x))).toBeLessThan(0.08);
    });
  });

  it('become binary at one half', async () => {
    const result = await run({ file: images, binarise: 'threshold' });
    expect(result.warnings).toEqual([]);
    perDatum(result, 'iwae', 'lower').forEach((value, datum) => {
      const x = bytes.slice(4 * datum, 4 * datum + 4).map((byte) => Number(byte / 255 >= 0.5));
      expect(Math.abs(value - exact(x))).toBeLessThan(0.08);
    });
  });

  it('become binary by chance, the same for each datum whatever part of the file is used', async () => {
    const draws = Array.from({ length: 64 }, () => [128, 20, 235, 128]);
    const many = bench.file('many.idx', buildIdx(8, [64, 2, 2], draws.flat()));
    const all = await run({ file: many, limit: 64, binarise: 'stochastic' });
    expect(all.warnings).toEqual([]);
    const values = perDatum(all, 'iwae', 'lower');
    const some = await run({ file: many, offset: 40, limit: 5, binarise: 'stochastic' });
    // The importance samples are those of the first five data: the estimates differ by their noise, the pixels do not.
    perDatum(some, 'iwae', 'lower').forEach((value, index) =>
      expect(Math.abs(value - (values[40 + index] ?? NaN))).toBeLessThan(0.1),
    );
    // Four pixels: at least the two fair ones give several patterns among 64 data.
    expect(new Set(values.map((value) => value.toFixed(1))).size).toBeGreaterThan(2);
    const other = await run({ file: many, limit: 64, binarise: 'stochastic' }, { seed: 9 });
    const moved = perDatum(other, 'iwae', 'lower').filter(
      (value, index) => Math.abs(value - (values[index] ?? NaN)) > 0.2,
    );
    expect(moved.length).toBeGreaterThan(10);
  });

  it('outside [0, 1] are refused with their place and what to do', async () => {
    const raw = npy('raw.npy', [
      [0, 1, 0, 1],
      [0, 1, 255, 1],
    ]);
    await expect(run({ file: raw })).rejects.toThrow(
      /data\.file: raw\.npy holds 255 in datum 1, .*\[0, 1\]\. Set data\.scale to "unit"/,
    );
    await expect(run({ file: raw, offset: 1 })).rejects.toThrow(/datum 1/);
    expect((await run({ file: raw, scale: 'unit' })).status).toBe('done');
    await expect(run({ file: images, scale: 'none' })).rejects.toThrow(/holds 255 in datum 0/);
    const negative = npy('negative.npy', [[0, 1, -0.5, 1]]);
    await expect(run({ file: negative })).rejects.toThrow(/holds -0\.5/);
  });
});
