import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCheckpoint, writeSafetensors } from '../../../src/main/checkpoints';
import { buildModel } from '../../../src/main/models';
import { gaussianNetwork } from '../../../src/main/models/conditionalGaussian';
import { criticNetwork } from '../../../src/main/models/critic';
import { buildEncoder } from '../../../src/main/models/encoder';
import { initialParameters } from '../../../src/main/models/network';
import { openDevice } from '../../../src/main/tensor/devices';
import {
  loadCritic,
  loadProposal,
  networkFile,
  type TrainedCritic,
  type TrainedProposal,
} from '../../../src/main/trainers';
import {
  criticSchema,
  proposalSchema,
  type NetworkCriticSpec,
  type NetworkProposalSpec,
} from '../../../src/shared/runFile';
import { lg2 } from '../../support/linearModel';
import { checkpointOf, linearModel, type Tensors } from '../../support/models';
import { random } from '../../support/random';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'bracket-keep-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const model = linearModel(lg2);
const other = linearModel({ ...lg2, outputs: 4, weight: [...lg2.weight, [1, 1]], bias: [0, 0, 0, 0] });
const resolve = (file: string): string => path.join(folder, file);

const proposalSpec = proposalSchema.parse({ type: 'network', name: 'q', hidden: [5] }) as NetworkProposalSpec;
const criticSpec = criticSchema.parse({
  type: 'network',
  name: 'T',
  hidden: [6, 4],
  activation: 'tanh',
}) as NetworkCriticSpec;

function proposal(): TrainedProposal {
  const gaussian = gaussianNetwork({ latent: 2, outputs: 3, hidden: [5], activation: 'relu' });
  return { name: 'q', gaussian, parameters: initialParameters(gaussian.shapes, 3) };
}

function critic(base: TrainedCritic['base'] = 'prior'): TrainedCritic {
  const network = criticNetwork({ latent: 2, outputs: 3, hidden: [6, 4], activation: 'tanh' });
  return { name: 'T', critic: network, parameters: initialParameters(network.shapes, 4), base };
}

const load = {
  proposal: (file: string, on = model) =>
    loadProposal({ type: 'saved', name: 'again', file }, { model: on, checkpoint: checkpointOf({}), resolve }),
  critic: (file: string, base = 'prior') =>
    loadCritic({ type: 'saved', name: 'again', file, base }, { model, resolve }),
};

describe('a kept proposal', () => {
  it('is read back to the bit, under the name that it has now', async () => {
    const kept = proposal();
    writeFileSync(resolve('q.safetensors'), networkFile(kept, proposalSpec));
    const read = await load.proposal('q.safetensors');
    expect(read.name).toBe('again');
    expect(read.parameters).toEqual(kept.parameters);
    expect(read.gaussian.architecture).toEqual({ type: 'network', hidden: [5], activation: 'relu' });
    expect(read.gaussian.shapes).toEqual(kept.gaussian.shapes);
  });

  it('says what it is and how it was trained', async () => {
    writeFileSync(resolve('q.safetensors'), networkFile(proposal(), proposalSpec));
    const { metadata } = await readCheckpoint(resolve('q.safetensors'));
    expect(metadata.get('title')).toBe('Proposal "q"');
    expect(JSON.parse(String(metadata.get('network')))).toMatchObject({ kind: 'proposal', latent: 2, outputs: 3 });
    expect(JSON.parse(String(metadata.get('training')))).toMatchObject({ objective: 'forward-kl', batch: 100 });
  });

  it('is refused in one line where it does not fit', async () => {
    writeFileSync(resolve('q.safetensors'), networkFile(proposal(), proposalSpec));
    writeFileSync(resolve('T.safetensors'), networkFile(critic(), criticSpec));
    writeFileSync(resolve('vae.safetensors'), writeSafetensors([]));
    const { metadata, tensors } = await readCheckpoint(resolve('q.safetensors'));
    const text = Object.fromEntries([...metadata].map(([key, value]) => [key, String(value)]));
    const all = [...tensors.values()];
    writeFileSync(resolve('cut.safetensors'), writeSafetensors(all.slice(1), text));
    const bad = all.map((tensor) => ({ ...tensor, data: Float32Array.from(tensor.data as Float32Array).fill(NaN) }));
    writeFileSync(resolve('nan.safetensors'), writeSafetensors(bad, text));
    await expect(load.proposal('q.safetensors', other)).rejects.toThrow(
      /^proposals\.again\.file: .*q\.safetensors was trained for x of 3 and z of 2 numbers, and the model has 4 and 2\. Name one that was trained for this model\.$/,
    );
    await expect(load.proposal('T.safetensors')).rejects.toThrow(
      /is a critic, and a proposal is wanted\. Name another file\.$/,
    );
    await expect(load.proposal('vae.safetensors')).rejects.toThrow(
      /is no proposal that Bracket has kept\. Name one of a run's artifacts, or "encoder"/,
    );
    await expect(load.proposal('cut.safetensors')).rejects.toThrow(/it has no float32 "0\.bias" of shape \[5\]/);
    await expect(load.proposal('nan.safetensors')).rejects.toThrow(/"0\.weight" is not finite/);
    await expect(load.proposal('absent.safetensors')).rejects.toThrow(/absent\.safetensors/);
  });
});

describe('a kept critic', () => {
  it('is read back to the bit; its base is what the run file names', async () => {
    const kept = critic();
    writeFileSync(resolve('T.safetensors'), networkFile(kept, criticSpec));
    const read = await load.critic('T.safetensors');
    expect(read).toMatchObject({ name: 'again', notes: [] });
    expect(read.base).toBeUndefined();
    expect(read.parameters).toEqual(kept.parameters);
    expect((await load.critic('T.safetensors', 'q')).notes).toEqual([
      expect.stringMatching(/^The critic "again" was trained to correct the prior and corrects "q" here/),
    ]);
    await expect(load.proposal('T.safetensors')).rejects.toThrow(/is a critic/);
    writeFileSync(resolve('q.safetensors'), networkFile(proposal(), proposalSpec));
    await expect(load.critic('q.safetensors')).rejects.toThrow(
      /^critics\.again\.file: .* is a proposal, and a critic is wanted/,
    );
  });

  it('brings the base that was trained along with it', async () => {
    const base = proposal();
    const kept = critic(base);
    writeFileSync(resolve('T.safetensors'), networkFile(kept, { ...criticSpec, base: 'q', trainBase: true }));
    const read = await load.critic('T.safetensors', 'other');
    expect(read.parameters).toEqual(kept.parameters);
    expect(read.base).toMatchObject({ name: 'again-base', parameters: base.parameters });
    expect(read.notes).toEqual([]);
    // One that was not trained along stays in its own file.
    writeFileSync(resolve('U.safetensors'), networkFile(kept, { ...criticSpec, base: 'q' }));
    expect((await load.critic('U.safetensors')).base).toBeUndefined();
  });

  it('brings a convolutional encoder whose weights have been trained on', async () => {
    const [channels, image] = [3, 768];
    const norm = (key: string, width: number): Tensors => ({
      [`${key}.weight`]: { shape: [width] },
      [`${key}.bias`]: { shape: [width] },
      [`${key}.running_mean`]: { shape: [width] },
      [`${key}.running_var`]: { shape: [width], data: new Array<number>(width).fill(2) },
    });
    const tensors: Tensors = {
      'enc.0.weight': { shape: [4, channels, 4, 4] },
      ...norm('enc.1', 4),
      'enc.3.weight': { shape: [5, 4, 3, 4] },
      'enc.3.bias': { shape: [5] },
      'fc1.weight': { shape: [2, 80] },
      'fc2.weight': { shape: [2, 80] },
    };
    const generator = checkpointOf({
      'main.0.weight': { shape: [2, 5, 4, 4] },
      'main.3.weight': { shape: [5, 4, 4, 4] },
      'main.6.weight': { shape: [4, channels, 4, 4] },
    });
    const images = buildModel({ checkpoint: 'model.pth' }, generator);
    const layers = [
      { conv: 'enc.0', stride: 2, padding: 1 },
      { batchNorm: 'enc.1', epsilon: 1e-5 },
      'relu' as const,
      { conv: 'enc.3', stride: 2, padding: 1 },
    ];
    const { gaussian, parameters } = buildEncoder(
      { layers, mean: 'fc1', logVariance: 'fc2' },
      checkpointOf(tensors),
      images,
      'proposals.q',
    );
    const moved = Object.fromEntries(
      Object.entries(parameters).map(([name, values]) => [name, values.map((value) => 1.1 * value + 0.01)]),
    );
    const base = { name: 'q', gaussian, parameters: moved };
    const network = criticNetwork({ latent: 2, outputs: image, hidden: [6, 4], activation: 'tanh' });
    const kept = { name: 'T', critic: network, parameters: initialParameters(network.shapes, 4), base };
    writeFileSync(resolve('C.safetensors'), networkFile(kept, { ...criticSpec, base: 'q', trainBase: true }));
    const read = await loadCritic(
      { type: 'saved', name: 'again', file: 'C.safetensors', base: 'prior' },
      { model: images, resolve },
    );
    if (read.base === undefined) throw new Error('The base is missing.');
    expect(read.base.gaussian.architecture).toEqual(gaussian.architecture);
    const x = Float32Array.from(random(1).normals(2 * image));
    const [expected, actual] = [await momentsOf(base, x), await momentsOf(read.base, x)];
    expect(expected.mean).toHaveLength(4);
    actual.mean.forEach((value, index) => expect(value).toBeCloseTo(expected.mean[index] ?? NaN, 5));
    actual.logStd.forEach((value, index) => expect(value).toBeCloseTo(expected.logStd[index] ?? NaN, 5));
  });
});

async function momentsOf(
  { gaussian, parameters }: TrainedProposal,
  x: Float32Array,
): Promise<Record<'mean' | 'logStd', Float32Array>> {
  const constants = Object.fromEntries(
    Object.entries(gaussian.shapes).map(([name, shape]) => [name, { shape, data: parameters[name] as Float32Array }]),
  );
  const program = await (
    await openDevice('cpu')
  ).compile((t) => ({ ...gaussian.moments(t, t['x'] as tf.Tensor2D) }), {
    inputs: { x: { shape: [x.length / gaussian.outputs, gaussian.outputs] } },
    constants,
  });
  const moments = (await program.run({ x })) as Record<'mean' | 'logStd', Float32Array>;
  await program.dispose();
  return moments;
}

describe('the encoder of a checkpoint as a proposal', () => {
  const vae: Tensors = {
    'fc1.weight': { shape: [6, 3] },
    'fc21.weight': { shape: [2, 6] },
    'fc22.weight': { shape: [2, 6] },
  };

  it('comes from the checkpoint of the model or from another', async () => {
    const here = await loadProposal({ type: 'encoder', name: 'e' }, { model, checkpoint: checkpointOf(vae), resolve });
    expect(here.notes?.[0]).toMatch(/^The encoder was guessed/);
    const tensors = [...checkpointOf(vae).tensors.values()];
    writeFileSync(resolve('encoder.safetensors'), writeSafetensors(tensors));
    const there = await loadProposal(
      { type: 'encoder', name: 'e', checkpoint: 'encoder.safetensors' },
      { model, checkpoint: checkpointOf({}), resolve },
    );
    expect(there.parameters).toEqual(here.parameters);
    await expect(
      loadProposal({ type: 'encoder', name: 'e' }, { model, checkpoint: checkpointOf({}), resolve }),
    ).rejects.toThrow(/^proposals\.e: the encoder cannot be guessed/);
  });
});
