import type * as tf from '@tensorflow/tfjs-core';
import { InputError } from '../../shared/errors';
import type { ImageGrid } from '../../shared/library';
import { readCheckpoint } from '../checkpoints';
import { buildModel, type GenerativeModel } from '../models';
import { openDevice } from '../tensor/devices';
import { fillNormals } from '../tensor/random/streams';
import type { Program } from '../tensor/types';
import { gridOf, pictureShape, rangeOf, shownRange } from './images';
import type { ModelSource, Tasks } from './types';

/** z drawn at a time: the same program serves every number of pictures. */
const rows = 32;

interface Drawer {
  readonly key: string;
  readonly model: GenerativeModel;
  /** How what it draws is shown. */
  readonly shape: readonly number[];
  readonly program: Program;
}

/** The model that was drawn last stays compiled: a person moves sliders. */
let kept: Drawer | undefined;

async function drawer({ path, decoder, likelihood }: ModelSource): Promise<Drawer> {
  const key = JSON.stringify([path, decoder, likelihood]);
  if (kept?.key === key) return kept;
  await kept?.program.dispose();
  kept = undefined;
  const checkpoint = await readCheckpoint(path);
  const model = buildModel(
    { checkpoint: path, ...(decoder && { decoder: [...decoder] }), ...(likelihood && { likelihood }) },
    checkpoint,
  );
  const device = await openDevice('cpu');
  const program = await device.compile((t) => ({ output: model.decoder.apply(t, t['z'] as tf.Tensor2D) }), {
    inputs: { z: { shape: [rows, model.decoder.latent] } },
    constants: model.decoder.constants,
  });
  return (kept = { key, model, shape: pictureShape(model.decoder.outputShape, checkpoint.metadata), program });
}

/** Means of p(x | z). */
async function draw({ model, shape, program }: Drawer, z: Float32Array, count: number): Promise<ImageGrid> {
  const { latent, outputs } = model.decoder;
  const values = new Float32Array(count * outputs);
  const batch = new Float32Array(rows * latent);
  for (let first = 0; first < count; first += rows) {
    const size = Math.min(rows, count - first);
    batch.fill(0);
    batch.set(z.subarray(first * latent, (first + size) * latent));
    const { output } = await program.run({ z: batch });
    values.set((output as Float32Array).subarray(0, size * outputs), first * outputs);
  }
  const bernoulli = model.likelihood.type === 'bernoulli';
  if (bernoulli) values.forEach((logit, index) => (values[index] = 1 / (1 + Math.exp(-logit))));
  if (!values.every(Number.isFinite))
    throw new InputError('model', 'its decoder gives values that are not finite', 'Check the layers and the weights.');
  return gridOf(values, count, shape, bernoulli ? [0, 1] : shownRange(rangeOf(values)));
}

export async function samples({ count, seed, ...source }: Tasks['samples']['params']): Promise<ImageGrid> {
  const model = await drawer(source);
  return draw(model, priorDraws(model.model.decoder.latent, count, seed), count);
}

export async function traversal(params: Tasks['traversal']['params']): Promise<ImageGrid> {
  const { steps, seed, ...source } = params;
  const model = await drawer(source);
  const { latent } = model.model.decoder;
  const dimensions = Math.min(params.dimensions, latent);
  const base = seed === undefined ? new Float32Array(latent) : priorDraws(latent, 1, seed);
  const z = new Float32Array(dimensions * steps * latent);
  for (let dimension = 0; dimension < dimensions; dimension += 1)
    for (let step = 0; step < steps; step += 1) {
      const start = (dimension * steps + step) * latent;
      z.set(base, start);
      z[start + dimension] = -3 + (6 * step) / (steps - 1);
    }
  return draw(model, z, dimensions * steps);
}

/** The z of the data that a run with this seed would simulate. */
function priorDraws(latent: number, count: number, seed: number): Float32Array {
  const z = new Float32Array(count * latent);
  const place = { step: 0, firstChain: 0, chains: 1, firstDatum: 0, data: count, width: latent };
  fillNormals(z, { seed, stream: 'dataLatent', ...place });
  return z;
}
