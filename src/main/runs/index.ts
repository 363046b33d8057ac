/** The queue and what it needs. Computing (`execute.ts`, `driver.ts`) is imported by itself, only where it happens: it loads the tensor layer. */
export type { QueueEvents } from './announcer';
export { nodeSpawner } from './nodeSpawner';
export { startQueue, type CreateOptions, type QueueOptions, type RunQueue } from './queue';
export { reclaimRuns } from './reclaim';
export { Recorder } from './recorder';
export type { FromRun, RunChild, RunEnding, RunOrder, Spawner, ToRun } from './types';
