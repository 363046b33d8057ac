import { onScopeDispose, ref, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue';
import type { RunDetail, RunRow } from '../../../shared/runRecord';
import { isCancelled } from '../../errors';
import { useRuns } from '../../stores/runs';

/** Calls under way at a time. */
const parallel = 6;
/** Milliseconds. */
const gathering = 120;

/** Everything about each of several runs, read once, and again when a run's row has changed. */
export function useRunDetails(rows: ComputedRef<readonly RunRow[]>): {
  details: ShallowRef<ReadonlyMap<string, RunDetail>>;
  error: Ref<unknown>;
  retry: () => void;
} {
  const runs = useRuns();
  const details = shallowRef<ReadonlyMap<string, RunDetail>>(new Map());
  const error = ref<unknown>();
  const controller = new AbortController();
  const wanted: RunRow[] = [];
  let working = 0;

  /** What came in waits a moment for more, so that a hundred answers do not draw a hundred times. */
  const arrived = new Map<string, RunDetail>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  function deliver(detail: RunDetail): void {
    arrived.set(detail.row.id, detail);
    timer ??= setTimeout(() => {
      timer = undefined;
      details.value = new Map([...details.value, ...arrived]);
      arrived.clear();
    }, gathering);
  }

  async function work(): Promise<void> {
    working += 1;
    for (let row = wanted.shift(); row !== undefined; row = wanted.shift()) {
      try {
        deliver(await runs.get(row.id, controller.signal));
      } catch (caught) {
        if (isCancelled(caught)) break;
        error.value = caught;
      }
    }
    working -= 1;
  }

  const seen = new Map<string, RunRow>();
  function read(): void {
    for (const row of rows.value) {
      const before = seen.get(row.id);
      if (before !== undefined && before.status === row.status && before.gap === row.gap) continue;
      seen.set(row.id, row);
      wanted.push(row);
    }
    while (working < parallel && wanted.length > working) void work();
  }

  watch(rows, read, { immediate: true });
  onScopeDispose(() => {
    controller.abort();
    clearTimeout(timer);
  });

  return {
    details,
    error,
    retry: () => {
      error.value = undefined;
      seen.clear();
      read();
    },
  };
}
