import { randomUUID } from 'node:crypto';
import { InputError, RunError } from '../../shared/errors';
import type { Result } from '../../shared/result';
import type { RunFile } from '../../shared/runFile';
import type { RunStatus } from '../../shared/runRecord';
import type { execute as Execute } from '../runs/execute';
import { reclaimRuns } from '../runs/reclaim';
import { Recorder } from '../runs/recorder';
import type { FromRun } from '../runs/types';
import {
  claimRun,
  forgetRun,
  getRow,
  getSpec,
  insertRun,
  openStore,
  setStatus,
  takeLock,
  type Lock,
  type Store,
} from '../store';
import type { StartOptions } from './runCommand';
import type { Watch } from './runOutcome';
import { complain, type Terminal } from './terminal';

/** Often enough that a crash costs little, seldom enough that the disk is quiet. */
const snapshotSeconds = 10;

const resumable: readonly RunStatus[] = ['paused', 'interrupted', 'failed'];

/** Computes runs in this process and keeps them in the same history as the window's. */
export class History {
  readonly store: Store;
  private readonly terminal: Terminal;
  private readonly loadExecute: () => Promise<typeof Execute>;
  private readonly lock: Lock;
  private readonly paused = new Set<string>();
  private readonly kept = new Set<string>();

  /** @param loadExecute loads the engine, which takes a moment */
  constructor(store: Store, terminal: Terminal, loadExecute: () => Promise<typeof Execute>) {
    this.store = store;
    this.terminal = terminal;
    this.loadExecute = loadExecute;
    const lock = takeLock(store, `terminal-${randomUUID()}`);
    if (lock === undefined) throw new RunError(`The data folder ${store.folder} cannot be locked. Check the disk.`);
    this.lock = lock;
    reclaimRuns(store);
  }

  /** Computes a new run. What asks for something impossible leaves no trace. */
  async start(spec: RunFile, options: StartOptions): Promise<Result> {
    const { store } = this;
    const { directory, recipe } = options;
    const id = randomUUID();
    // In one step, so that no engine takes it out of the queue.
    store.write(() => {
      insertRun(store, { id, spec, directory, recipe });
      claimRun(store, id, this.lock.owner, ['queued']);
    });
    try {
      return await this.compute(id, spec, directory, false, options);
    } catch (error) {
      if (error instanceof InputError) forgetRun(store, id);
      throw error;
    }
  }

  /** Goes on with a run that was stopped. @throws InputError when it is not one */
  async resume(id: string, watch: Watch): Promise<Result> {
    const { store } = this;
    const before = getRow(store, id);
    const { spec, directory } = getSpec(store, id);
    if (!claimRun(store, id, this.lock.owner, resumable)) {
      throw new InputError(before.name, `cannot be resumed: it is ${getRow(store, id).status}`, advice[before.status]);
    }
    try {
      return await this.compute(id, spec, directory, true, watch);
    } catch (error) {
      // It stands as it stood: the cause may be gone next time.
      if (error instanceof InputError) setStatus(store, id, before.status, { error: error.message });
      throw error;
    }
  }

  isPaused(run: string): boolean {
    return this.paused.has(run);
  }

  /** Whether a run ended here and its result is in the history. */
  isKept(run: string): boolean {
    return this.kept.has(run);
  }

  close(): void {
    this.lock.release();
    this.store.close();
  }

  private async compute(
    run: string,
    spec: RunFile,
    directory: string,
    resume: boolean,
    { signal, onEvent }: Pick<StartOptions, 'signal' | 'onEvent'>,
  ): Promise<Result> {
    const recorder = new Recorder(this.store, run);
    let keeps = true;
    const tell = (message: FromRun): void => {
      try {
        if (keeps) recorder.record(message);
      } catch (error) {
        if (!(error instanceof RunError)) throw error;
        // The person at this terminal still gets the numbers.
        keeps = false;
        complain(this.terminal, `The run goes on without being kept. ${error.message}`, error);
      }
    };
    try {
      const execute = await this.loadExecute();
      const snapshot = this.store.snapshot(run);
      const { artifacts } = this.store;
      const order = { run, spec, directory, snapshot, artifacts, resume, snapshotSeconds };
      const execution = execute({
        order,
        tell,
        ...(onEvent === undefined ? {} : { onEvent: (event) => onEvent(event, 0) }),
      });
      if (signal?.aborted === true) execution.pause();
      signal?.addEventListener('abort', () => execution.pause());
      const ending = await execution.ending;
      if (keeps) (ending.type === 'ended' ? this.kept : this.paused).add(run);
      if (ending.type === 'ended') return ending.result;
      return stopped(run, spec, ending.seconds);
    } catch (error) {
      if (!(error instanceof InputError)) {
        const text = error instanceof Error ? error.message : String(error);
        tell({ type: 'refused', message: `The run stopped with an unexpected error: ${text}` });
      }
      throw error;
    }
  }
}

const advice: Readonly<Record<RunStatus, string>> = {
  queued: 'It is in the queue of the window and starts by itself.',
  running: 'It computes already.',
  paused: 'Another process took it first.',
  interrupted: 'Another process took it first.',
  done: 'See "bracket show" for its result.',
  failed: 'Another process took it first.',
  cancelled: 'Start a new run instead.',
};

/** A run that was stopped, for the JSON output. */
function stopped(run: string, spec: RunFile, seconds: number): Result {
  return {
    run,
    kind: spec.kind,
    spec: spec,
    device: spec.device,
    status: 'cancelled',
    seconds,
    bounds: [],
    metrics: {},
    diagnostics: {},
    warnings: [],
    series: [],
    artifacts: [],
    error: 'The run was cancelled.',
  };
}

/** The history for a run that can do without: a folder that cannot be used costs one line. */
export function tryHistory(terminal: Terminal, loadExecute: () => Promise<typeof Execute>): History | undefined {
  try {
    return new History(openStore(), terminal, loadExecute);
  } catch (error) {
    if (!(error instanceof InputError || error instanceof RunError)) throw error;
    complain(terminal, `The run will not be kept in the history. ${error.message}`, error);
    return undefined;
  }
}
