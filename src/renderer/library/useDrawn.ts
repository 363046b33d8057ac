import { computed, type ComputedRef } from 'vue';
import type { LibraryEntry } from '../stores/library';

/** So many of a list are drawn: it takes the engine a moment for each. */
const most = 24;

/** Which entries of a list show their pictures, by their hashes: the first that have any. */
export function useDrawn(entries: () => readonly LibraryEntry[]): ComputedRef<ReadonlySet<string>> {
  return computed(
    () =>
      new Set(
        entries()
          .slice(0, most)
          .map(({ sha256 }) => sha256),
      ),
  );
}
