import type { RunRow } from '../../shared/runRecord';
import { changedSince, type Store } from '../store';

/** Between two looks, milliseconds: one is a single page of the database. */
const interval = 1000;

/** Clocks of two processes are the same, but a row is written a little after its time was taken. */
const slack = 6000;

/**
 * Tells what other processes, runs in terminals, change in the store.
 * @returns a function that ends it
 */
export function watchOthers(
  store: Store,
  listener: (changes: { readonly rows: readonly RunRow[]; readonly removed: readonly string[] }) => void,
): () => void {
  let version = store.foreignVersion();
  let looked = Date.now();
  const timer = setInterval(() => {
    const now = Date.now();
    try {
      const current = store.foreignVersion();
      if (current === version) return;
      version = current;
      listener(changedSince(store, looked - slack));
      looked = now;
    } catch {
      // A folder that is gone for a moment, on a network: the next look may work, and every write says so itself.
    }
  }, interval);
  timer.unref();
  return () => clearInterval(timer);
}
