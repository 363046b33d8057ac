import type { RunLive, RunRow } from '../runRecord';
import type { EventName, Events } from './messages';

/** At most ten messages a second of each kind. */
const interval = 100;
/** A window that reads slower than this much is told the sum of what happened later, not every step of it. */
const mostBacklog = 2 ** 20;
const mostNotices = 20;

type Still = Pick<RunLive, 'status' | 'progress'>;

type Queue<E extends EventName> = readonly Events[E][];

/** How a payload joins those of its kind that still wait: what a later one makes stale is dropped. */
const merges: { readonly [E in EventName]: (waiting: Queue<E>, next: Events[E]) => Queue<E> } = {
  'runs.changed': ([waiting], next) => [waiting === undefined ? next : mergeChanges(waiting, next)],
  'runs.live': ([waiting], next) => [waiting === undefined ? next : mergeLive(waiting, next)],
  'models.changed': (_waiting, next) => [next],
  'datasets.changed': (_waiting, next) => [next],
  'settings.changed': (_waiting, next) => [next],
  'system.changed': (_waiting, next) => [next],
  notice: (waiting, next) =>
    waiting.some(({ text }) => text === next.text) ? waiting : [...waiting, next].slice(-mostNotices),
};

/** The latest row of each run, and runs that are gone: the last word on an id wins. */
function mergeChanges(waiting: Events['runs.changed'], next: Events['runs.changed']): Events['runs.changed'] {
  const rows = new Map<string, RunRow>(waiting.rows.map((row) => [row.id, row]));
  const removed = new Set(waiting.removed);
  for (const id of next.removed) {
    rows.delete(id);
    removed.add(id);
  }
  for (const row of next.rows) {
    rows.set(row.id, row);
    removed.delete(row.id);
  }
  return { rows: [...rows.values()], removed: [...removed] };
}

/** The latest of each run and its latest images, and every update that carries a point of a plot, since a point is sent only once. */
function mergeLive(waiting: readonly RunLive[], next: readonly RunLive[]): readonly RunLive[] {
  const all = [...waiting, ...next];
  const last = new Map(all.map((update, index) => [update.id, index]));
  const shown = new Map(all.flatMap(({ id, images }, index) => (images === undefined ? [] : [[id, index] as const])));
  return all.filter(
    (update, index) => hasPoint(update) || last.get(update.id) === index || shown.get(update.id) === index,
  );
}

function hasPoint({ point, curve }: RunLive): boolean {
  return point !== undefined || curve !== undefined;
}

export interface OutboxOptions {
  readonly send: (name: EventName, payload: unknown) => void;
  readonly backlog?: (() => number) | undefined;
}

/** Events on their way to one window: the first goes at once, what follows within a tenth of a second is merged and goes then. */
export class Outbox {
  private readonly options: OutboxOptions;
  private readonly waiting = new Map<EventName, readonly unknown[]>();
  private readonly timers = new Map<EventName, ReturnType<typeof setTimeout>>();
  /** Runs that do not compute, as windows were told last. */
  private readonly still = new Map<string, Still>();

  constructor(options: OutboxOptions) {
    this.options = options;
  }

  push<E extends EventName>(name: E, payload: Events[E]): void {
    const waiting = (this.waiting.get(name) ?? []) as Queue<E>;
    this.waiting.set(name, merges[name](waiting, payload));
    if (name === 'runs.changed') this.note(payload as Events['runs.changed']);
    if (!this.timers.has(name)) this.flush(name);
  }

  close(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
    this.waiting.clear();
  }

  private note({ rows, removed }: Events['runs.changed']): void {
    for (const id of removed) this.still.delete(id);
    for (const { id, status, progress } of rows) {
      if (status === 'running' || status === 'queued') this.still.delete(id);
      else this.still.set(id, { status, progress });
    }
  }

  /** The last word on a run is its row: an update that was overtaken by it keeps its point and nothing else. */
  private current(updates: readonly RunLive[]): readonly RunLive[] {
    return updates.flatMap((update) => {
      const still = this.still.get(update.id);
      if (still === undefined) return [update];
      return !hasPoint(update) ? [] : [{ ...update, ...still, eta: null }];
    });
  }

  private flush(name: EventName): void {
    this.timers.delete(name);
    const [next, ...rest] = this.waiting.get(name) ?? [];
    if (next === undefined) return;
    const busy = (this.options.backlog?.() ?? 0) > mostBacklog;
    if (!busy) {
      this.waiting.set(name, rest);
      this.send(name, next);
    }
    this.timers.set(
      name,
      setTimeout(() => this.flush(name), interval),
    );
  }

  private send(name: EventName, payload: unknown): void {
    if (name !== 'runs.live') return this.options.send(name, payload);
    const updates = this.current(payload as readonly RunLive[]);
    if (updates.length > 0) this.options.send(name, updates);
  }
}
