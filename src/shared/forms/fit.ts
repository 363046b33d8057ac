import { formatCount, formatPlural, formatShape } from '../format';
import type { DatasetEntry, ModelEntry } from '../library';
import type { LikelihoodSpec } from '../runFile';
import { sizeOf } from './layers';

type Sized = Pick<ModelEntry, 'outputShape'>;

/** Why a data set cannot go with a model, as a clause; null where it can, as far as the shapes tell. */
export function misfit(model: Sized, dataset: Pick<DatasetEntry, 'shape'>): string | null {
  if (model.outputShape === null) return null;
  const [given, wanted] = [sizeOf(dataset.shape), sizeOf(model.outputShape)];
  return given === wanted
    ? null
    : `${formatPlural(given, 'number', 'numbers')} a datum, the model gives ${formatCount(wanted)}`;
}

/** What to know before values outside [0, 1] meet a Bernoulli likelihood; null where there is nothing to say. */
export function rangeNote(
  likelihood: LikelihoodSpec | null | undefined,
  dataset: Pick<DatasetEntry, 'range'>,
  scale: unknown,
): string | null {
  if (likelihood?.type !== 'bernoulli') return null;
  const [low, high] = dataset.range;
  if (low >= 0 && high <= 1) return null;
  if (low >= 0 && high <= 255 && scale !== 'none') return null;
  return 'A Bernoulli likelihood needs pixels in [0, 1]. Divide bytes by 255 with “Bytes: unit”, or give the model a Gaussian likelihood.';
}

/** "8 → 16 × 16" */
export function mapOf({ latent, outputShape }: Pick<ModelEntry, 'latent' | 'outputShape'>): string {
  if (latent === null || outputShape === null) return '—';
  return `${formatCount(latent)} → ${formatShape(outputShape)}`;
}

/** Whether a model can be drawn from and run: its layers are known, and they fit. */
export function isDrawable({
  decoder,
  likelihood,
  problem,
}: Pick<ModelEntry, 'decoder' | 'likelihood' | 'problem'>): boolean {
  return decoder !== null && likelihood !== null && problem === null;
}
