import type { PresetName } from '../presets';
import type { LaidOutKind } from './kinds';
import type { Draft } from './newRun';
import { isRecord } from './values';

/** What a preset sets of a run file; everything else stays as it is. */
export interface EffortPreset {
  readonly name: PresetName;
  readonly label: string;
  readonly note: string;
  readonly sets: Draft;
  /** Fields that would say otherwise, by their places. */
  readonly without?: readonly (readonly [string, string])[];
}

const annealed = (data: number, temperatures: number, chains: number): Draft => ({
  ...{ data, temperatures, chains, leapfrog: 10 },
});

export const effortPresets: Readonly<Record<LaidOutKind, readonly EffortPreset[]>> = {
  vae: [
    {
      ...{ name: 'quick', label: 'Quick' },
      note: 'A first look: ten epochs, and few test data to judge by.',
      sets: { training: { epochs: 10 }, evaluate: { data: 200, iwae: 500, annealed: annealed(20, 50, 8) } },
      without: [['training', 'iterations']],
    },
    {
      ...{ name: 'standard', label: 'Standard' },
      note: 'Fifty epochs, and IWAE with 5,000 samples over 1,000 test data.',
      sets: { training: { epochs: 50 }, evaluate: { data: 1000, iwae: 5000, annealed: annealed(100, 100, 16) } },
      without: [['training', 'iterations']],
    },
    {
      ...{ name: 'paper', label: 'Paper' },
      note: 'Until early stopping ends it, and IWAE with 5,000 samples over all test data, as papers report it.',
      sets: { training: { epochs: 1000 }, evaluate: { data: 10_000, iwae: 5000, annealed: annealed(1000, 1000, 16) } },
      without: [['training', 'iterations']],
    },
  ],
  coverage: [
    {
      ...{ name: 'quick', label: 'Quick' },
      note: 'A first look with 1,000 items on either side.',
      sets: { samples: 1000, reference: { limit: 1000 } },
    },
    {
      ...{ name: 'standard', label: 'Standard' },
      note: 'Five times the items: classes that one in a hundred items has become visible.',
      sets: { samples: 5000, reference: { limit: 5000 } },
    },
    {
      ...{ name: 'paper', label: 'Paper' },
      note: 'Ten thousand items on either side, as papers compare them.',
      sets: { samples: 10_000, reference: { limit: 10_000 } },
    },
  ],
  'importance-flow': [
    {
      ...{ name: 'quick', label: 'Quick' },
      note: 'A first estimate.',
      sets: { flow: { iterations: 150, refinement: 2 }, evaluate: { samples: 20_000 } },
    },
    {
      ...{ name: 'standard', label: 'Standard' },
      note: 'Better trained, and a band a third as wide.',
      sets: { flow: { iterations: 500, refinement: 3 }, evaluate: { samples: 200_000 } },
    },
    {
      ...{ name: 'paper', label: 'Thorough' },
      note: 'Long training, and a million draws.',
      sets: { flow: { iterations: 2000, refinement: 4 }, evaluate: { samples: 1_000_000 } },
    },
  ],
};

/** The preset that a draft is set to; null where it is set to something else. */
export function effortPresetOf(kind: LaidOutKind, draft: Draft): PresetName | null {
  const found = effortPresets[kind].find(
    ({ sets, without = [] }) =>
      holds(draft, sets) &&
      without.every(([group, key]) => !isRecord(draft[group]) || !Object.hasOwn(draft[group], key)),
  );
  return found?.name ?? null;
}

/** Takes over what a preset says. */
export function withEffortPreset(draft: Draft, { sets, without = [] }: EffortPreset): Draft {
  const stripped = without.reduce<Draft>((all, [group, key]) => {
    const before = all[group];
    if (!isRecord(before)) return all;
    return { ...all, [group]: Object.fromEntries(Object.entries(before).filter(([name]) => name !== key)) };
  }, draft);
  return merged(stripped, sets);
}

function merged(before: Draft, sets: Draft): Draft {
  const changed = Object.entries(sets).map(([key, value]) => {
    const old = before[key];
    return [key, isRecord(value) ? merged(isRecord(old) ? old : {}, value) : value] as const;
  });
  return { ...before, ...Object.fromEntries(changed) };
}

function holds(draft: unknown, sets: Draft): boolean {
  if (!isRecord(draft)) return false;
  return Object.entries(sets).every(([key, value]) =>
    isRecord(value) ? holds(draft[key], value) : draft[key] === value,
  );
}
