export { drive, type DriveOptions } from './driver';
export { nodeSpawner } from './nodeSpawner';
export { startQueue, type CreateOptions, type QueueEvents, type QueueOptions, type RunQueue } from './queue';
export type { FromRun, RunChild, Spawner, ToRun } from './types';
