import { sizeOf } from './forms/layers';
import type { AisSpec } from './runFile';

export type PresetName = 'quick' | 'standard' | 'paper';

/** What a preset sets: how hard the chains try. Everything else stays as it is. */
export interface Effort {
  readonly ais: Required<Pick<AisSpec, 'chains' | 'temperatures' | 'leapfrog' | 'schedule'>>;
  readonly iwae: { readonly samples: number | readonly number[] };
}

export interface Preset extends Effort {
  readonly name: PresetName;
  readonly label: string;
  readonly note: string;
}

const sigmoid = (rad: number) => ({ type: 'sigmoid' as const, rad });

const quick: Preset = {
  name: 'quick',
  label: 'Quick',
  note: 'A first sandwich.',
  ais: { chains: 16, temperatures: 499, leapfrog: 20, schedule: sigmoid(4) },
  iwae: { samples: 1000 },
};

const standard: Preset = {
  name: 'standard',
  label: 'Standard',
  note: 'Ten times the temperatures: a tenth of the gap.',
  ais: { chains: 24, temperatures: 4999, leapfrog: 20, schedule: sigmoid(4) },
  iwae: { samples: 10_000 },
};

/** Table 1 of Brekelmans et al. 2022: 30,000 distributions for MNIST, 100,000 for CIFAR-10. */
const paperMnist: Preset = {
  name: 'paper',
  label: 'Paper',
  note: 'As in table 1 of Brekelmans et al. 2022, MNIST.',
  ais: { chains: 48, temperatures: 29_999, leapfrog: 20, schedule: sigmoid(4) },
  iwae: { samples: 1_000_000 },
};
const paperCifar: Preset = {
  ...paperMnist,
  note: 'As in table 1 of Brekelmans et al. 2022, CIFAR-10.',
  ais: { chains: 12, temperatures: 99_999, leapfrog: 25, schedule: sigmoid(8) },
};

/** The presets for a model: as large as the images of CIFAR-10, it is treated as the paper treats those. */
export function presetsFor(outputShape: readonly number[] | null): readonly Preset[] {
  const large = outputShape !== null && sizeOf(outputShape) >= 3072;
  return [quick, standard, large ? paperCifar : paperMnist];
}

/** The preset that a run file's settings are those of; null where they were changed. */
export function presetOf(effort: Effort, presets: readonly Preset[]): PresetName | null {
  const same = presets.find(
    ({ ais, iwae }) =>
      iwae.samples === effort.iwae.samples &&
      ais.chains === effort.ais.chains &&
      ais.temperatures === effort.ais.temperatures &&
      ais.leapfrog === effort.ais.leapfrog &&
      ais.schedule.type === effort.ais.schedule.type &&
      (ais.schedule as { rad?: number }).rad === (effort.ais.schedule as { rad?: number }).rad,
  );
  return same?.name ?? null;
}
