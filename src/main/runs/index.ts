export type { QueueEvents } from './announcer';
export { drive, type DriveOptions } from './driver';
export { execute, type Execution } from './execute';
export { nodeSpawner } from './nodeSpawner';
export { startQueue, type CreateOptions, type QueueOptions, type RunQueue } from './queue';
export { reclaimRuns } from './reclaim';
export { Recorder } from './recorder';
export type { FromRun, RunChild, RunEnding, RunOrder, Spawner, ToRun } from './types';
