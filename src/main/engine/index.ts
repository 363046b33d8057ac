import { join } from 'node:path';
import { serveCalls, type Connection, type Handlers, type ServerTransport } from '../../shared/rpc';
import { packageRoot } from '../resources/packageRoot';
import { nodeSpawner } from '../runs/nodeSpawner';
import { startQueue } from '../runs/queue';
import type { Spawner } from '../runs/types';
import { changeSettings, findArtifact, getSettings, models, openStore } from '../store';
import { TaskRunner } from '../tasks/runner';
import type { TaskDoer } from '../tasks/types';
import type { EngineContext } from './context';
import { datasetHandlers } from './datasets';
import { EngineEvents } from './events';
import { addExamples } from './examples';
import { withCodes } from './failures';
import { exportFigure } from './figure';
import { modelHandlers } from './models';
import { listRecipes } from './recipes';
import { runHandlers } from './runs';
import { SystemDescription } from './system';
import { Uploads } from './uploads';

export interface EngineOptions {
  /** The data folder; the user's own when left out. */
  readonly home?: string;
  readonly host: 'electron' | 'browser';
  /** Of snapshots; see `QueueOptions`. */
  readonly snapshotSeconds?: number;
  /** Starts run processes; those of this package by default. */
  readonly spawner?: Spawner;
  /** Does what takes long; by default in processes of this package. */
  readonly tasks?: TaskDoer;
  /** Folders outside the data folder whose files a browser may name. */
  readonly folders?: readonly string[];
  readonly uploadLimit?: number;
  /** Whether to put examples into an empty library; on by default. */
  readonly examples?: boolean;
  /** Send stacks of unexpected errors to the window. */
  readonly debug?: boolean;
  readonly onError?: (what: string, error: unknown) => void;
}

/** Everything behind a window: history, queue, libraries. Windows come and go. */
export interface Engine {
  readonly home: string;
  readonly uploads: Uploads;
  /** For tests and for hosts that are in the same process. */
  readonly handlers: Handlers;
  /** Answers a window until its connection closes. */
  connect(transport: ServerTransport): Connection;
  /** Where the artifact of a hash lies, if it is kept. */
  artifact(sha256: string): string | undefined;
  notify(level: 'info' | 'warning' | 'error', text: string): void;
  /** Pauses what computes and lets go of the data folder. */
  close(): Promise<void>;
}

/** Where the built programs lie that the engine starts. */
function programs(): string {
  return join(packageRoot().directory, 'out', 'main');
}

/**
 * Opens the data folder and starts the queue.
 * @throws InputError with a sentence when the folder is in use, damaged, or of a newer version
 */
export function createEngine(options: EngineOptions): Engine {
  const { version } = packageRoot();
  const store = openStore(options.home);
  let queue;
  try {
    const spawner = options.spawner ?? nodeSpawner(join(programs(), 'runProcess.js'));
    queue = startQueue({
      store,
      spawner,
      ...(options.snapshotSeconds !== undefined && { snapshotSeconds: options.snapshotSeconds }),
    });
  } catch (error) {
    store.close();
    throw error;
  }
  const events = new EngineEvents();
  const taskEntry = join(programs(), 'taskProcess.js');
  const context: EngineContext = {
    store,
    queue,
    tasks: options.tasks ?? new TaskRunner(taskEntry),
    drawing: options.tasks ?? new TaskRunner(taskEntry),
    events,
    uploads: new Uploads(store.folder, options.uploadLimit),
    host: options.host,
    version,
    folders: options.folders ?? [],
  };
  queue.on('changed', (change) => {
    events.emit('runs.changed', change);
    // What they train is in the library once they have ended.
    if (change.rows.some(({ kind, status }) => kind === 'vae' && status === 'done')) {
      events.emit('models.changed', models.list(store));
    }
  });
  queue.on('live', (live) => events.emit('runs.live', live));
  queue.on('notice', (notice) => events.emit('notice', notice));

  const system = new SystemDescription(context);
  const handlers = handlersOf(context, system);
  let closing: Promise<void> | undefined;
  const failed = (what: string) => (error: unknown) => {
    if (closing === undefined) options.onError?.(what, error);
  };
  void inBackground(context, system, options.examples !== false, failed);

  return {
    home: store.folder,
    uploads: context.uploads,
    handlers,
    connect(transport) {
      const connection = serveCalls(transport, {
        handlers,
        debug: options.debug ?? false,
        onError: (method, error) => options.onError?.(method, error),
      });
      transport.onClose(events.subscribe((name, payload) => connection.send(name, payload)));
      const live = queue.live();
      if (live.length > 0) connection.send('runs.live', live);
      return connection;
    },
    artifact: (sha256) => findArtifact(store, sha256)?.path,
    notify: (level, text) => events.emit('notice', { level, text }),
    close() {
      closing ??= (async () => {
        context.tasks.close();
        context.drawing.close();
        await queue.close();
        store.close();
      })();
      return closing;
    },
  };
}

function handlersOf(context: EngineContext, system: SystemDescription): Handlers {
  const { store, queue, events } = context;
  return withCodes({
    ...runHandlers(context),
    ...modelHandlers(context),
    ...datasetHandlers(context),
    'system.info': () => system.get(),
    'recipes.list': () => listRecipes(store),
    'settings.get': () => getSettings(store),
    'settings.set': (change) => {
      const settings = changeSettings(store, change);
      queue.setParallel(settings.parallelRuns);
      events.emit('settings.changed', settings);
      return settings;
    },
    'export.figure': (params, { signal }) => exportFigure(context, params, signal),
  });
}

/** What need not be done before the first window is answered. */
async function inBackground(
  context: EngineContext,
  system: SystemDescription,
  examples: boolean,
  failed: (what: string) => (error: unknown) => void,
): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  if (examples) await addExamples(context).catch(failed('examples'));
  await system.tryDevices().catch(failed('devices'));
}
