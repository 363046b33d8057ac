import { InputError } from '../../shared/errors';
import { formatDuration } from '../../shared/format';
import { MemoryJournal, type RunEvent } from '../experiments';
import { whyNotWritten } from '../files/whyNotWritten';
import { drive } from './driver';
import { changedFile, environmentOf } from './environment';
import { keepFile } from './keepFile';
import { readSnapshot, writeSnapshot, type Snapshot } from './snapshot';
import type { FromRun, RunEnding, RunOrder } from './types';

export interface ExecuteOptions {
  readonly order: RunOrder;
  /** Everything that is worth showing or keeping, as it comes; progress at most ten times a second. */
  readonly tell: (message: FromRun) => void;
  /** Every event of the experiment, for who computes in its own process. */
  readonly onEvent?: (event: RunEvent) => void;
}

type Ending = Exclude<RunEnding, { type: 'refused' }>;

/** A run that is being computed in this process. */
export interface Execution {
  /**
   * The last message.
   * @throws InputError when the run file asks for something impossible, or a file is not what it was
   */
  readonly ending: Promise<Ending>;
  /** Stops after the step in progress, with a snapshot. Where that cannot be written the run goes on and says so. */
  pause(): void;
  /** Stops after the step in progress. */
  cancel(): void;
}

/** Between two messages about progress, milliseconds. */
const progressInterval = 100;

/** Computes a run from its start or its snapshot, and writes snapshots as it goes. */
export function execute(options: ExecuteOptions): Execution {
  const controller = new AbortController();
  const wish = { pause: false };
  return {
    ending: run(options, controller, wish),
    pause: () => {
      wish.pause = true;
    },
    cancel: () => controller.abort(),
  };
}

async function run(options: ExecuteOptions, controller: AbortController, wish: { pause: boolean }): Promise<Ending> {
  const { order, tell } = options;
  const { spec, directory, run: id } = order;
  const environment = await environmentOf(spec, directory);
  tell({ type: 'environment', environment });
  const saved = order.resume ? takeUp(options) : undefined;
  if (!order.resume) tell({ type: 'log', number: null, text: `Started on ${spec.device}.` });
  const changed = saved === undefined ? undefined : changedFile(saved.hashes, environment.hashes);
  if (changed !== undefined) {
    throw new InputError(
      changed,
      'is not the file that this run began with',
      'Put that file back, or start a new run.',
    );
  }
  const journal = new MemoryJournal(saved?.content);
  const keeper = new Keeper(options, journal, environment.hashes);
  const teller = new Teller(tell);
  let paused: Ending | undefined;
  const result = await drive(spec, {
    directory,
    journal,
    run: id,
    signal: controller.signal,
    secondsBefore: saved?.seconds ?? 0,
    keep: (file) => keepFile(order.artifacts, file),
    onEvent: (event, seconds) => {
      options.onEvent?.(event);
      teller.event(event, seconds);
      if (!wish.pause) {
        keeper.sometimes(seconds);
      } else if (keeper.keep(seconds)) {
        teller.flush();
        paused = { type: 'paused', seconds };
        controller.abort();
      } else {
        wish.pause = false;
      }
    },
  });
  const ending = paused ?? ({ type: 'ended', result } as const);
  tell(ending);
  return ending;
}

/** The snapshot to go on from, with a line in the log either way. */
function takeUp({ order: { run: id, snapshot: path }, tell }: ExecuteOptions): Snapshot | undefined {
  const saved = readSnapshot(path, id);
  if (typeof saved === 'object') {
    tell({ type: 'log', number: null, text: `Goes on from its snapshot after ${formatDuration(saved.seconds)}.` });
    return saved;
  }
  const why = saved === undefined ? 'There is no snapshot' : `The snapshot ${saved}`;
  tell({ type: 'log', number: null, text: `${why}: starts over, and ends with the same numbers.` });
  return undefined;
}

/** Writes snapshots, not too often. */
class Keeper {
  private readonly options: ExecuteOptions;
  private readonly journal: MemoryJournal;
  private readonly hashes: Snapshot['hashes'];
  private last = performance.now();
  private failing = false;

  constructor(options: ExecuteOptions, journal: MemoryJournal, hashes: Snapshot['hashes']) {
    this.options = options;
    this.journal = journal;
    this.hashes = hashes;
  }

  sometimes(seconds: number): void {
    if (performance.now() - this.last >= 1000 * this.options.order.snapshotSeconds) this.keep(seconds);
  }

  /** Between two steps. @returns whether it was written */
  keep(seconds: number): boolean {
    const { order, tell } = this.options;
    try {
      writeSnapshot(order.snapshot, { run: order.run, seconds, hashes: this.hashes, content: this.journal.content() });
      this.failing = false;
      return true;
    } catch (error) {
      // Said once: a full disk stays full for a while.
      const text = `No snapshot could be written: ${whyNotWritten(error)}. The run goes on, but could not be taken up again from here.`;
      if (!this.failing) tell({ type: 'log', number: null, text, urgent: true });
      this.failing = true;
      return false;
    } finally {
      this.last = performance.now();
    }
  }
}

/** Turns the events of an experiment into messages. Counts points and lines, so that those which come again are known. */
class Teller {
  private readonly tell: (message: FromRun) => void;
  private points = 0;
  private curves = 0;
  private lines = 0;
  private last = -Infinity;
  private waiting: FromRun | undefined;

  constructor(tell: (message: FromRun) => void) {
    this.tell = tell;
  }

  event({ stage, progress, point, curve, images, message }: RunEvent, seconds: number): void {
    this.waiting = { type: 'progress', stage, progress, seconds };
    if (message !== undefined) this.tell({ type: 'log', number: this.lines++, text: message });
    if (point !== undefined) this.tell({ type: 'point', number: this.points++, point: { ...point, seconds } });
    if (curve !== undefined) this.tell({ type: 'curve', number: this.curves++, curve: { ...curve, seconds } });
    if (images !== undefined) this.tell({ type: 'images', images });
    if (point !== undefined || performance.now() - this.last >= progressInterval) this.flush();
  }

  flush(): void {
    if (this.waiting === undefined) return;
    this.tell(this.waiting);
    this.waiting = undefined;
    this.last = performance.now();
  }
}
