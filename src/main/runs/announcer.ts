import type { RunLive, RunRow } from '../../shared/runRecord';
import { findRow, type Store } from '../store';

/** What windows are told. */
export interface QueueEvents {
  /** Rows that were added or changed, and ids that are gone. */
  readonly changed: { readonly rows: readonly RunRow[]; readonly removed: readonly string[] };
  /** At most ten times a second, but for new points, which come at once. */
  readonly live: readonly RunLive[];
  readonly notice: { readonly level: 'info' | 'warning' | 'error'; readonly text: string };
}

type Listeners = { readonly [Name in keyof QueueEvents]: Set<(event: QueueEvents[Name]) => void> };

/** Between two messages about progress, milliseconds. */
const interval = 100;

/** Tells windows what has changed, after it has been kept. */
export class Announcer {
  private readonly store: Store;
  private readonly listeners: Listeners = { changed: new Set(), live: new Set(), notice: new Set() };
  private readonly waiting = new Map<string, RunLive>();
  private timer: NodeJS.Timeout | undefined;

  constructor(store: Store) {
    this.store = store;
  }

  on<Name extends keyof QueueEvents>(name: Name, listener: (event: QueueEvents[Name]) => void): () => void {
    const listeners: Set<(event: QueueEvents[Name]) => void> = this.listeners[name];
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }

  tell<Name extends keyof QueueEvents>(name: Name, event: QueueEvents[Name]): void {
    for (const listener of this.listeners[name]) listener(event);
  }

  /** A run's row, as it is kept now. */
  changed(id: string): void {
    const row = findRow(this.store, id);
    if (row !== undefined) this.tell('changed', { rows: [row], removed: [] });
  }

  /** Where a run stands; only the last of several within a moment is told. */
  live(live: RunLive): void {
    if (live.point !== undefined || live.curve !== undefined || live.images !== undefined) {
      this.waiting.delete(live.id);
      this.tell('live', [live]);
      return;
    }
    this.waiting.set(live.id, live);
    this.timer ??= setTimeout(() => this.flush(), interval);
  }

  close(): void {
    clearTimeout(this.timer);
    for (const listeners of Object.values(this.listeners)) listeners.clear();
  }

  private flush(): void {
    this.timer = undefined;
    if (this.waiting.size > 0) this.tell('live', [...this.waiting.values()]);
    this.waiting.clear();
  }
}
