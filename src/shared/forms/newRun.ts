import type { ModelEntry } from '../library';
import type { Preset } from '../presets';
import type { DeviceName } from '../runFile';
import { withValue } from './path';
import { isRecord } from './values';

/** A run file as it is being written: anything that JSON can hold, until it is checked. */
export type Draft = Readonly<Record<string, unknown>>;

/** The model part of a run file for a model of the library: its kept copy, and what a person or the guess says about it. */
export function modelPart(model: Pick<ModelEntry, 'path' | 'decoder' | 'likelihood'>): Draft {
  return {
    checkpoint: model.path,
    ...(model.decoder === null ? {} : { decoder: model.decoder }),
    ...(model.likelihood === null ? {} : { likelihood: model.likelihood }),
  };
}

/** A run file to begin with: mutual information over simulated data, both sides, the sandwich seen closing. */
export function beginning(
  model: Pick<ModelEntry, 'path' | 'decoder' | 'likelihood'> | null,
  preset: Preset,
  device: DeviceName,
): Draft {
  return {
    kind: 'mutual-information',
    model: model === null ? { checkpoint: '' } : modelPart(model),
    data: { simulate: 32 },
    estimators: ['im-ais', 'cr-ais', 'iwae'],
    ais: { ...preset.ais, ladder: true },
    iwae: preset.iwae,
    seed: 0,
    ...(device === 'cpu' ? {} : { device }),
  };
}

/** Takes over what a preset says about how hard to try. */
export function withPreset(draft: Draft, { ais, iwae }: Preset): Draft {
  const before = isRecord(draft['ais']) ? draft['ais'] : {};
  const other = isRecord(draft['iwae']) ? draft['iwae'] : {};
  return { ...draft, ais: { ...before, ...ais }, iwae: { ...other, ...iwae } };
}

/** Another quantity. Mutual information needs pairs (z, x), which only simulating gives. */
export function withKind(draft: Draft, kind: 'mutual-information' | 'evidence'): Draft {
  const next = { ...draft, kind };
  const simulated = isRecord(draft['data']) && 'simulate' in draft['data'];
  return kind === 'mutual-information' && !simulated ? { ...next, data: { simulate: 32 } } : next;
}

/** Data from a file of the library; settings of an earlier choice stay. */
export function withFile(draft: Draft, file: string, array: string | null): Draft {
  const before = isRecord(draft['data']) && 'file' in draft['data'] ? draft['data'] : {};
  const kept = Object.fromEntries(Object.entries(before).filter(([key]) => key !== 'array' && key !== 'offset'));
  const data = { ...kept, file, ...(array === null ? {} : { array }) };
  return withValue({ ...draft, kind: 'evidence' }, ['data'], data) as Draft;
}

/** The name of a file without its folder, whatever the machine's separator. */
export function fileName(path: string): string {
  return path.split(/[/\\]/).at(-1) ?? path;
}
