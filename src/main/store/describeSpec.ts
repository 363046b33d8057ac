import { createHash } from 'node:crypto';
import path from 'node:path';
import { formatPlural } from '../../shared/format';
import { estimatorLabel, kindLabel, methodLabel, targetLabel } from '../../shared/labels';
import { eventText, importanceEdges, isChainBound, isModelRun, type RunFile } from '../../shared/runFile';
import type { RunRow } from '../../shared/runRecord';

type Described = Pick<
  RunRow,
  'name' | 'kind' | 'model' | 'data' | 'device' | 'seed' | 'temperatures' | 'chains' | 'quantity' | 'family'
>;

/** What a table of runs says about a run before it has computed anything. */
export function describeSpec(spec: RunFile, directory: string): Described {
  const family = familyOf(spec, directory);
  if (spec.kind === 'vae') {
    const { data, bound, model } = spec;
    const { name, base } = path.parse(data.file);
    return {
      name: spec.name ?? `VAE of ${name}, ${estimatorLabel(bound.type)}`.slice(0, 200),
      kind: spec.kind,
      model: `VAE, ${formatPlural(model.latent, 'latent dimension', 'latent dimensions')}`,
      data: base,
      device: spec.device,
      seed: spec.seed,
      temperatures: isChainBound(bound) ? bound.steps : 1,
      chains: 'samples' in bound ? bound.samples : isChainBound(bound) ? bound.particles : 1,
      quantity: 'log-px',
      family,
    };
  }
  if (spec.kind === 'importance-flow') {
    const event = eventText(spec.event);
    const dimensions = `${spec.event.dim}-D`;
    return {
      name: spec.name ?? `P(${event}) in ${dimensions} by importance flow`,
      kind: spec.kind,
      model: `Normal, ${dimensions}`,
      data: event,
      device: spec.device,
      seed: spec.seed,
      temperatures: importanceEdges(spec).length,
      chains: spec.evaluate.samples,
      quantity: 'log-probability',
      family,
    };
  }
  if (spec.kind === 'coverage') {
    const model = path.basename(spec.model.checkpoint);
    return {
      name: spec.name ?? `${kindLabel(spec.kind)} of ${path.parse(model).name}`,
      kind: spec.kind,
      model,
      data: path.basename(spec.reference.file),
      device: spec.device,
      seed: spec.seed,
      temperatures: 1,
      chains: spec.samples,
      quantity: 'coverage',
      family,
    };
  }
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
function familyOf(spec: RunFile, directory: string): string {
  const absolute = (file: string): string => path.resolve(directory, file);
  const same = { ...spec, seed: undefined, name: undefined };
  return createHash('sha256')
    .update(canonical({ ...same, ...resolvedParts(spec, absolute) }))
    .digest('hex')
    .slice(0, 16);
}

/** The parts of a run file that name files, with whole paths. */
function resolvedParts(spec: RunFile, absolute: (file: string) => string): Record<string, unknown> {
  const whole = <T extends object>(part: T): T =>
    'file' in part && typeof part.file === 'string' ? { ...part, file: absolute(part.file) } : part;
  switch (spec.kind) {
    case 'target': {
      const methods = spec.methods.map((method) =>
        method.type === 'annealing-flow' && method.flow !== undefined
          ? { ...method, flow: absolute(method.flow) }
          : method,
      );
      const { target } = spec;
      if (target.type === 'nice' && target.train !== undefined)
        return { target: { ...target, train: whole(target.train) }, methods };
      return { target: whole(target), methods };
    }
    case 'vae':
      return { data: whole(spec.data), test: typeof spec.test === 'number' ? spec.test : whole(spec.test) };
    case 'importance-flow':
      return {};
    case 'coverage': {
      const { model, reference, training, classifier } = spec;
      const loaded = <T extends { checkpoint: string }>(part: T): T => ({
        ...part,
        checkpoint: absolute(part.checkpoint),
      });
      return {
        model: loaded(model),
        reference: { ...whole(reference), ...(reference.labels && { labels: whole(reference.labels) }) },
        ...(training && { training: whole(training) }),
        ...(classifier && { classifier: loaded(classifier) }),
      };
    }
    default:
      return {
        model: { ...spec.model, checkpoint: absolute(spec.model.checkpoint) },
        data: whole(spec.data),
      };
  }
}

/** JSON with sorted keys: the order in which a file names its fields means nothing. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
