import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { RunFile } from '../../shared/runFile';
import type { RunLive, RunRow } from '../../shared/runRecord';
import {
  annotateRun,
  claimRun,
  cleanArtifacts,
  ConflictError,
  engineOwner,
  findRow,
  getRow,
  getSettings,
  getSpec,
  idsWithStatus,
  insertRun,
  purgeRuns,
  removeRuns,
  restoreRuns,
  setStatus,
  StoreError,
  takeEngineLock,
  tidyLocks,
  type Lock,
  type Store,
} from '../store';
import { ActiveRun } from './active';
import { Announcer, type QueueEvents } from './announcer';
import { reclaimRuns } from './reclaim';
import type { Spawner } from './types';
import { watchOthers } from './watchOthers';

export interface QueueOptions {
  readonly store: Store;
  readonly spawner: Spawner;
  /** At most one snapshot in as many seconds. */
  readonly snapshotSeconds?: number;
}

export interface CreateOptions {
  readonly spec: RunFile;
  /** Relative paths in the run file start here; absolute itself. */
  readonly directory: string;
  readonly recipe?: string | undefined;
  readonly tags?: readonly string[] | undefined;
}

/** Often enough that a crash costs little, seldom enough that the disk is quiet. */
const defaultSnapshotSeconds = 10;

/** How long closing waits for snapshots, milliseconds. */
const closingPatience = 15_000;

/** The one queue of an engine process. Use {@link startQueue}. */
export class RunQueue {
  private readonly store: Store;
  private readonly options: QueueOptions;
  private readonly lock: Lock;
  private readonly announcer: Announcer;
  private readonly active = new Map<string, ActiveRun>();
  private readonly stopWatching: () => void;
  private parallel: number;
  private closing = false;

  constructor(options: QueueOptions, lock: Lock) {
    this.options = options;
    this.store = options.store;
    this.lock = lock;
    this.announcer = new Announcer(options.store);
    this.parallel = getSettings(options.store).parallelRuns;
    this.stopWatching = watchOthers(options.store, (changes) => {
      // What this process computes it has announced itself.
      const rows = changes.rows.filter(({ id }) => !this.active.has(id));
      if (rows.length + changes.removed.length > 0) this.announcer.tell('changed', { ...changes, rows });
      this.fill();
    });
    this.fill();
  }

  /** Queues a run. @returns its id */
  create({ spec, directory, recipe, tags }: CreateOptions): string {
    const id = randomUUID();
    const row = insertRun(this.store, { id, spec, directory, recipe, tags });
    this.announcer.tell('changed', { rows: [row], removed: [] });
    this.fill();
    return id;
  }

  /** Stops a run so that it can go on later. @throws NotFoundError, or ConflictError when it does not wait or compute here */
  pause(id: string): void {
    const row = getRow(this.store, id);
    const run = this.active.get(id);
    if (run !== undefined) run.pause();
    else if (row.status === 'queued') this.change(id, 'paused');
    else throw conflict(row, 'paused');
  }

  /** Queues a run again that was stopped on its way. @throws NotFoundError, ConflictError */
  resume(id: string): void {
    const row = getRow(this.store, id);
    if (!resumable.includes(row.status) || this.active.has(id)) throw conflict(row, 'resumed');
    setStatus(this.store, id, 'queued', { error: null, ended: null, queued: Date.now() });
    this.announcer.changed(id);
    this.fill();
  }

  /** Stops a run for good; its points stay. @throws NotFoundError, or ConflictError when it has ended */
  cancel(id: string): void {
    const row = getRow(this.store, id);
    const run = this.active.get(id);
    if (run !== undefined) run.cancel();
    else if (row.status === 'queued' || resumable.includes(row.status)) this.change(id, 'cancelled', Date.now());
    else throw conflict(row, 'cancelled');
  }

  /** Deletes runs; those that compute are cancelled first. {@link restore} undoes it. */
  async remove(ids: readonly string[]): Promise<void> {
    const rows = ids.flatMap((id) => findRow(this.store, id) ?? []);
    const foreign = rows.find(({ id, status }) => status === 'running' && !this.active.has(id));
    if (foreign !== undefined) throw conflict(foreign, 'deleted');
    const running = rows.flatMap(({ id }) => this.active.get(id) ?? []);
    for (const run of running) run.cancel();
    await Promise.all(running.map((run) => run.gone));
    for (const { id, status } of rows) if (status === 'queued') this.change(id, 'cancelled', Date.now());
    removeRuns(this.store, ids);
    this.announcer.tell('changed', { rows: [], removed: ids });
  }

  restore(ids: readonly string[]): void {
    restoreRuns(this.store, ids);
    const rows = ids.flatMap((id) => findRow(this.store, id) ?? []);
    this.announcer.tell('changed', { rows, removed: [] });
  }

  annotate(
    id: string,
    change: {
      readonly name?: string | undefined;
      readonly notes?: string | undefined;
      readonly tags?: readonly string[] | undefined;
    },
  ): RunRow {
    const row = annotateRun(this.store, id, change);
    this.announcer.tell('changed', { rows: [row], removed: [] });
    return row;
  }

  /** How many runs compute at once; those that compute already go on. */
  setParallel(count: number): void {
    this.parallel = count;
    this.fill();
  }

  /** The runs that compute now. */
  live(): RunLive[] {
    return [...this.active.values()].map((run) => run.live());
  }

  /** @returns a function that ends it */
  on<Name extends keyof QueueEvents>(name: Name, listener: (event: QueueEvents[Name]) => void): () => void {
    return this.announcer.on(name, listener);
  }

  /** Pauses what computes and lets go of the data folder; the store stays open. */
  async close(): Promise<void> {
    this.closing = true;
    this.stopWatching();
    const runs = [...this.active.values()];
    for (const run of runs) run.pause();
    const patience = setTimeout(() => {
      for (const run of runs) {
        run.abandon();
        run.kill('Bracket was closed before the run could pause.');
      }
    }, closingPatience);
    await Promise.all(runs.map((run) => run.gone));
    clearTimeout(patience);
    this.announcer.close();
    this.lock.release();
  }

  private change(id: string, status: 'paused' | 'cancelled', ended: number | null = null): void {
    setStatus(this.store, id, status, { ended });
    this.announcer.changed(id);
  }

  /** Starts what waits, as far as there is room. */
  private fill(): void {
    if (this.closing) return;
    try {
      for (const id of idsWithStatus(this.store, 'queued')) {
        if (this.active.size >= this.parallel) return;
        // A terminal may have taken it in the meantime.
        if (claimRun(this.store, id, engineOwner, ['queued'])) this.begin(id);
      }
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      this.announcer.tell('notice', { level: 'error', text: error.message });
    }
  }

  private begin(id: string): void {
    const { spec, directory } = getSpec(this.store, id);
    const row = getRow(this.store, id);
    const snapshot = this.store.snapshot(id);
    const run = new ActiveRun({
      store: this.store,
      announcer: this.announcer,
      child: this.options.spawner(),
      row,
      order: {
        run: id,
        spec,
        directory,
        snapshot,
        artifacts: this.store.artifacts,
        resume: row.seconds > 0 || existsSync(snapshot),
        snapshotSeconds: this.options.snapshotSeconds ?? defaultSnapshotSeconds,
      },
    });
    this.active.set(id, run);
    this.announcer.changed(id);
    void run.gone.then(() => {
      this.active.delete(id);
      this.announcer.changed(id);
      this.fill();
    });
  }
}

const resumable: readonly RunRow['status'][] = ['paused', 'interrupted', 'failed'];

function conflict({ name, status }: RunRow, verb: string): ConflictError {
  if (status === 'running') {
    return new ConflictError(
      name,
      `cannot be ${verb} here: it computes in a terminal`,
      'Press Ctrl-C there to pause it.',
    );
  }
  const state = status === 'done' || status === 'failed' ? `has ended (${status})` : `is ${status}`;
  return new ConflictError(name, `cannot be ${verb}: it ${state}`, 'Start a new run from it instead.');
}

/**
 * Takes the data folder, marks what a killed engine left behind, and starts what is queued.
 * @throws ConflictError when another engine works on the data folder
 */
export function startQueue(options: QueueOptions): RunQueue {
  const { store } = options;
  const lock = takeEngineLock(store);
  try {
    reclaimRuns(store, engineOwner);
    purgeRuns(store);
    cleanArtifacts(store);
    tidyLocks(store);
    return new RunQueue(options, lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}
