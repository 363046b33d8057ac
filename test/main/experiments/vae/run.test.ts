import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { KeptFile, RunEvent } from '../../../../src/main/experiments';
import { writeNpy } from '../../../support/writeNpy';
import type { Result } from '../../../../src/shared/result';
import { random } from '../../../support/random';
import { boundOf, perDatum, workbench } from '../../../support/runs';
import { smallVae, stripes } from '../../../support/vaeRuns';

const bench = workbench();
bench.file('stripes.npy', stripes(200));

function keeping(): { keep: (file: KeptFile) => Result['artifacts'][number]; kept: KeptFile[] } {
  const kept: KeptFile[] = [];
  return {
    kept,
    keep: (file) => {
      kept.push(file);
      writeFileSync(join(bench.directory, file.name), file.bytes);
      return { name: file.name, path: join(bench.directory, file.name), sha256: '0'.repeat(64) };
    },
  };
}

describe('a run of kind vae', () => {
  it('trains, judges on data that it kept back, shows pictures and leaves a checkpoint that other runs open', async () => {
    const events: RunEvent[] = [];
    const { keep, kept } = keeping();
    const result = await bench.run(smallVae, { keep, onEvent: (event) => events.push(event) });
    expect(result).toMatchObject({ kind: 'vae', status: 'done', warnings: [] });
    expect(
      result.bounds.map(({ quantity, estimator, side, samples, n }) => [quantity, estimator, side, samples, n]),
    ).toEqual([
      ['log-px', 'elbo', 'lower', undefined, 20],
      ['log-px', 'iwae', 'lower', 50, 20],
      ['log-px', 'im-ais', 'lower', 4, 10],
    ]);
    // The same samples behind both, so that Jensen's inequality holds datum by datum.
    const elbo = perDatum(result, 'elbo', 'lower');
    perDatum(result, 'iwae', 'lower').forEach((value, datum) =>
      expect(value).toBeGreaterThanOrEqual(elbo[datum] ?? NaN),
    );
    const { reconstruction, divergence, data } = result.metrics as Record<string, Record<string, number>>;
    expect((reconstruction?.['mean'] ?? NaN) - (divergence?.['mean'] ?? NaN)).toBeCloseTo(
      boundOf(result, 'elbo', 'lower').value,
      9,
    );
    expect(divergence?.['mean']).toBeGreaterThanOrEqual(0);
    expect(data).toEqual({ training: 150, validation: 20, test: 30 });
    // Curves of training and validation, and pictures with them.
    const quantities = new Set(events.flatMap(({ curve }) => Object.keys(curve?.values ?? {})));
    expect([...quantities]).toEqual(['ELBO', 'ELBO, validation']);
    expect(events.some(({ images }) => images !== undefined)).toBe(true);
    expect(
      result.images?.map(({ name, rows, columns, height, width }) => [name, rows, columns, height, width]),
    ).toEqual([
      ['reconstructions', 2, 10, 4, 4],
      ['samples', 3, 10, 4, 4],
    ]);
    for (const { pixels, rows, columns } of result.images ?? []) {
      expect(Buffer.from(pixels, 'base64').length).toBe(rows * columns * 16);
    }
    expect(events.at(-1)?.progress).toBeGreaterThan(0.95);

    expect(kept.map(({ name }) => name)).toEqual(['vae.safetensors']);
    const other = await bench.run({
      kind: 'mutual-information',
      model: { checkpoint: 'vae.safetensors' },
      data: { simulate: 4 },
      estimators: ['im-ais', 'iwae'],
      ais: { chains: 2, temperatures: 5, leapfrog: 2, initial: { type: 'proposal', name: 'q' } },
      iwae: { samples: 10, proposal: { type: 'proposal', name: 'q' } },
      proposals: [{ type: 'encoder', name: 'q' }],
    });
    expect(other).toMatchObject({ status: 'done', warnings: [] });
    expect(boundOf(other, 'im-ais', 'lower').base).toBe('q');
  });

  it('reaches the closed form of a linear-Gaussian model', async () => {
    const { normal, normals } = random(4);
    const rows = Array.from({ length: 1200 }, () => {
      const z = normal();
      return normals(3).map((noise, i) => 0.5 * noise + ([1, -0.7, 0.4][i] ?? 0) * z);
    });
    bench.file('linear.npy', writeNpy(Float32Array.from(rows.flat()), [1200, 3]));
    const result = await bench.run({
      ...smallVae,
      data: { file: 'linear.npy' },
      test: 100,
      validation: 100,
      likelihood: { type: 'gaussian', sigma: 1, learned: true },
      model: { latent: 1, encoder: [], decoder: [] },
      training: { iterations: 2500, batch: 100, learningRate: 0.02, decay: 'cosine' },
      evaluate: { data: 100, iwae: 2000, annealed: false },
    });
    const truth = Number(result.metrics['truth']);
    const elbo = boundOf(result, 'elbo', 'lower').value;
    // The gap is KL(q ‖ p(z | x)), which is zero at the optimum; 200,000 samples leave a noise of about 0.001.
    expect(truth - elbo).toBeLessThan(0.01);
    expect(truth - elbo).toBeGreaterThan(-0.005);
    expect(boundOf(result, 'iwae', 'lower').value).toBeGreaterThan(elbo - 1e-9);
    expect(Math.abs(truth - boundOf(result, 'iwae', 'lower').value)).toBeLessThan(0.003);
  });

  it.each(['ula-mcd', 'dais', 'iwae'])('tells the bound that it was trained with: %s', async (type) => {
    const more = type === 'iwae' ? { samples: 3 } : { steps: 3, particles: 2 };
    const result = await bench.run({ ...smallVae, bound: { type, ...more } });
    expect(result.status).toBe('done');
    const own = result.bounds.filter(({ estimator, samples }) => estimator === type && samples !== 50);
    expect(own).toMatchObject([{ quantity: 'log-px', side: 'lower', samples: type === 'iwae' ? 3 : 2, n: 20 }]);
    expect(own[0]?.value).toBeTypeOf('number');
    if (type === 'iwae') return;
    const found = result.metrics[type] as { betas: number[]; stepSizes: number[]; mass?: number[] };
    expect(found.betas).toHaveLength(3);
    expect(found.betas.at(-1)).toBe(1);
    expect(found.stepSizes.every((size) => size > 0 && size < 0.25)).toBe(true);
    expect(found.mass?.length).toBe(type === 'dais' ? 2 : undefined);
    const names = result.series.map(({ name }) => name);
    expect(names).toContain('learned schedule');
    expect(names).toContain('learned step sizes');
  });

  it('keeps the parameters that were best on the validation data, and ends when patience does', async () => {
    const training = { iterations: 4000, batch: 20, evaluateEvery: 5, learningRate: 0.3, clip: 1e9, patience: 3 };
    const result = await bench.run({ ...smallVae, training });
    const { updates, bestUpdate, validation } = result.metrics['training'] as Record<string, number>;
    expect(updates).toBeLessThan(4000);
    expect(updates).toBe((bestUpdate ?? NaN) + 15);
    const looks = result.series.find(({ name }) => name.startsWith('training vae validation'))?.y.values ?? [];
    expect(looks.length).toBe((updates ?? NaN) / 5);
    expect(Math.max(...looks.map((value) => value ?? -Infinity))).toBe(validation);
  });
});
