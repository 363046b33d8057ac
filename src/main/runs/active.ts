import { setTimeout as sleep } from 'node:timers/promises';
import { createEta, type Eta } from '../../shared/eta';
import type { RunLive, RunRow } from '../../shared/runRecord';
import { StoreError, type Store } from '../store';
import type { Announcer } from './announcer';
import { exitSentence } from './exit';
import { Recorder } from './recorder';
import type { FromRun, RunChild, RunOrder } from './types';

export interface ActiveOptions {
  readonly store: Store;
  readonly announcer: Announcer;
  readonly child: RunChild;
  /** As it stood when it was started. */
  readonly row: RunRow;
  readonly order: RunOrder;
}

/** Between two attempts to keep how a run ended, milliseconds. */
const retryInterval = 2000;

/** A run that computes in a process of its own. */
export class ActiveRun {
  /** Settled once the process is gone and how it ended is kept. */
  readonly gone: Promise<void>;
  private readonly options: ActiveOptions;
  private readonly recorder: Recorder;
  private readonly eta: Eta;
  private state: Pick<RunLive, 'progress' | 'stage' | 'seconds' | 'eta'>;
  private ended = false;
  private cancelled = false;
  private failure: string | undefined;
  private abandoned = false;

  constructor(options: ActiveOptions) {
    this.options = options;
    const { store, child, row, order } = options;
    this.recorder = new Recorder(store, row.id);
    this.eta = createEta(performance.now() / 1000, row.progress);
    this.state = { progress: row.progress, stage: 'starting', seconds: row.seconds, eta: null };
    child.onMessage((message) => this.message(message));
    this.gone = new Promise((resolve) => {
      child.onExit((code, signal) => {
        void this.exit(code, signal).then(resolve);
      });
    });
    child.send({ type: 'start', order });
  }

  live(): RunLive {
    return { id: this.options.row.id, status: 'running', ...this.state };
  }

  pause(): void {
    this.options.child.send({ type: 'pause' });
    this.show({ stage: 'pausing' });
  }

  /** Nothing of it is needed any more, so it need not be asked. */
  cancel(): void {
    this.cancelled = true;
    this.options.child.kill();
  }

  /** @param why what the run's row then says */
  kill(why: string): void {
    this.failure ??= why;
    this.options.child.kill();
  }

  /** Stops trying to keep how the run ended: whoever opens the store next finds it. */
  abandon(): void {
    this.abandoned = true;
  }

  private message(message: FromRun): void {
    if (this.ended || this.cancelled) return;
    const recorded = this.kept(() => this.recorder.record(message));
    if (recorded === undefined) return;
    if (message.type === 'progress') {
      const { progress, stage, seconds } = message;
      const eta = this.eta.update(progress, performance.now() / 1000) ?? null;
      this.show({ progress, stage, seconds, eta });
    }
    if (message.type === 'log' && message.urgent === true) {
      const text = `"${this.options.row.name}": ${message.text}`;
      this.options.announcer.tell('notice', { level: 'warning', text });
    }
    if (message.type === 'ended' || message.type === 'paused' || message.type === 'refused') this.ended = true;
    const { point, curve, images } = recorded;
    if (point !== undefined) this.show({}, { point });
    else if (curve !== undefined) this.show({}, { curve });
    else if (images !== undefined) this.show({}, { images });
    // How it ended is announced once the process is gone, so that whoever hears of it can resume or delete it at once.
    else if (recorded.changed && !this.ended) this.options.announcer.changed(this.options.row.id);
  }

  /** Keeps how the process ended, however long the disk stays full. */
  private async exit(code: number | null, signal: string | null): Promise<void> {
    const how =
      this.failure === undefined
        ? exitSentence(code, signal)
        : ({ status: 'interrupted', text: `${this.failure} Resume it to go on.` } as const);
    while (!this.ended) {
      const stopped = this.kept(() => {
        if (this.cancelled) this.recorder.stop('cancelled', 'Cancelled.', null);
        else this.recorder.stop(how.status, how.text, how.text);
        return true;
      });
      if (stopped === true || this.abandoned) this.ended = true;
      else await sleep(retryInterval, undefined, { ref: false });
    }
  }

  /** What cannot be kept is not shown: the run stops, and stays in the history as interrupted, with its snapshot. */
  private kept<T>(write: () => T): T | undefined {
    try {
      return write();
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      const text = `"${this.options.row.name}" was stopped. ${error.message}`;
      if (this.failure === undefined) this.options.announcer.tell('notice', { level: 'error', text });
      this.kill(`The run was stopped. ${error.message}`);
      return undefined;
    }
  }

  private show(change: Partial<ActiveRun['state']>, news: Pick<RunLive, 'point' | 'curve' | 'images'> = {}): void {
    this.state = { ...this.state, ...change };
    this.options.announcer.live({ ...this.live(), ...news });
  }
}
