import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { writeSafetensors } from '../../src/main/checkpoints';
import { writeDurably } from '../../src/main/files/durable';
import type { Layer, LikelihoodSpec } from '../../src/shared/runFile';
import type { Parameters, ParameterShapes } from '../../src/main/models/network';

/** What a run file would have to say about the model, and where it comes from. */
export interface ModelDescription {
  readonly title: string;
  readonly latent: number;
  readonly shape: readonly number[];
  readonly decoder: readonly Layer[];
  readonly likelihood: LikelihoodSpec;
  /** Other facts, as text. */
  readonly facts: Readonly<Record<string, string>>;
}

/** The model as a .safetensors file whose metadata says what it is, so that run files need not name its layers. */
export function modelFile(parameters: Parameters, shapes: ParameterShapes, description: ModelDescription): Uint8Array {
  const tensors = Object.entries(shapes).map(([name, shape]) => ({
    name,
    shape,
    dtype: 'float32' as const,
    data: parameters[name] as Float32Array,
  }));
  const { title, latent, shape, decoder, likelihood, facts } = description;
  return writeSafetensors(tensors, {
    title,
    latent: String(latent),
    shape: JSON.stringify(shape),
    decoder: JSON.stringify(decoder),
    likelihood: JSON.stringify(likelihood),
    ...facts,
  });
}

export function writeModel(file: string, bytes: Uint8Array): void {
  mkdirSync(dirname(file), { recursive: true });
  writeDurably(file, [bytes]);
}
