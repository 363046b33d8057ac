import { onScopeDispose, ref, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue';
import type { RunOutline, RunRow } from '../../../shared/runRecord';
import { isCancelled } from '../../errors';
import { useRuns } from '../../stores/runs';

/** What is compared of several runs: read at once, and again for those whose row has changed. One call is under way at a time. */
export function useRunOutlines(rows: ComputedRef<readonly RunRow[]>): {
  outlines: ShallowRef<ReadonlyMap<string, RunOutline>>;
  error: Ref<unknown>;
  retry: () => void;
} {
  const runs = useRuns();
  const outlines = shallowRef<ReadonlyMap<string, RunOutline>>(new Map());
  const error = ref<unknown>();
  const controller = new AbortController();
  const seen = new Map<string, RunRow>();
  const wanted = new Set<string>();
  let reading = false;

  async function read(): Promise<void> {
    if (reading) return;
    reading = true;
    try {
      while (wanted.size > 0) {
        const ids = [...wanted];
        wanted.clear();
        const read = await runs.getMany(ids, controller.signal);
        outlines.value = new Map([...outlines.value, ...read.map((outline) => [outline.id, outline] as const)]);
      }
    } catch (caught) {
      if (!isCancelled(caught)) error.value = caught;
    } finally {
      reading = false;
    }
  }

  function look(): void {
    for (const row of rows.value) {
      const before = seen.get(row.id);
      if (before !== undefined && before.status === row.status && before.gap === row.gap) continue;
      seen.set(row.id, row);
      wanted.add(row.id);
    }
    void read();
  }

  watch(rows, look, { immediate: true });
  onScopeDispose(() => controller.abort());

  return {
    outlines,
    error,
    retry: () => {
      error.value = undefined;
      seen.clear();
      look();
    },
  };
}
