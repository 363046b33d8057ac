import { z } from 'zod';
import type { ModelEntry } from '../../shared/library';
import type { Result } from '../../shared/result';
import { layerSchema, likelihoodSchema } from '../../shared/runFile';
import { findArtifact, getRow, models, type Store } from '../store';

const shape = z.array(z.number());

/** `metrics.model` of a run that has trained one: what the library says of it. */
const factsSchema = z.object({
  format: z.string(),
  tensors: z.array(z.object({ name: z.string(), shape, dtype: z.string() })),
  decoder: z.array(layerSchema),
  likelihood: likelihoodSchema,
  latent: z.number(),
  outputShape: shape,
  chain: z.array(z.object({ name: z.string(), shape })),
});

/**
 * Puts the model that a run has trained into the library, under the run's name. One that is there already keeps its name and corrections.
 * @returns whether the library has a new model
 */
export function adoptModel(store: Store, run: string, { kind, status, metrics, artifacts }: Result): boolean {
  if (kind !== 'vae' || status !== 'done') return false;
  const facts = factsSchema.safeParse(metrics['model']).data;
  const file = artifacts.find(({ name }) => name.endsWith('.safetensors'));
  if (facts === undefined || file === undefined) return false;
  if (findArtifact(store, file.sha256) === undefined || models.find(store, file.sha256) !== undefined) return false;
  const entry: Omit<ModelEntry, 'sha256' | 'bytes' | 'created' | 'path'> = {
    ...facts,
    name: getRow(store, run).name,
    confirmed: false,
    notes: ['Trained here.'],
    problem: null,
  };
  models.put(store, file.sha256, entry);
  return true;
}
