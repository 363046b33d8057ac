import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { InputError, oneLine } from '../../../shared/errors';
import { errorShape } from '../../../shared/rpc';
import { createEngine } from '../../engine';
import { complain, print, type Terminal } from '../terminal';
import { givenToken, isLoopback } from './access';
import { hasScreen, openBrowser } from './openBrowser';
import { startHost } from './server';

export interface ServeOptions {
  readonly host: string;
  /** As given; undefined for the first free one. */
  readonly port?: string;
  readonly open: boolean;
  readonly folder: readonly string[];
}

const defaultPort = 7400;

/**
 * `bracket serve`: the workbench for a browser, until it is interrupted.
 * @returns the exit code
 * @throws InputError before anything listens
 */
export async function serveCommand(options: ServeOptions, terminal: Terminal): Promise<number> {
  const port = options.port === undefined ? undefined : portOf(options.port);
  const folders = options.folder.map(folderOf);
  const report = (what: string, error: unknown): void => complain(terminal, `${what}: ${causeOf(error)}`, error);
  const engine = createEngine({ host: 'browser', folders, debug: terminal.debug, onError: report });
  try {
    const host = await startHost({
      engine,
      host: options.host,
      port: port ?? defaultPort,
      search: port === undefined,
      token: givenToken(process.env),
      onError: (error) => report('request', error),
    });
    // In one piece and alone on its line: people copy it, programs look for it.
    print(terminal, `Bracket is open at ${host.url}`);
    if (!isLoopback(options.host))
      complain(terminal, 'everyone who can reach this machine and has this address can use it; nothing is encrypted.');
    if (options.open && terminal.interactive && hasScreen(process.env, process.platform)) openBrowser(host.url);
    await interrupted();
    if (terminal.interactive)
      terminal.err.write('\nRuns are being paused; "bracket resume" or the next start goes on.\n');
    await host.close();
    return 0;
  } finally {
    await engine.close();
  }
}

/** What a window is spared. */
function causeOf(error: unknown): string {
  const shape = errorShape(error);
  const { details } = shape;
  const cause = typeof details === 'object' && details !== null && 'cause' in details ? details.cause : undefined;
  return typeof cause === 'string' ? cause : shape.message;
}

/** The first Ctrl-C ends the server, which pauses runs; the second finds no handler and ends the process. */
function interrupted(): Promise<void> {
  return new Promise((done) => {
    const end = (): void => {
      for (const signal of signals) process.off(signal, end);
      done();
    };
    for (const signal of signals) process.on(signal, end);
  });
}
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port < 65_536) return port;
  throw new InputError('--port', `"${oneLine(text, 40)}" is no port`, 'Give a number from 0 to 65535.');
}

function folderOf(given: string): string {
  const path = resolve(given);
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return path;
  throw new InputError('--folder', `${given} is no folder`, 'Check the path.');
}
