import type { FromRun, ToRun } from '../types';

/** The way to whoever started this process. */
export interface ParentPort {
  onMessage(listener: (message: ToRun) => void): void;
  send(message: FromRun): void;
  /** Calls `done` once every message is on its way. */
  flush(done: () => void): void;
}

/** What a forked process has of Node's channel to its parent. */
export interface ForkedProcess {
  send?(message: unknown, handle: undefined, options: undefined, sent: (error: Error | null) => void): boolean;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  once(event: 'disconnect', listener: () => void): unknown;
  exit(code: number): void;
}

/**
 * The parent of a process that was forked, by Node or by Electron standing in for it.
 * @throws Error when this process was not started by another
 */
export function parentPort(forked: ForkedProcess = process): ParentPort {
  if (forked.send === undefined) throw new Error('A run process is started by Bracket itself.');
  // A parent that is gone cannot be told anything, and whoever comes next starts a process of its own from the snapshot.
  forked.once('disconnect', () => forked.exit(1));
  let waiting = 0;
  let flushed: (() => void) | undefined;
  return {
    onMessage: (listener) => void forked.on('message', (message) => listener(message as ToRun)),
    send(message) {
      waiting += 1;
      forked.send?.(message, undefined, undefined, () => {
        waiting -= 1;
        if (waiting === 0) flushed?.();
      });
    },
    flush(done) {
      flushed = done;
      if (waiting === 0) done();
    },
  };
}
