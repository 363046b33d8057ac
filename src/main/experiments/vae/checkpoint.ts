import { createHash } from 'node:crypto';
import type { VaeRunSpec } from '../../../shared/runFile';
import { writeSafetensors, type Checkpoint, type NamedTensor } from '../../checkpoints';
import { buildEncoder } from '../../models/encoder';
import { buildModel, learnedBase, type Base, type GenerativeModel } from '../../models';
import type { Device } from '../../tensor/types';
import type { Best } from '../../trainers/vae/train';
import type { Vae } from '../../trainers/vae/networks';
import type { VaeData } from './data';

/** The name of the file that a run leaves. */
export const checkpointName = 'vae.safetensors';

/** A trained VAE as other runs would open it. */
export interface TrainedModel {
  readonly model: GenerativeModel;
  /** q(z | x) */
  readonly base: Base;
  readonly checkpoint: Checkpoint;
  /** Of the file, the whole of it. */
  readonly bytes: Uint8Array;
}

/**
 * The trained model as a .safetensors file whose metadata says what it is, so that run files and the library need not be told its layers,
 * and as what those make of it. What was trained beside the networks is in the file too.
 */
export function trainedModel(
  spec: VaeRunSpec,
  vae: Vae,
  best: Best,
  shapes: Vae['shapes'],
  data: VaeData,
  device: Device,
): TrainedModel {
  const tensors = Object.entries(shapes).map(([name, shape]): NamedTensor => ({
    name,
    shape,
    dtype: 'float32',
    data: best.parameters[name] as Float32Array,
  }));
  const metadata = cardOf(spec, vae, best, data);
  const bytes = writeSafetensors(tensors, metadata);
  const checkpoint: Checkpoint = {
    path: checkpointName,
    format: 'safetensors',
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    tensors: new Map(tensors.map((tensor) => [tensor.name, tensor])),
    source: 'this run',
    ignored: [],
    metadata: new Map(Object.entries(metadata)),
  };
  const layers = [...vae.layers.decoder];
  const model = buildModel({ checkpoint: checkpointName, decoder: layers, likelihood: vae.likelihood }, checkpoint);
  const { gaussian, parameters } = buildEncoder(
    { layers: [...vae.layers.encoder], ...vae.heads },
    checkpoint,
    model,
    'the encoder',
  );
  return { model, base: learnedBase('q', gaussian, parameters, device), checkpoint, bytes };
}

/** The model card: what the layers are, and how it came about. */
function cardOf(spec: VaeRunSpec, vae: Vae, { value, iteration }: Best, data: VaeData): Record<string, string> {
  const { model, bound, training, seed } = spec;
  return {
    title: spec.name ?? `VAE of ${data.name}, ${model.latent} latent`,
    latent: String(model.latent),
    shape: JSON.stringify(data.shape),
    decoder: JSON.stringify(vae.layers.decoder),
    likelihood: JSON.stringify(vae.likelihood),
    encoder: JSON.stringify(vae.layers.encoder),
    encoderMean: vae.heads.mean,
    encoderLogVariance: vae.heads.logVariance,
    bound: JSON.stringify(bound),
    training: JSON.stringify(training),
    seed: String(seed),
    validationBound: value.toFixed(4),
    updates: String(iteration),
    data: data.sha256,
    binarise: spec.data.binarise,
  };
}

/** What the library says of a model, for the result. */
export function libraryFacts({ model, checkpoint }: TrainedModel): Record<string, unknown> {
  const { latent, outputShape, layers } = model.decoder;
  return {
    format: checkpoint.format,
    tensors: [...checkpoint.tensors.values()].map(({ name, shape, dtype }) => ({ name, shape, dtype })),
    decoder: model.spec.decoder,
    likelihood: model.spec.likelihood,
    latent,
    outputShape,
    chain: [{ name: 'z', shape: [latent] }, ...layers.map((layer) => ({ name: layer.name, shape: layer.outputShape }))],
  };
}
