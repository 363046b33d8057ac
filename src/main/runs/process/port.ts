import type { FromRun, ToRun } from '../types';

/** The way to whoever started this process: Node's channel of a forked child, or Electron's port of a utility process. */
export interface ParentPort {
  onMessage(listener: (message: ToRun) => void): void;
  send(message: FromRun): void;
  /** Calls `done` once every message is on its way. */
  flush(done: () => void): void;
}

/** What Electron adds to `process` in a utility process. */
interface ElectronPort {
  on(name: 'message', listener: (event: { readonly data: unknown }) => void): void;
  postMessage(message: unknown): void;
}

/** @throws Error when this process was not started by another */
export function parentPort(): ParentPort {
  const electron = (process as unknown as { parentPort?: ElectronPort }).parentPort;
  if (electron !== undefined) {
    return {
      onMessage: (listener) => electron.on('message', ({ data }) => listener(data as ToRun)),
      send: (message) => electron.postMessage(message),
      // The port does not say when a message has left, and goes down with the process: give it time.
      flush: (done) => void setTimeout(done, 100),
    };
  }
  if (process.send === undefined) throw new Error('A run process is started by Bracket itself.');
  // A parent that is gone cannot be told anything, and whoever comes next starts a process of its own from the snapshot.
  process.once('disconnect', () => process.exit(1));
  let waiting = 0;
  let flushed: (() => void) | undefined;
  return {
    onMessage: (listener) => void process.on('message', (message) => listener(message as ToRun)),
    send(message) {
      waiting += 1;
      process.send?.(message, undefined, undefined, () => {
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
