import {
  beginning,
  coverageBeginning,
  importanceBeginning,
  isDrawable,
  isImageData,
  targetBeginning,
  vaeBeginning,
  type Draft,
  type DraftKind,
} from '../../../shared/forms';
import type { DatasetEntry, ModelEntry } from '../../../shared/library';
import { presetsFor, type Preset } from '../../../shared/presets';
import type { DeviceName } from '../../../shared/runFile';

/** What of the library a draft may begin with, newest first. */
export interface Library {
  readonly models: readonly ModelEntry[];
  readonly datasets: readonly DatasetEntry[];
}

/** A draft of a kind that is ready to run, as far as the library allows. */
export function begun(kind: DraftKind, { models, datasets }: Library, device: DeviceName): Draft {
  const images = datasets.filter(isImageData);
  switch (kind) {
    case 'target':
      return targetBeginning(device);
    case 'vae':
      // Pictures are what the page of such a run shows.
      return vaeBeginning(images.find(({ shape }) => shape.length > 1) ?? images[0] ?? null, device);
    case 'coverage':
      return coverageBeginning(models.filter(isDrawable), images, device);
    case 'importance-flow':
      return importanceBeginning(device);
    case 'model': {
      const model = models.find(isDrawable) ?? null;
      const [quick] = presetsFor(model?.outputShape ?? null);
      return beginning(model, quick as Preset, device);
    }
  }
}
