import { writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { nodeSpawner, startQueue } from '../../src/main/runs';
import { idsWithStatus, listRuns, openStore } from '../../src/main/store';
import type { RunFile } from '../../src/shared/runFile';

// As little of an engine as there can be: it goes on with what was interrupted, else starts a run, and prints what a window would show.
globalThis.require = createRequire(import.meta.url);
const [folder = '', runProcess = '', specText = '', directory = ''] = process.argv.slice(2);

/** What this program prints, a line each. */
export type Shown =
  | { readonly type: 'ready'; readonly interrupted: readonly string[] }
  | { readonly type: 'refused'; readonly message: string }
  | {
      readonly type: 'row';
      readonly id: string;
      readonly status: string;
      readonly lower: unknown;
      readonly upper: unknown;
    }
  | { readonly type: 'point'; readonly id: string; readonly point: unknown };

// Written at once: what a killed process had in a buffer was never shown.
const show = (shown: Shown): void => void writeSync(1, `${JSON.stringify(shown)}\n`);

try {
  const store = openStore(folder);
  const queue = startQueue({ store, spawner: nodeSpawner(runProcess), snapshotSeconds: 0.05 });
  const interrupted = idsWithStatus(store, 'interrupted');
  queue.on('changed', ({ rows }) => {
    for (const { id, status, lower, upper } of rows) show({ type: 'row', id, status, lower, upper });
  });
  queue.on('live', (runs) => {
    for (const { id, point } of runs) if (point !== undefined) show({ type: 'point', id, point });
  });
  for (const id of interrupted) queue.resume(id);
  if (listRuns(store).every(({ status }) => status === 'done')) {
    queue.create({ spec: JSON.parse(specText) as RunFile, directory });
  }
  // Last of all: whoever waits for this may count on the run being there.
  show({ type: 'ready', interrupted });
  process.on('SIGTERM', () => {
    void queue.close().then(() => {
      store.close();
      process.exit(0);
    });
  });
  setInterval(() => undefined, 1000);
} catch (error) {
  show({ type: 'refused', message: error instanceof Error ? error.message : String(error) });
}
