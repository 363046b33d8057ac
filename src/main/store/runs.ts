import path from 'node:path';
import { inputFiles, type RunFile } from '../../shared/runFile';
import type { RunRow, RunStatus } from '../../shared/runRecord';
import { describeSpec } from './describeSpec';
import { NotFoundError } from './failures';
import { referToInputs } from './library';
import { rowColumns, rowOf, type RawRun } from './rows';
import type { Store } from './store';
import { allTags, setTags, tagsOf } from './tags';

export interface NewRun {
  readonly id: string;
  /** With every default filled in. */
  readonly spec: RunFile;
  /** Relative paths in the run file start here; absolute itself. */
  readonly directory: string;
  /** The recipe that it was started from. */
  readonly recipe?: string | undefined;
  readonly tags?: readonly string[] | undefined;
}

/** Adds a run to the end of the queue. */
export function insertRun(store: Store, { id, spec, directory, recipe, tags = [] }: NewRun): RunRow {
  const now = Date.now();
  const described = describeSpec(spec, directory);
  return store.write(() => {
    store
      .sql(
        `INSERT INTO runs (id, name, kind, status, model, data, device, seed, temperatures, chains, quantity, family,
           created, queued, recipe, updated, directory, spec)
         VALUES (@id, @name, @kind, 'queued', @model, @data, @device, @seed, @temperatures, @chains, @quantity, @family,
           @now, @now, @recipe, @now, @directory, @spec)`,
      )
      .run({ ...described, id, now, directory, recipe: recipe ?? null, spec: JSON.stringify(spec) });
    store.sql('INSERT INTO run_results (run) VALUES (?)').run(id);
    setTags(store, id, tags);
    referToInputs(
      store,
      id,
      inputFiles(spec).map(({ file }) => path.resolve(directory, file)),
    );
    return getRow(store, id);
  });
}

/** Every run that is not deleted, the newest first. */
export function listRuns(store: Store): RunRow[] {
  return store.read(() => {
    const tags = allTags(store);
    return store
      .sql<RawRun>(`SELECT ${rowColumns} FROM runs WHERE deleted_at IS NULL ORDER BY created DESC, rowid DESC`)
      .all()
      .map((raw) => rowOf(raw, tags.get(raw.id) ?? []));
  });
}

/** @throws NotFoundError for a run that is not there or was deleted */
export function getRow(store: Store, id: string): RunRow {
  const row = findRow(store, id);
  if (row === undefined) throw new NotFoundError(`run ${id}`, 'is not in the history', 'Look at the list of runs.');
  return row;
}

export function findRow(store: Store, id: string): RunRow | undefined {
  return store.read(() => {
    const raw = store.sql<RawRun>(`SELECT ${rowColumns} FROM runs WHERE id = ? AND deleted_at IS NULL`).get(id);
    return raw === undefined ? undefined : rowOf(raw, tagsOf(store, id));
  });
}

/** The ids of runs that begin like this, at most `limit`. */
export function findRunIds(store: Store, prefix: string, limit = 10): string[] {
  return store.read(() =>
    store
      .sql<{ id: string }>(
        'SELECT id FROM runs WHERE substr(id, 1, length(@prefix)) = @prefix AND deleted_at IS NULL ORDER BY created DESC LIMIT @limit',
      )
      .all({ prefix: prefix.toLowerCase(), limit })
      .map(({ id }) => id),
  );
}

/** What a run was started with. */
export function getSpec(store: Store, id: string): { readonly spec: RunFile; readonly directory: string } {
  const raw = store.read(() =>
    store.sql<{ spec: string; directory: string }>('SELECT spec, directory FROM runs WHERE id = ?').get(id),
  );
  if (raw === undefined) throw new NotFoundError(`run ${id}`, 'is not in the history', 'Look at the list of runs.');
  return { spec: JSON.parse(raw.spec) as RunFile, directory: raw.directory };
}

/** Runs that stand like this, in the order in which they were queued. */
export function idsWithStatus(store: Store, status: RunStatus): string[] {
  return store.read(() =>
    store
      .sql<{ id: string }>('SELECT id FROM runs WHERE status = ? AND deleted_at IS NULL ORDER BY queued, rowid')
      .all(status)
      .map(({ id }) => id),
  );
}

/** The runs that compute now, or did when their process ended. */
export function ownersOfRunning(store: Store): { readonly id: string; readonly owner: string | null }[] {
  return store.read(() =>
    store.sql<{ id: string; owner: string | null }>("SELECT id, owner FROM runs WHERE status = 'running'").all(),
  );
}

/** Rows that any process has changed since a moment (milliseconds since 1970), and runs that were deleted since. */
export function changedSince(store: Store, since: number): { readonly rows: RunRow[]; readonly removed: string[] } {
  return store.read(() => {
    const changed = store
      .sql<RawRun & { deleted_at: number | null }>(`SELECT ${rowColumns}, deleted_at FROM runs WHERE updated >= ?`)
      .all(since);
    return {
      rows: changed.filter((raw) => raw.deleted_at === null).map((raw) => rowOf(raw, tagsOf(store, raw.id))),
      removed: changed.filter((raw) => raw.deleted_at !== null).map((raw) => raw.id),
    };
  });
}

/** The newest run that was started from a recipe. */
export function lastRunOfRecipe(store: Store, recipe: string): string | null {
  return store.read(
    () =>
      store
        .sql<{ id: string }>(
          'SELECT id FROM runs WHERE recipe = ? AND deleted_at IS NULL ORDER BY created DESC, rowid DESC LIMIT 1',
        )
        .get(recipe)?.id ?? null,
  );
}

/** Changes what a person writes about a run. */
export function annotateRun(
  store: Store,
  id: string,
  change: {
    readonly name?: string | undefined;
    readonly notes?: string | undefined;
    readonly tags?: readonly string[] | undefined;
  },
): RunRow {
  return store.write(() => {
    getRow(store, id);
    store
      .sql(
        'UPDATE runs SET name = coalesce(@name, name), notes = coalesce(@notes, notes), updated = @now WHERE id = @id',
      )
      .run({ id, name: change.name ?? null, notes: change.notes ?? null, now: Date.now() });
    if (change.tags !== undefined) setTags(store, id, change.tags);
    return getRow(store, id);
  });
}
