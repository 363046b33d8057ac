import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Store } from './store';

/** How long a deleted run can be had back, milliseconds. */
const keptFor = 30 * 24 * 3600 * 1000;

/** No file takes this long to write, milliseconds. */
const abandonedAfter = 24 * 3600 * 1000;

/** Takes runs out of every list; they can be had back for thirty days. Whoever computes them must have stopped. */
export function removeRuns(store: Store, ids: readonly string[]): void {
  mark(store, ids, Date.now());
}

/** Undoes {@link removeRuns}. */
export function restoreRuns(store: Store, ids: readonly string[]): void {
  mark(store, ids, null);
}

function mark(store: Store, ids: readonly string[], deletedAt: number | null): void {
  store.write(() => {
    const update = store.sql('UPDATE runs SET deleted_at = @deletedAt, updated = @now WHERE id = @id');
    for (const id of ids) update.run({ id, deletedAt, now: Date.now() });
  });
}

/** Removes a run and everything about it for good. */
export function forgetRun(store: Store, id: string): void {
  store.write(() => store.sql('DELETE FROM runs WHERE id = ?').run(id));
  rmSync(store.snapshot(id), { force: true });
}

/** Forgets runs that were deleted long ago, and snapshots of runs that are not there or have ended. */
export function purgeRuns(store: Store, now = Date.now()): void {
  const old = store.read(() =>
    store.sql<{ id: string }>('SELECT id FROM runs WHERE deleted_at < ?').all(now - keptFor),
  );
  for (const { id } of old) forgetRun(store, id);
  const live = store.read(() => store.sql('SELECT 1 FROM runs WHERE id = ? AND status NOT IN (?, ?)'));
  for (const file of readdirSync(join(store.folder, 'snapshots'))) {
    const path = join(store.folder, 'snapshots', file);
    // A temporary file may be in the making.
    if (file.endsWith('.tmp') && statSync(path).mtimeMs < now - abandonedAfter) rmSync(path, { force: true });
    const id = /^([0-9a-f-]+)\.snap$/.exec(file)?.[1];
    if (id !== undefined && live.get(id, 'done', 'cancelled') === undefined)
      rmSync(store.snapshot(id), { force: true });
  }
}
