import type { Database } from 'better-sqlite3';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore, type Store } from '../../src/main/store';

export interface TemporaryStore {
  readonly folder: string;
  readonly store: Store;
  /** Another connection to the same folder, as another process has it. */
  again(): Store;
  remove(): void;
}

export function temporaryStore(): TemporaryStore {
  const folder = mkdtempSync(join(tmpdir(), 'bracket-store-'));
  const stores = [openStore(folder)];
  const [store] = stores as [Store];
  return {
    folder,
    store,
    again() {
      const other = openStore(folder);
      stores.push(other);
      return other;
    },
    remove() {
      for (const open of stores) open.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Lets the database of a store grow no further, as on a full disk. @returns a function that frees the disk */
export function fillDisk(store: Store): () => void {
  const { database } = store as unknown as { database: Database };
  const pages = Number(database.pragma('page_count', { simple: true }));
  database.pragma(`max_page_count = ${pages}`);
  return () => void database.pragma('max_page_count = 1000000');
}

/** Refuses writes to the database of a store, as on a disk that was mounted read-only. @returns a function that ends it */
export function makeReadOnly(store: Store): () => void {
  const { database } = store as unknown as { database: Database };
  database.pragma('query_only = ON');
  return () => void database.pragma('query_only = OFF');
}
