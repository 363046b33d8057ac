import { useEventListener, useThrottleFn } from '@vueuse/core';
import { computed, onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue';
import { RpcError } from '../../../shared/rpc';
import type { CurvePoint, RunDetail, RunLive, RunPoint, RunRow } from '../../../shared/runRecord';
import { engine } from '../../engine';
import { isCancelled } from '../../errors';
import { useRuns } from '../../stores/runs';

export type DetailState = 'loading' | 'ready' | 'failed' | 'gone';

export interface UsedRunDetail {
  readonly state: Readonly<Ref<DetailState>>;
  readonly error: Readonly<Ref<unknown>>;
  readonly detail: Readonly<Ref<RunDetail | null>>;
  /** As the list of runs has it, which is newer than the detail. */
  readonly row: Readonly<Ref<RunRow | null>>;
  readonly live: Readonly<Ref<RunLive | null>>;
  /** Those of the detail and those that came since. */
  readonly points: Readonly<Ref<readonly RunPoint[]>>;
  /** Likewise. */
  readonly curves: Readonly<Ref<readonly CurvePoint[]>>;
  reload(): Promise<void>;
  /** Puts a deleted run back. */
  restore(): Promise<void>;
}

/** Between two readings of a run that another process computes, milliseconds. */
const lookInterval = 4000;

/** Everything about the run on show: read once, again when its status changes, and followed while it computes. */
export function useRunDetail(id: () => string): UsedRunDetail {
  const runs = useRuns();
  const state = ref<DetailState>('loading');
  const error = ref<unknown>();
  const detail = shallowRef<RunDetail | null>(null);
  const points = shallowRef<readonly RunPoint[]>([]);
  const curves = shallowRef<readonly CurvePoint[]>([]);
  const row = computed(() => runs.byId.get(id()) ?? detail.value?.row ?? null);
  const live = computed(() => (row.value?.status === 'running' ? (runs.live.get(id()) ?? null) : null));
  let reading: AbortController | undefined;

  async function reload(): Promise<void> {
    reading?.abort();
    const controller = new AbortController();
    reading = controller;
    if (state.value !== 'ready') state.value = 'loading';
    try {
      const read = await runs.get(id(), controller.signal);
      detail.value = read;
      points.value = read.points;
      curves.value = read.curves;
      state.value = 'ready';
    } catch (caught) {
      if (controller.signal.aborted || isCancelled(caught)) return;
      error.value = caught;
      if (caught instanceof RpcError && caught.code === 'not-found') state.value = 'gone';
      else if (detail.value === null) state.value = 'failed';
    }
  }

  async function restore(): Promise<void> {
    await engine.call('runs.restore', { ids: [id()] });
    await reload();
  }

  watch(
    id,
    () => {
      detail.value = null;
      points.value = [];
      curves.value = [];
      state.value = 'loading';
      void reload();
    },
    { immediate: true },
  );
  watch(
    () => runs.byId.get(id())?.status,
    (status, before) => {
      if (status !== undefined && before !== status && state.value !== 'loading') void reload();
      else if (status === undefined && before !== undefined) state.value = 'gone';
    },
  );

  // A run of another process, a terminal's, sends no updates: that it goes on is all that its row says.
  const lookAgain = useThrottleFn(() => void reload(), lookInterval, true);
  watch(
    () => runs.byId.get(id())?.progress,
    () => {
      if (row.value?.status === 'running' && !runs.live.has(id())) void lookAgain();
    },
  );

  const stopLive = engine.on('runs.live', (updates) => {
    const learned = updates.flatMap((update) =>
      update.id === id() && update.curve !== undefined ? [update.curve] : [],
    );
    if (learned.length > 0) {
      const seen = new Set(curves.value.map(placeOf));
      curves.value = [...curves.value, ...learned.filter((point) => !seen.has(placeOf(point)))];
    }
    const fresh = updates.flatMap((update) => (update.id === id() && update.point !== undefined ? [update.point] : []));
    if (fresh.length === 0) return;
    const known = new Set(points.value.map(keyOf));
    points.value = [...points.value, ...fresh.filter((point) => !known.has(keyOf(point)))];
    // The log has grown as well.
    void reload();
  });
  const stopState = engine.onState(({ status }) => {
    if (status === 'connected') void reload();
  });
  // A tab that slept may have missed something.
  useEventListener(document, 'visibilitychange', () => {
    if (!document.hidden && row.value?.status === 'running') void reload();
  });
  onScopeDispose(() => {
    reading?.abort();
    stopLive();
    stopState();
  });

  return { state, error, detail, row, live, points, curves, reload, restore };
}

function keyOf({ temperatures, seconds }: RunPoint): string {
  return `${temperatures}|${seconds}`;
}

function placeOf({ component, iteration }: CurvePoint): string {
  return `${component}|${iteration}`;
}
