import type { RunFile } from '../../shared/runFile';
import type { RunLive, RunRow } from '../../shared/runRecord';
import type { Store } from '../store';
import type { Spawner } from './types';

export interface QueueOptions {
  readonly store: Store;
  readonly spawner: Spawner;
  /** Of this program. */
  readonly version: string;
  /** How many runs compute at once; see {@link RunQueue.setParallel}. */
  readonly parallel?: number;
  /** At most one snapshot in as many seconds. */
  readonly snapshotSeconds?: number;
}

/** What windows are told. */
export interface QueueEvents {
  /** Rows that were added or changed, and ids that are gone. */
  readonly changed: { readonly rows: readonly RunRow[]; readonly removed: readonly string[] };
  /** At most ten times a second. */
  readonly live: readonly RunLive[];
  readonly notice: { readonly level: 'info' | 'warning' | 'error'; readonly text: string };
}

export interface CreateOptions {
  readonly spec: RunFile;
  readonly directory: string;
  readonly recipe?: string | undefined;
  readonly tags?: readonly string[] | undefined;
}

/** The one queue of an engine process. */
export interface RunQueue {
  /** Queues a run. @returns its id */
  create(options: CreateOptions): string;
  /** @throws NotFoundError, or ConflictError when the run is not queued or running */
  pause(id: string): void;
  /** Queues a paused, interrupted or failed run again. @throws NotFoundError, ConflictError */
  resume(id: string): void;
  /** @throws NotFoundError, or ConflictError when the run has ended */
  cancel(id: string): void;
  /** Deletes runs, cancelling those that compute; {@link restore} undoes it. */
  remove(ids: readonly string[]): Promise<void>;
  restore(ids: readonly string[]): void;
  annotate(
    id: string,
    change: {
      readonly name?: string | undefined;
      readonly notes?: string | undefined;
      readonly tags?: readonly string[] | undefined;
    },
  ): RunRow;
  setParallel(count: number): void;
  /** The runs that compute now. */
  live(): RunLive[];
  /** @returns a function that ends it */
  on<Name extends keyof QueueEvents>(name: Name, listener: (event: QueueEvents[Name]) => void): () => void;
  /** Pauses what computes and lets go of the data folder. */
  close(): Promise<void>;
}

/**
 * Takes the data folder, marks what a killed engine left, and starts what is queued.
 * @throws ConflictError when another engine works on the data folder
 */
export function startQueue(options: QueueOptions): RunQueue {
  throw new Error(`not there yet: ${options.version}`);
}
