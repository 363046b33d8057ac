import { createHash } from 'node:crypto';
import path from 'node:path';
import { formatPlural } from '../../shared/format';
import { kindLabel, methodLabel, targetLabel } from '../../shared/labels';
import { isModelRun, type RunFile } from '../../shared/runFile';
import type { RunRow } from '../../shared/runRecord';

type Described = Pick<
  RunRow,
  'name' | 'kind' | 'model' | 'data' | 'device' | 'seed' | 'temperatures' | 'chains' | 'quantity' | 'family'
>;

/** What a table of runs says about a run before it has computed anything. */
export function describeSpec(spec: RunFile, directory: string): Described {
  const family = familyOf(spec, directory);
  if (!isModelRun(spec)) {
    const target = targetLabel(spec.target);
    const steps = spec.methods.map((method) => ('steps' in method ? method.steps : 0));
    return {
      name: spec.name ?? `${target} by ${spec.methods.map(({ type }) => methodLabel(type)).join(', ')}`.slice(0, 200),
      kind: spec.kind,
      model: target,
      data: formatPlural(spec.methods.length, 'method', 'methods'),
      device: spec.device,
      seed: spec.seed,
      temperatures: Math.max(...steps),
      chains: spec.evaluate.samples,
      quantity: 'log-z',
      family,
    };
  }
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
    family,
  };
}

/** Two runs have the same family when their run files differ in the seed and the name alone. */
export function familyOf(spec: RunFile, directory: string): string {
  const absolute = (file: string): string => path.resolve(directory, file);
  const same = { ...spec, seed: undefined, name: undefined };
  const resolved = isModelRun(spec)
    ? {
        ...same,
        model: { ...spec.model, checkpoint: absolute(spec.model.checkpoint) },
        data: 'file' in spec.data ? { ...spec.data, file: absolute(spec.data.file) } : spec.data,
      }
    : { ...same, target: 'file' in spec.target ? { ...spec.target, file: absolute(spec.target.file) } : spec.target };
  return createHash('sha256').update(canonical(resolved)).digest('hex').slice(0, 16);
}

/** JSON with sorted keys: the order in which a file names its fields means nothing. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
