import { defineStore } from 'pinia';
import { computed, shallowReactive, shallowRef } from 'vue';
import { mostOutlines, type Params } from '../../shared/rpc';
import { formatPlural } from '../../shared/format';
import type { RunImages } from '../../shared/result';
import type { RunDetail, RunLive, RunOutline, RunRow, RunStatus } from '../../shared/runRecord';
import { engine } from '../engine';
import { useLoading } from './loading';
import { useNotices } from './notices';

const activeStatuses: readonly RunStatus[] = ['queued', 'running'];

/** Whether a run computes or waits for its turn. */
export function isActive(status: RunStatus): boolean {
  return activeStatuses.includes(status);
}

/** Whether a run may still give more than it has: it computes, waits, or can be resumed. */
export function isOpen(status: RunStatus): boolean {
  return isActive(status) || status === 'paused' || status === 'interrupted';
}

/** All runs, by id, as the engine tells them. Rows change when something lasting does; `live` several times a second. */
export const useRuns = defineStore('runs', () => {
  const notices = useNotices();
  const byId = shallowRef<ReadonlyMap<string, RunRow>>(new Map());
  /** Newest first. */
  const rows = computed<readonly RunRow[]>(() => [...byId.value.values()].sort((a, b) => b.created - a.created));
  const live = shallowReactive(new Map<string, RunLive>());
  /** The last pictures of models that are being trained: only some updates bring new ones, and a pause takes none away. */
  const images = shallowReactive(new Map<string, readonly RunImages[]>());
  const running = computed(() => rows.value.filter((row) => row.status === 'running').length);
  const queued = computed(() => rows.value.filter((row) => row.status === 'queued').length);
  /** Every tag in use, most used first. */
  const tags = computed<readonly string[]>(() => {
    const counts = new Map<string, number>();
    for (const row of rows.value) for (const tag of row.tags) counts.set(tag, (counts.get(tag) ?? 0) + 1);
    return [...counts].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0])).map(([tag]) => tag);
  });

  const loading = useLoading(async () => {
    const list = await engine.call('runs.list', {});
    byId.value = new Map(list.map((row) => [row.id, row]));
  });

  function apply(changed: readonly RunRow[], removed: readonly string[]): void {
    const next = new Map(byId.value);
    for (const id of removed) {
      next.delete(id);
      live.delete(id);
      images.delete(id);
    }
    for (const row of changed) {
      next.set(row.id, row);
      if (!isActive(row.status)) live.delete(row.id);
    }
    byId.value = next;
  }

  engine.on('runs.changed', ({ rows: changed, removed }) => apply(changed, removed));
  engine.on('runs.live', (updates) => {
    for (const update of updates) {
      live.set(update.id, update);
      if (update.images !== undefined) images.set(update.id, update.images);
    }
  });

  /** Everything about one run, read anew. */
  function get(id: string, signal?: AbortSignal): Promise<RunDetail> {
    return engine.call('runs.get', { id }, { signal });
  }

  /** What comparisons need of several runs, in as few calls as can be. Those that are not there are left out. */
  async function getMany(ids: readonly string[], signal?: AbortSignal): Promise<readonly RunOutline[]> {
    const outlines: RunOutline[] = [];
    for (let at = 0; at < ids.length; at += mostOutlines)
      outlines.push(...(await engine.call('runs.getMany', { ids: ids.slice(at, at + mostOutlines) }, { signal })));
    return outlines;
  }

  /** @returns the new run's id */
  async function create(params: Params<'runs.create'>): Promise<string> {
    return (await engine.call('runs.create', params)).id;
  }

  async function attempt(work: Promise<unknown>): Promise<boolean> {
    try {
      await work;
      return true;
    } catch (error) {
      notices.fail(error);
      return false;
    }
  }

  const cancel = (id: string) => attempt(engine.call('runs.cancel', { id }));
  const pause = (id: string) => attempt(engine.call('runs.pause', { id }));
  const resume = (id: string) => attempt(engine.call('runs.resume', { id }));

  /** Takes runs away at once, and offers to put them back. */
  async function remove(ids: readonly string[]): Promise<void> {
    const gone = ids.flatMap((id) => byId.value.get(id) ?? []);
    apply([], ids);
    if (!(await attempt(engine.call('runs.remove', { ids: [...ids] })))) return apply(gone, []);
    const text =
      gone.length === 1 ? `Deleted “${gone[0]?.name}”.` : `Deleted ${formatPlural(gone.length, 'run', 'runs')}.`;
    notices.show(text, { seconds: 12, action: { label: 'Undo', run: () => void restore(gone) } });
  }

  async function restore(gone: readonly RunRow[]): Promise<void> {
    if (await attempt(engine.call('runs.restore', { ids: gone.map(({ id }) => id) }))) apply(gone, []);
  }

  /** Changes name, notes or tags; shown at once, taken back when the engine refuses. */
  async function annotate(id: string, change: Omit<Params<'runs.annotate'>, 'id'>): Promise<void> {
    const before = byId.value.get(id);
    if (before === undefined) return;
    // A list that Vue watches cannot be cloned on its way to the engine.
    const plain = change.tags === undefined ? change : { ...change, tags: [...change.tags] };
    const { name = before.name, notes = before.notes, tags: newTags = before.tags } = plain;
    apply([{ ...before, name, notes, tags: newTags }], []);
    if (!(await attempt(engine.call('runs.annotate', { id, ...plain })))) apply([before], []);
  }

  return {
    byId,
    rows,
    live,
    images,
    running,
    queued,
    tags,
    loadState: loading.state,
    loadError: loading.error,
    ensure: loading.ensure,
    reload: loading.reload,
    get,
    getMany,
    create,
    cancel,
    pause,
    resume,
    remove,
    annotate,
  };
});
