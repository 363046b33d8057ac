import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEngine, type Engine } from '../../src/main/engine';
import { startHost } from '../../src/main/headless/serve/server';
import { nodeSpawner } from '../../src/main/runs';
import { buildRuns } from './builtRuns';
import { buildWindow } from './builtWindow';
import { tasksHere } from './tasksHere';

/** The whole app as `bracket serve` gives it to a browser: the window built from its sources, an engine with a new data folder. */
export interface ServedApp {
  /** With the token. */
  readonly url: string;
  readonly engine: Engine;
  /** The command line from the same sources, a program for Node. */
  readonly cli: string;
  /** Ends the server, as when its machine has stopped, and leaves the engine. */
  stop(): Promise<void>;
  /** Starts a server again at the same place. @returns its address, with another token */
  start(): Promise<string>;
  close(): Promise<void>;
}

export async function serveApp(options: { readonly examples?: boolean } = {}): Promise<ServedApp> {
  const folder = mkdtempSync(join(tmpdir(), 'bracket-app-'));
  const window = await buildWindow('production');
  const runs = await buildRuns();
  const engine = createEngine({
    home: join(folder, 'home'),
    host: 'browser',
    examples: options.examples ?? false,
    spawner: nodeSpawner(runs.runProcess),
    tasks: tasksHere,
  });
  const startAt = (port: number) => startHost({ engine, host: '127.0.0.1', port, renderer: window });
  let host = await startAt(0);
  return {
    url: host.url,
    engine,
    cli: runs.cli,
    stop: () => host.close(),
    async start() {
      host = await startAt(host.port);
      return host.url;
    },
    async close() {
      await host.close();
      await engine.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
