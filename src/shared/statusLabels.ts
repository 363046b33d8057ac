import type { RunStatus } from './runRecord';

/** A status in words. */
export const statusLabels: Readonly<Record<RunStatus, string>> = {
  queued: 'Queued',
  running: 'Running',
  paused: 'Paused',
  interrupted: 'Interrupted',
  done: 'Done',
  failed: 'Failed',
  cancelled: 'Cancelled',
};
