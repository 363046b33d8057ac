import type { Result, RunImages } from '../../shared/result';
import type { RunFile } from '../../shared/runFile';
import type { CurvePoint, RunEnvironment, RunPoint } from '../../shared/runRecord';

/** What computing a run takes. */
export interface RunOrder {
  readonly run: string;
  readonly spec: RunFile;
  /** Relative paths in the run file start here. */
  readonly directory: string;
  /** The file that the run keeps itself in. */
  readonly snapshot: string;
  /** Where files that the run leaves are kept, by their hash. */
  readonly artifacts: string;
  /** Whether to go on from that file. */
  readonly resume: boolean;
  /** At most one snapshot in as many seconds. */
  readonly snapshotSeconds: number;
}

/** What a run process is told. */
export type ToRun = { readonly type: 'start'; readonly order: RunOrder } | { readonly type: 'pause' };

/** How computing a run ends. */
export type RunEnding =
  | { readonly type: 'ended'; readonly result: Result }
  | { readonly type: 'paused'; readonly seconds: number }
  /** The run file asks for something impossible, or a file is not what it was. */
  | { readonly type: 'refused'; readonly message: string };

/** What a run process tells; it exits after a {@link RunEnding}. */
export type FromRun =
  | RunEnding
  | { readonly type: 'environment'; readonly environment: RunEnvironment }
  | { readonly type: 'progress'; readonly stage: string; readonly progress: number; readonly seconds: number }
  | { readonly type: 'point'; readonly number: number; readonly point: RunPoint }
  | { readonly type: 'curve'; readonly number: number; readonly curve: CurvePoint }
  /** Shown and forgotten. */
  | { readonly type: 'images'; readonly images: readonly RunImages[] }
  /**
   * `number` counts the lines of the computation itself, which come again when it is taken up again; null for others. What is
   * `urgent` is more than a line in a log: whoever watches is told.
   */
  | { readonly type: 'log'; readonly number: number | null; readonly text: string; readonly urgent?: true };

/** A process that computes one run. */
export interface RunChild {
  readonly pid: number | undefined;
  send(message: ToRun): void;
  onMessage(listener: (message: FromRun) => void): void;
  /** Called once, also when it could not be started; `signal` is what killed it. */
  onExit(listener: (code: number | null, signal: string | null) => void): void;
  /** At once, without asking. */
  kill(): void;
}

/** Starts run processes: hides who forks, Node or Electron. */
export type Spawner = () => RunChild;
