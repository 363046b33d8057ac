import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readCheckpoint } from '../../../../src/main/checkpoints';
import { openDevice } from '../../../../src/main/tensor/devices';
import { ScoreChunk } from '../../../../src/main/trainers/mcd/scoreChunk';
import { scoreFile } from '../../../../src/main/trainers/mcd/scoreFile';
import { initialScore, scoreNetwork, type ScoreSize } from '../../../../src/main/trainers/mcd/scoreNetwork';
import { pathSettings } from '../../../../src/main/trainers/mcd/settings';
import { normals } from '../../../support/flows';
import { pathSpec } from '../../../support/mcd';

const [dim, steps, rows] = [3, 4, 5];
const device = await openDevice('cpu');
const directory = mkdtempSync(path.join(tmpdir(), 'bracket-score-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** ŝ of every transition by a network of this size with these weights. */
async function scoresOf(size: ScoreSize, weights: Readonly<Record<string, Float32Array>>): Promise<number[]> {
  const network = scoreNetwork(size);
  expect(Object.keys(weights).sort()).toEqual(Object.keys(network.shapes).sort());
  const chunk = await ScoreChunk.open({ device, network, rows, precision: 'float32', gradients: 'none' });
  for (let slot = 0; slot < steps; slot += 1) chunk.place(slot, slot + 1, { position: normals(rows * dim, slot) });
  await chunk.run(Object.fromEntries(Object.entries(weights).map(([name, values]) => [`parameters/${name}`, values])));
  const scores = Array.from({ length: steps }, (_, slot) => [...chunk.score(slot)]).flat();
  await chunk.dispose();
  return scores;
}

it.each([true, false])(
  'a kept score network with residuals %s is built again from its file alone',
  async (residual) => {
    const spec = pathSpec({ type: 'ula-mcd', steps, score: { width: 6, blocks: 2, embedding: 3, residual } });
    const settings = pathSettings(spec, dim, 1);
    if (settings.network === undefined) throw new Error('no network');
    const network = { ...initialScore(settings.network, 2), 'output.weight': Float32Array.from(normals(dim * 6, 9)) };
    const file = path.join(directory, `${residual}.safetensors`);
    writeFileSync(file, scoreFile('path', { settings, sampler: settings.initial, network }, spec));

    const { tensors, metadata } = await readCheckpoint(file);
    const { score } = JSON.parse(String(metadata.get('network'))) as { score: ScoreSize };
    const weights = Object.fromEntries(
      [...tensors]
        .filter(([name]) => !name.startsWith('sampler.'))
        .map(([name, { data }]) => [name, data as Float32Array]),
    );
    const expected = await scoresOf(settings.network.size, network);
    expect(await scoresOf(score, weights)).toEqual(expected);

    // Files from before say nothing of residuals; their networks have them.
    const { residual: said, ...older } = score;
    expect(said).toBe(residual);
    const found = await scoresOf(older, weights);
    if (residual) expect(found).toEqual(expected);
    else expect(Math.abs((found[0] ?? 0) - (expected[0] ?? 0))).toBeGreaterThan(1e-3);
  },
);
