import type { CurvePoint, RunLive, RunPoint } from '../../shared/runRecord';
import { formatDuration } from '../../shared/format';
import {
  addCurvePoint,
  addLog,
  addPoint,
  adoptArtifact,
  endRun,
  setEnvironment,
  setImages,
  setProgress,
  setStatus,
  type Store,
} from '../store';
import { adoptModel } from './adoptModel';
import { removeSnapshot } from './snapshot';
import type { FromRun } from './types';

/** Between two writes of the progress alone, milliseconds. */
const progressInterval = 1000;

/** What was new in a message. */
export interface Recorded {
  readonly point?: RunPoint;
  readonly curve?: CurvePoint;
  readonly images?: RunLive['images'];
  /** Whether the run's row shows something else now. */
  readonly changed: boolean;
}

/** Keeps what a run tells in the store, before anybody is shown it. */
export class Recorder {
  private readonly store: Store;
  private readonly run: string;
  private last = 0;
  private waiting: Extract<FromRun, { type: 'progress' }> | undefined;

  constructor(store: Store, run: string) {
    this.store = store;
    this.run = run;
  }

  /** @throws StoreError when it could not be kept */
  record(message: FromRun): Recorded {
    const { store, run } = this;
    switch (message.type) {
      case 'environment':
        setEnvironment(store, run, message.environment);
        return { changed: false };
      case 'progress':
        this.waiting = message;
        if (Date.now() - this.last >= progressInterval) this.flush();
        return { changed: false };
      case 'point': {
        const isNew = addPoint(store, run, message.number, message.point);
        return isNew ? { point: message.point, changed: true } : { changed: false };
      }
      case 'curve': {
        const isNew = addCurvePoint(store, run, message.number, message.curve);
        return { changed: false, ...(isNew ? { curve: message.curve } : {}) };
      }
      case 'images':
        setImages(store, run, message.images);
        return { changed: false, images: message.images };
      case 'log':
        addLog(store, run, message.text, message.number);
        return { changed: false };
      case 'ended': {
        const { result } = message;
        this.flush();
        store.write(() => {
          endRun(store, run, result);
          for (const artifact of result.artifacts) adoptArtifact(store, run, artifact);
          adoptModel(store, run, result);
          addLog(store, run, endingText(result.status, result.seconds, result.error));
        });
        // What failed may go on once its cause is gone.
        if (result.status !== 'failed') removeSnapshot(store.snapshot(run));
        return { changed: true };
      }
      case 'paused':
        this.flush();
        this.stop('paused', `Paused after ${formatDuration(message.seconds)}.`, null);
        return { changed: true };
      case 'refused':
        this.flush();
        this.stop('failed', message.message, message.message);
        return { changed: true };
    }
  }

  /** The run has stopped without a result. */
  stop(status: 'paused' | 'interrupted' | 'failed' | 'cancelled', text: string, error: string | null): void {
    const { store, run } = this;
    const ended = status === 'failed' || status === 'cancelled' ? Date.now() : null;
    store.write(() => {
      setStatus(store, run, status, { error, ended });
      addLog(store, run, text);
    });
    if (status === 'cancelled') removeSnapshot(store.snapshot(run));
  }

  private flush(): void {
    if (this.waiting !== undefined) setProgress(this.store, this.run, this.waiting);
    this.waiting = undefined;
    this.last = Date.now();
  }
}

function endingText(status: string, seconds: number, error: string | undefined): string {
  const took = formatDuration(seconds);
  if (status === 'done') return `Done in ${took}.`;
  return `${status === 'cancelled' ? 'Cancelled' : 'Failed'} after ${took}${error === undefined ? '.' : `: ${error}`}`;
}
