import { defineStore } from 'pinia';
import { ref, shallowReactive } from 'vue';
import type { DatasetEntry, ModelEntry } from '../../shared/library';
import { formatBytes } from '../../shared/format';
import { engine } from '../engine';
import { describeError, isCancelled } from '../errors';
import { sendFile } from '../rpc';

/** A file on its way into the library. */
export interface Import {
  readonly id: number;
  readonly name: string;
  readonly size: string;
  readonly kind: 'model' | 'data';
  /** 0 to 1 while it is sent; null while the engine reads it. */
  share: number | null;
  error: string | null;
  details: string | null;
  readonly cancel: () => void;
  /** Reads another array of an archive that holds several; only where that may help. */
  readonly retry: ((array: string) => Promise<Imported | null>) | null;
}

export type Imported =
  { readonly kind: 'model'; readonly entry: ModelEntry } | { readonly kind: 'data'; readonly entry: DatasetEntry };

/** Files that are being brought into the library, and those that could not be, with the reason. */
export const useImports = defineStore('imports', () => {
  const list = ref<readonly Import[]>([]);
  let next = 1;

  function dismiss(id: number): void {
    list.value.find((item) => item.id === id)?.cancel();
    list.value = list.value.filter((item) => item.id !== id);
  }

  /** @returns the new entry, or null when it failed or was cancelled; the list then says why */
  async function add(file: File, kind: 'model' | 'data', array?: string): Promise<Imported | null> {
    const again = kind === 'data' && /\.npz$/i.test(file.name) ? (name: string) => add(file, kind, name) : null;
    const { signal, item } = begin(file.name, formatBytes(file.size), kind, again);
    return attempt(item, async () => {
      const source = await sendFile(file, { signal, onProgress: (share) => (item.share = share) });
      item.share = null;
      return read(source, kind, signal, array);
    });
  }

  /** A file on the engine's own machine, as the desktop shell passes them on. */
  async function addPath(path: string, kind: 'model' | 'data'): Promise<Imported | null> {
    const { signal, item } = begin(path.split(/[/\\]/).at(-1) ?? path, '', kind);
    item.share = null;
    return attempt(item, () => read({ path }, kind, signal));
  }

  function begin(name: string, size: string, kind: 'model' | 'data', retry: Import['retry'] = null) {
    const controller = new AbortController();
    const item = shallowReactive<Import>({
      id: next++,
      name,
      size,
      kind,
      share: 0,
      error: null,
      details: null,
      cancel: () => controller.abort(),
      retry,
    });
    list.value = [...list.value.filter((other) => other.name !== name || other.error === null), item];
    return { item, signal: controller.signal };
  }

  async function attempt(item: Import, work: () => Promise<Imported>): Promise<Imported | null> {
    try {
      const imported = await work();
      dismiss(item.id);
      return imported;
    } catch (error) {
      if (isCancelled(error)) dismiss(item.id);
      else {
        const { message, details } = describeError(error);
        item.error = message;
        item.details = details;
      }
      return null;
    }
  }

  return { list, add, addPath, dismiss };
});

type Source = Awaited<ReturnType<typeof sendFile>>;

async function read(source: Source, kind: 'model' | 'data', signal: AbortSignal, array?: string): Promise<Imported> {
  if (kind === 'model') return { kind, entry: await engine.call('models.import', source, { signal }) };
  return {
    kind,
    entry: await engine.call('datasets.import', array === undefined ? source : { ...source, array }, { signal }),
  };
}
