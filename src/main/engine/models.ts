import type { ModelEntry } from '../../shared/library';
import { RpcError, type Handlers } from '../../shared/rpc';
import { models } from '../store';
import type { ModelFacts, ModelSource } from '../tasks/types';
import type { EngineContext } from './context';
import { takeFile, titleOf, type FileSource } from './imports';

type ModelHandlers = Pick<Handlers, Extract<keyof Handlers, `models.${string}`>>;

export function modelHandlers(context: EngineContext): ModelHandlers {
  const { store, tasks, events } = context;
  const told = <T>(result: T): T => {
    events.emit('models.changed', models.list(store));
    return result;
  };
  return {
    'models.list': () => models.list(store),
    'models.import': async (source, { signal }) => told(await importModel(context, source, signal)),
    'models.update': async ({ sha256, name, decoder, likelihood }, { signal }) => {
      const entry = models.get(store, sha256);
      const corrected = decoder !== undefined || likelihood !== undefined;
      const source: ModelSource = {
        path: entry.path,
        decoder: decoder ?? entry.decoder,
        likelihood: likelihood ?? entry.likelihood,
      };
      const facts = corrected ? await tasks.run('readModel', source, { signal }) : entry;
      return told(
        models.put(store, sha256, {
          ...kept(facts),
          // What was assumed is no longer worth saying once a person has decided it.
          notes: corrected ? [] : entry.notes,
          name: name ?? entry.name,
          confirmed: entry.confirmed || corrected,
        }),
      );
    },
    'models.remove': ({ sha256 }) => {
      models.get(store, sha256);
      models.remove(store, sha256);
      return told(null);
    },
    'models.samples': ({ sha256, count, seed }, { signal }) =>
      tasks.run('samples', { ...drawable(models.get(store, sha256)), count, seed }, { signal }),
    'models.traversal': ({ sha256, dimensions, steps, seed }, { signal }) =>
      tasks.run('traversal', { ...drawable(models.get(store, sha256)), dimensions, steps, seed }, { signal }),
  };
}

/** A file that is already in the library keeps its name and its corrections. */
export async function importModel(
  context: EngineContext,
  source: FileSource,
  signal?: AbortSignal,
): Promise<ModelEntry> {
  const { facts, name } = await takeFile(context, source, (path) =>
    context.tasks.run('readModel', { path, decoder: null, likelihood: null }, { signal }),
  );
  const known = models.find(context.store, facts.sha256);
  if (known !== undefined) return known;
  return models.put(context.store, facts.sha256, { ...kept(facts), name: titleOf(name), confirmed: false });
}

function kept(facts: ModelFacts | ModelEntry): Omit<ModelFacts, 'sha256'> {
  const { format, tensors, decoder, likelihood, latent, outputShape, chain, notes, problem } = facts;
  return { format, tensors, decoder, likelihood, latent, outputShape, chain, notes, problem };
}

function drawable({ name, path, decoder, likelihood, problem }: ModelEntry): ModelSource {
  if (decoder !== null && likelihood !== null && problem === null) return { path, decoder, likelihood };
  throw new RpcError('bad-input', `${name}: ${problem ?? 'its layers are not known yet. Name them in the form.'}`);
}
