import { createHash } from 'node:crypto';
import path from 'node:path';
import { formatPlural } from '../../shared/format';
import { kindLabel } from '../../shared/labels';
import type { RunFile } from '../../shared/runFile';
import type { RunRow } from '../../shared/runRecord';

type Described = Pick<
  RunRow,
  'name' | 'kind' | 'model' | 'data' | 'device' | 'seed' | 'temperatures' | 'chains' | 'quantity' | 'family'
>;

/** What a table of runs says about a run before it has computed anything. */
export function describeSpec(spec: RunFile, directory: string): Described {
  const model = path.basename(spec.model.checkpoint);
  return {
    name: spec.name ?? `${kindLabel(spec.kind)} of ${path.parse(model).name}`,
    kind: spec.kind,
    model,
    data:
      'simulate' in spec.data
        ? formatPlural(spec.data.simulate, 'simulated datum', 'simulated data')
        : path.basename(spec.data.file),
    device: spec.device,
    seed: spec.seed,
    temperatures: spec.ais.temperatures,
    chains: spec.ais.chains,
    quantity: spec.kind === 'mutual-information' ? 'mi' : 'log-px',
    family: familyOf(spec, directory),
  };
}

/** Two runs have the same family when their run files differ in the seed and the name alone. */
export function familyOf(spec: RunFile, directory: string): string {
  const model = { ...spec.model, checkpoint: path.resolve(directory, spec.model.checkpoint) };
  const data = 'file' in spec.data ? { ...spec.data, file: path.resolve(directory, spec.data.file) } : spec.data;
  const same = { ...spec, model, data, seed: undefined, name: undefined };
  return createHash('sha256').update(canonical(same)).digest('hex').slice(0, 16);
}

/** JSON with sorted keys: the order in which a file names its fields means nothing. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
