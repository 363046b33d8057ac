import type { Store } from './store';

/** The tags of every run that has some. */
export function allTags(store: Store): Map<string, string[]> {
  const tags = new Map<string, string[]>();
  for (const { run, tag } of store
    .sql<{ run: string; tag: string }>('SELECT run, tag FROM run_tags ORDER BY run, position')
    .iterate()) {
    const list = tags.get(run);
    if (list === undefined) tags.set(run, [tag]);
    else list.push(tag);
  }
  return tags;
}

export function tagsOf(store: Store, run: string): string[] {
  return store
    .sql<{ tag: string }>('SELECT tag FROM run_tags WHERE run = ? ORDER BY position')
    .all(run)
    .map(({ tag }) => tag);
}

/** Within a transaction. A tag given twice is kept once. */
export function setTags(store: Store, run: string, tags: readonly string[]): void {
  store.sql('DELETE FROM run_tags WHERE run = ?').run(run);
  for (const [position, tag] of [...new Set(tags)].entries()) {
    store.sql('INSERT INTO run_tags (run, position, tag) VALUES (?, ?, ?)').run(run, position, tag);
  }
}
