import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { exampleCheckpoint } from '../../scripts/train-example/checkpoint';
import { evaluate } from '../../scripts/train-example/evaluate';
import { drawGlyphs, pixels } from '../../scripts/train-example/glyphs';
import { decoderLayers, latent, parameterShapes, type Parameters } from '../../scripts/train-example/model';
import { train } from '../../scripts/train-example/training';
import { asFloat32, readCheckpoint, readContent } from '../../src/main/checkpoints';
import { openDevice } from '../../src/main/tensor/devices';
import { reference } from '../../src/main/tensor/devices/reference';
import type { Device } from '../../src/main/tensor/types';

const shipped = fileURLToPath(new URL('../../resources/examples/glyphs-vae.safetensors', import.meta.url));

let cpu: Device;
beforeAll(async () => {
  cpu = await openDevice('cpu');
});

const short = { seed: 5, iterations: 4, batch: 16, learningRate: 0.005 };

describe('drawGlyphs', () => {
  it('gives each glyph its own numbers, however a batch is cut', () => {
    const together = new Float32Array(6 * pixels);
    drawGlyphs(together, 3, 'training', 10);
    const apart = new Float32Array(2 * pixels);
    drawGlyphs(apart, 3, 'training', 14);
    expect(together.subarray(4 * pixels)).toEqual(apart);
    drawGlyphs(apart, 3, 'heldOut', 14);
    expect(together.subarray(4 * pixels)).not.toEqual(apart);
  });

  it('draws ink on a tenth to a half of the paper', () => {
    const glyphs = new Float32Array(200 * pixels);
    drawGlyphs(glyphs, 0, 'training', 0);
    expect(glyphs.every((pixel) => pixel === 0 || pixel === 1)).toBe(true);
    const inked = glyphs.reduce((sum, pixel) => sum + pixel, 0) / glyphs.length;
    expect(inked).toBeGreaterThan(0.1);
    expect(inked).toBeLessThan(0.5);
  });
});

describe('train', () => {
  it('raises the ELBO', async () => {
    const elbos: number[] = [];
    await train(cpu, {
      seed: 1,
      iterations: 150,
      batch: 32,
      learningRate: 0.005,
      onIteration: (_, elbo) => elbos.push(elbo),
    });
    const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(elbos).toHaveLength(150);
    expect(mean(elbos.slice(-10))).toBeGreaterThan(mean(elbos.slice(0, 10)) + 40);
  });

  it('gives the same bits for the same seed', async () => {
    const first = await train(cpu, short);
    expect(await train(cpu, short)).toEqual(first);
    expect(await train(cpu, { ...short, seed: 6 })).not.toEqual(first);
  });

  it('agrees with the reference device', async () => {
    const compiled = await train(cpu, { ...short, iterations: 2 });
    const eager = await train(reference, { ...short, iterations: 2 });
    for (const name of Object.keys(parameterShapes)) {
      const [values = new Float32Array(), expected = new Float32Array()] = [compiled[name], eager[name]];
      let distance = 0;
      values.forEach((value, index) => (distance += Math.abs(value - (expected[index] ?? Number.NaN)) / values.length));
      // Adam turns the sign of a tiny gradient into a full step, so single numbers may differ by what the steps allow.
      expect(distance).toBeLessThan(1e-5);
    }
  });
});

describe('exampleCheckpoint', () => {
  it('is read back as written', async () => {
    const parameters = await train(cpu, { ...short, iterations: 1 });
    const evaluation = { elbo: -60.12, standardError: 0.1, divergence: [] };
    const { tensors, metadata } = readContent(
      exampleCheckpoint(parameters, evaluation, { seed: 5, iterations: 1 }),
      'x',
    );
    expect(metadata.get('heldOutElbo')).toBe('-60.1200');
    expect([...tensors.keys()].sort()).toEqual(Object.keys(parameterShapes).sort());
    for (const [name, tensor] of tensors) expect(tensor.data).toEqual(parameters[name]);
  });
});

describe('the shipped example', () => {
  it('has the ELBO on held-out glyphs that it claims, with every unit in use', async () => {
    const { tensors, metadata } = await readCheckpoint(shipped);
    const parameters: Parameters = Object.fromEntries([...tensors].map(([name, tensor]) => [name, asFloat32(tensor)]));
    const { elbo, divergence } = await evaluate(cpu, parameters, Number(metadata.get('seed')), 2000);
    expect(elbo).toBeCloseTo(Number(metadata.get('heldOutElbo')), 2);
    expect(divergence).toHaveLength(latent);
    expect(Math.min(...divergence)).toBeGreaterThan(0.5);
  });

  it('says what it is', async () => {
    const { metadata } = await readCheckpoint(shipped);
    expect(JSON.parse(String(metadata.get('decoder')))).toEqual(decoderLayers);
    expect(JSON.parse(String(metadata.get('likelihood')))).toEqual({ type: 'bernoulli' });
    expect(metadata.get('latent')).toBe(String(latent));
    expect(statSync(shipped).size).toBeLessThan(600_000);
  });
});
