import { utilityProcess, MessageChannelMain, type UtilityProcess, type WebContents } from 'electron';
import { join } from 'node:path';
import { channels, type EngineArguments, type FromEngine, type ToEngine } from './messages';
import { restartDelay } from './restarts';

export interface EngineHostOptions {
  /** The engine cannot work: its own sentence, or that it keeps crashing. */
  readonly onFailure: (message: string) => void;
}

/** How long closing waits for runs to be paused before the engine is killed; they then go on from their last snapshot. */
const closingPatience = 20_000;

/** Keeps one engine process going and gives windows their ports of it. */
export class EngineHost {
  private readonly options: EngineHostOptions;
  private readonly crashes: number[] = [];
  private child: UtilityProcess | undefined;
  private failed: string | undefined;
  private closing = false;

  constructor(options: EngineHostOptions) {
    this.options = options;
  }

  start(notice: string | null = null): void {
    this.failed = undefined;
    const given: EngineArguments = { notice };
    const child = utilityProcess.fork(join(import.meta.dirname, 'engineProcess.js'), [JSON.stringify(given)], {
      serviceName: 'Bracket engine',
      stdio: 'inherit',
    });
    this.child = child;
    child.on('message', (message: FromEngine) => {
      if (message.type === 'failed') this.failed = message.message;
    });
    child.on('exit', (code) => this.ended(child, code));
  }

  /** Makes a channel between a window and the engine; the window asks again when the engine was started again. */
  connect(window: WebContents): void {
    if (this.child === undefined) return;
    const { port1, port2 } = new MessageChannelMain();
    this.child.postMessage({ type: 'connect' } satisfies ToEngine, [port1]);
    window.postMessage(channels.port, null, [port2]);
  }

  async close(): Promise<void> {
    this.closing = true;
    const child = this.child;
    if (child === undefined) return;
    await new Promise<void>((resolve) => {
      const limit = setTimeout(() => child.kill(), closingPatience);
      child.once('exit', () => {
        clearTimeout(limit);
        resolve();
      });
      child.postMessage({ type: 'close' } satisfies ToEngine);
    });
  }

  private ended(child: UtilityProcess, code: number): void {
    if (this.child !== child) return;
    this.child = undefined;
    if (this.closing) return;
    if (this.failed !== undefined) return this.options.onFailure(this.failed);
    const now = Date.now();
    this.crashes.push(now);
    const delay = restartDelay(this.crashes, now);
    if (delay === null) {
      this.options.onFailure(`The engine keeps ending unexpectedly (code ${code}). Nothing that was kept is lost.`);
      return;
    }
    const notice = `The engine ended unexpectedly (code ${code}) and was started again. Runs that were computing are marked as interrupted; resume them to go on.`;
    setTimeout(() => this.start(notice), delay);
  }
}
