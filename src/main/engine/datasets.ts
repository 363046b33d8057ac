import type { DatasetEntry } from '../../shared/library';
import type { Handlers } from '../../shared/rpc';
import { datasets } from '../store';
import type { EngineContext } from './context';
import { takeFile, titleOf, type FileSource } from './imports';

type DatasetHandlers = Pick<Handlers, Extract<keyof Handlers, `datasets.${string}`>>;

export function datasetHandlers(context: EngineContext): DatasetHandlers {
  const { store, tasks, events } = context;
  const told = <T>(result: T): T => {
    events.emit('datasets.changed', datasets.list(store));
    return result;
  };
  return {
    'datasets.list': () => datasets.list(store),
    'datasets.import': async ({ array, ...source }, { signal }) =>
      told(await importDataset(context, source, array, signal)),
    'datasets.remove': ({ sha256 }) => {
      datasets.get(store, sha256);
      datasets.remove(store, sha256);
      return told(null);
    },
    'datasets.preview': ({ sha256, offset, count }, { signal }) => {
      const { path, array, range } = datasets.get(store, sha256);
      return tasks.run('preview', { path, array: array ?? undefined, offset, count, range }, { signal });
    },
  };
}

export async function importDataset(
  context: EngineContext,
  source: FileSource,
  array: string | undefined,
  signal?: AbortSignal,
): Promise<DatasetEntry> {
  const { facts, name } = await takeFile(context, source, (path) =>
    context.tasks.run('readDataset', { path, array }, { signal }),
  );
  const { sha256, ...entry } = facts;
  const known = datasets.find(context.store, sha256);
  if (known !== undefined && known.array === entry.array) return known;
  return datasets.put(context.store, sha256, { ...entry, name: titleOf(name) });
}
