import type { DatasetEntry, ModelEntry } from '../library';
import type { DeviceName } from '../runFile';
import { misfit } from './fit';
import { sizeOf } from './layers';
import { modelPart, type Draft } from './newRun';

/** What a person wants to do. Both kinds of runs that bound a model are one choice. */
export type DraftKind = 'model' | 'target' | 'vae' | 'coverage' | 'importance-flow';

/** Kinds whose steps are laid out in `kindSteps.ts` and filled from the schema alone. */
export type LaidOutKind = Exclude<DraftKind, 'model' | 'target'>;

export const draftKinds: readonly { readonly value: DraftKind; readonly label: string; readonly note: string }[] = [
  { value: 'model', label: 'Bound a model', note: 'log p(x), I(x; z)' },
  { value: 'target', label: 'Sample a target', note: 'log Z, posteriors' },
  { value: 'vae', label: 'Train a VAE', note: 'a checkpoint and its test log p(x)' },
  { value: 'coverage', label: 'Hold a generator against data', note: 'which classes it draws, how near' },
  { value: 'importance-flow', label: 'Probability of a rare event', note: 'by a flow that draws in it' },
];

/** What a draft is of; of a model where its kind says nothing that is known. */
export function draftKindOf(draft: Draft): DraftKind {
  const kind = draft['kind'];
  return draftKinds.find(({ value }) => value === kind)?.value ?? 'model';
}

export function isLaidOut(kind: DraftKind): kind is LaidOutKind {
  return kind !== 'model' && kind !== 'target';
}

type Offered = Pick<DatasetEntry, 'path' | 'array' | 'shape' | 'range' | 'count' | 'format'>;

/** Whether data are worth training a model of images on, or holding a generator against: several numbers a datum. */
export function isImageData({ shape }: Pick<DatasetEntry, 'shape'>): boolean {
  return sizeOf(shape) > 1;
}

const fileOf = (data: Offered | null): Draft => ({
  file: data?.path ?? '',
  ...(data === null || data.array === null ? {} : { array: data.array }),
});
const deviceOf = (device: DeviceName): Draft => (device === 'cpu' ? {} : { device });

/** A VAE to begin with: as its own defaults have it, with a likelihood that the data can have. */
export function vaeBeginning(data: Offered | null, device: DeviceName): Draft {
  const kept = data === null ? Infinity : Math.floor(0.75 * data.count);
  return {
    kind: 'vae',
    ...likelihoodFor(data),
    model: { latent: 10 },
    bound: { type: 'elbo' },
    training: { epochs: 10, ...(kept < 100 ? { batch: Math.max(1, kept) } : {}) },
    evaluate: { data: 200, iwae: 500, annealed: { data: 20, temperatures: 50, chains: 8, leapfrog: 10 } },
    seed: 0,
    ...deviceOf(device),
  };
}

/** Grey levels of one channel become binary, so that log p(x) means something; whatever else is real-valued. */
function likelihoodFor(data: Offered | null): Draft {
  const [low, high] = data?.range ?? [0, 255];
  const bytes = high > 1 && high <= 255 && /^(idx|cifar)/.test(data?.format ?? 'idx');
  const grey = low >= 0 && (high <= 1 || bytes) && (data?.shape.length ?? 2) < 3;
  const file = fileOf(data);
  return grey
    ? { data: { ...file, binarise: 'static' }, likelihood: { type: 'bernoulli' } }
    : { data: file, likelihood: { type: 'gaussian', sigma: 0.1, learned: true } };
}

/** Another data set: what was said of the likelihood was said of the one before. */
export function withVaeData(draft: Draft, data: Offered): Draft {
  const { data: next, likelihood } = likelihoodFor(data);
  return { ...draft, data: next, likelihood };
}

/** A generator of the library beside data that it could have drawn, where there are any. */
export function coverageBeginning(
  models: readonly Pick<ModelEntry, 'path' | 'decoder' | 'likelihood' | 'outputShape'>[],
  datasets: readonly Offered[],
  device: DeviceName,
): Draft {
  const pairs = models.map((model) => ({ model, data: datasets.find((each) => fits(model, each)) ?? null }));
  const best = pairs.find(({ data }) => data !== null) ?? pairs[0];
  return {
    kind: 'coverage',
    model: best === undefined ? { checkpoint: '' } : modelPart(best.model),
    reference: { ...fileOf(best?.data ?? null), limit: 1000 },
    samples: 1000,
    seed: 0,
    ...deviceOf(device),
  };
}

function fits(model: Pick<ModelEntry, 'outputShape'>, data: Offered): boolean {
  return model.outputShape !== null && data.count >= 10 && isImageData(data) && misfit(model, data) === null;
}

/** Four standard deviations away, which plain sampling meets once in thirty thousand draws. */
export function importanceBeginning(device: DeviceName): Draft {
  return {
    kind: 'importance-flow',
    event: { type: 'half-space', dim: 2, threshold: 4 },
    flow: { iterations: 150, refinement: 2 },
    evaluate: { samples: 20_000 },
    seed: 0,
    ...deviceOf(device),
  };
}
