import { z } from 'zod';
import { formatCount, formatNumber, formatPlural, formatPlusMinus } from './format';
import type { Result } from './result';

const interval = z.object({ mean: z.number(), ci95: z.number().nullable() });

/** What the metrics of a run of kind `vae` say beside its bounds. */
const trainedSchema = z.object({
  reconstruction: interval,
  divergence: interval,
  activeUnits: z.number(),
  latent: z.number(),
  training: z.object({ updates: z.number(), bestUpdate: z.number(), validation: z.number() }),
});

/** Of a trained model in sentences: what training reached, what its bound is made of, and where the checkpoint is. */
export function trainedTexts({ kind, metrics, artifacts }: Pick<Result, 'kind' | 'metrics' | 'artifacts'>): string[] {
  if (kind !== 'vae') return [];
  const trained = trainedSchema.safeParse(metrics).data;
  if (trained === undefined) return [];
  const { reconstruction, divergence, activeUnits, latent, training } = trained;
  const file = artifacts.find(({ name }) => name.endsWith('.safetensors'));
  return [
    `Trained for ${formatPlural(training.updates, 'update', 'updates')}; best on the validation data after ${formatCount(training.bestUpdate)}, with a bound of ${formatNumber(training.validation, 2)} nats.`,
    `Reconstruction E[log p(x | z)] ${formatPlusMinus(reconstruction.mean, reconstruction.ci95)} nats, KL to the prior ${formatPlusMinus(divergence.mean, divergence.ci95)}; ${formatCount(activeUnits)} of ${formatPlural(latent, 'latent dimension', 'latent dimensions')} in use.`,
    ...(file === undefined ? [] : [`Checkpoint: ${file.path}`]),
  ];
}
