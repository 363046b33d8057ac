import type { RunQueue } from '../runs/queue';
import type { Store } from '../store';
import type { TaskDoer } from '../tasks/types';
import type { EngineEvents } from './events';
import type { Uploads } from './uploads';

/** What handlers work with. */
export interface EngineContext {
  readonly store: Store;
  readonly queue: RunQueue;
  /** For models, data and measurements. */
  readonly tasks: TaskDoer;
  /** For figures, which should not wait behind a large checkpoint. */
  readonly drawing: TaskDoer;
  readonly events: EngineEvents;
  readonly uploads: Uploads;
  readonly host: 'electron' | 'browser';
  readonly version: string;
  /** Folders outside the library whose files a window may name. */
  readonly folders: readonly string[];
}
