import { describe, expect, it } from 'vitest';
import { effortAt, expectedGap, shareOf, timeTicks, workOf } from '../../src/shared/effort';
import { beginning, misfit, rangeNote, withFile, withKind, withPreset } from '../../src/shared/forms';
import { presetOf, presetsFor } from '../../src/shared/presets';
import { parseRunFile } from '../../src/shared/runFile';
import type { RunRow } from '../../src/shared/runRecord';
import { modelRun } from '../support/modelRun';

const model = {
  path: '/home/ada/models/a.pth',
  decoder: [{ linear: 'fc1' } as const],
  likelihood: { type: 'bernoulli' } as const,
};

describe.each([[[784]], [[3, 32, 32]]])('presets for %j', (shape) => {
  const presets = presetsFor(shape);

  it('give run files that are good', () => {
    for (const preset of presets) {
      const draft = beginning(model, preset, 'cpu');
      const parsed = modelRun(draft, preset.name);
      expect(parsed.ais).toMatchObject({ ...preset.ais, ladder: true });
      expect(presetOf(parsed, presets)).toBe(preset.name);
      expect(withPreset(beginning(model, presets[0] ?? preset, 'cpu'), preset)).toEqual(draft);
    }
  });

  it('grow', () => {
    const work = presets.map(({ ais }) => workOf({ ...ais, data: 1, ladder: true }));
    expect([...work].sort((a, b) => a - b)).toEqual(work);
  });
});

it('knows a preset no more once something was changed', () => {
  const presets = presetsFor([784]);
  const draft = beginning(model, presets[0] ?? presetsFor(null)[0]!, 'cpu');
  const parsed = modelRun({ ...draft, ais: { chains: 3 } }, 'x');
  expect(presetOf(parsed, presets)).toBeNull();
});

describe('the slider', () => {
  it('passes through the presets', () => {
    for (const { ais } of presetsFor([784])) {
      expect(effortAt(shareOf(ais.temperatures))).toEqual({ temperatures: ais.temperatures, chains: ais.chains });
    }
  });

  it('grows from end to end and comes back to its place', () => {
    const points = Array.from({ length: 101 }, (_, i) => effortAt(i / 100));
    points.slice(1).forEach((point, index) => {
      expect(point.temperatures).toBeGreaterThanOrEqual(points[index]?.temperatures ?? 0);
      expect(point.chains).toBeGreaterThanOrEqual(points[index]?.chains ?? 0);
      expect(Math.abs(shareOf(point.temperatures) - (index + 1) / 100)).toBeLessThan(0.02);
    });
  });

  it('has its ticks where the engine would take so long', () => {
    const work = { leapfrog: 20, data: 32, ladder: true };
    const ticks = timeTicks(work, 1e-6);
    expect(ticks.length).toBeGreaterThan(2);
    for (const { at, seconds } of ticks)
      expect(Math.abs(Math.log((workOf({ ...work, ...effortAt(at) }) * 1e-6) / seconds))).toBeLessThan(0.3);
  });
});

it('expects the gap of the nearest earlier run to fall as 1/T', () => {
  const row = (temperatures: number, gap: number, over: Partial<RunRow> = {}) =>
    ({
      id: `${temperatures}`,
      name: 'r',
      status: 'done',
      model: 'a.pth',
      kind: 'evidence',
      temperatures,
      gap,
      gapCi95: 0.01,
      ...over,
    }) as RunRow;
  const rows = [row(100, 8), row(1000, 0.5), row(10_000, 0.001), row(2000, 9, { model: 'b.pth' })];
  const wanted = { model: 'a.pth', kind: 'evidence', temperatures: 5000 };
  // The run with 10,000 closed to within its noise.
  expect(expectedGap(rows, wanted)).toMatchObject({ gap: 0.1, from: { temperatures: 1000 } });
  expect(expectedGap([], wanted)).toBeNull();
});

describe('data for a model', () => {
  it('fit by the number of their numbers', () => {
    expect(misfit({ outputShape: [784] }, { shape: [28, 28] })).toBeNull();
    expect(misfit({ outputShape: [3, 32, 32] }, { shape: [3072] })).toBeNull();
    expect(misfit({ outputShape: [256] }, { shape: [1, 28, 28] })).toBe('784 numbers a datum, the model gives 256');
    expect(misfit({ outputShape: null }, { shape: [5] })).toBeNull();
  });

  it('must be pixels for a Bernoulli likelihood', () => {
    expect(rangeNote({ type: 'bernoulli' }, { range: [0, 1] }, undefined)).toBeNull();
    expect(rangeNote({ type: 'bernoulli' }, { range: [0, 255] }, undefined)).toBeNull();
    expect(rangeNote({ type: 'bernoulli' }, { range: [-2, 3] }, undefined)).toMatch(/Bernoulli/);
    expect(rangeNote({ type: 'gaussian' }, { range: [-2, 3] }, undefined)).toBeNull();
  });

  it('of a file make it a log-likelihood, and simulated ones are needed for mutual information', () => {
    const draft = withFile(beginning(model, presetsFor(null)[0]!, 'cpu'), '/d/x.npz', 'x');
    expect(parseRunFile(draft, 'x')).toMatchObject({
      kind: 'evidence',
      data: { file: '/d/x.npz', array: 'x', limit: 128 },
    });
    expect(withKind(draft, 'mutual-information')['data']).toEqual({ simulate: 32 });
    expect(withFile({ ...draft, data: { file: 'a', array: 'b', limit: 5 } }, 'c', null)['data']).toEqual({
      file: 'c',
      limit: 5,
    });
  });
});
