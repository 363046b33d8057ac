import { computed, shallowRef, type ComputedRef, type Ref, type ShallowRef } from 'vue';
import { useLoading, type LoadState } from './loading';

/** A file that was brought into the library, known by the hash of its content. */
export interface LibraryEntry {
  readonly sha256: string;
  readonly name: string;
  /** When it was added, milliseconds since 1970. */
  readonly created: number;
}

/** What the stores of models and of data sets have in common. */
export interface Library<Entry extends LibraryEntry> {
  readonly list: ShallowRef<readonly Entry[]>;
  readonly newestFirst: ComputedRef<readonly Entry[]>;
  /** Null where there is none, or it is not known yet. */
  find(sha256: string): Entry | null;
  /** The list follows by itself. */
  remove(sha256: string): Promise<void>;
  readonly loadState: Ref<LoadState>;
  readonly loadError: Ref<unknown>;
  ensure(): void;
  reload(): Promise<void>;
}

/** The engine's side of a library: `follow` hands every list on that the engine tells by itself. */
export interface LibrarySource<Entry> {
  readonly read: () => Promise<readonly Entry[]>;
  readonly follow: (take: (entries: readonly Entry[]) => void) => void;
  readonly remove: (sha256: string) => Promise<unknown>;
}

/** Mirrors one library of the engine, for a store to be made of. */
export function useLibrary<Entry extends LibraryEntry>(source: LibrarySource<Entry>): Library<Entry> {
  const list = shallowRef<readonly Entry[]>([]);
  const loading = useLoading(async () => {
    list.value = await source.read();
  });
  source.follow((entries) => (list.value = entries));
  return {
    list,
    newestFirst: computed(() => [...list.value].sort((a, b) => b.created - a.created)),
    find: (sha256) => list.value.find((entry) => entry.sha256 === sha256) ?? null,
    remove: async (sha256) => {
      await source.remove(sha256);
    },
    loadState: loading.state,
    loadError: loading.error,
    ensure: loading.ensure,
    reload: loading.reload,
  };
}
