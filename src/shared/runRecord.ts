import type { Bound, Quantity, Result, RunImages, Series } from './result';
import type { DeviceName, RunFile } from './runFile';

/**
 * Where a run stands. `paused` was stopped by a person, `interrupted` by a crash or a power cut; both go on from their last
 * snapshot and end with the bits of a run that was never stopped.
 */
export const runStatuses = ['queued', 'running', 'paused', 'interrupted', 'done', 'failed', 'cancelled'] as const;
export type RunStatus = (typeof runStatuses)[number];

/** One side of a sandwich. */
export interface Side {
  readonly estimator: string;
  /** nats */
  readonly value: number;
  readonly ci95: number | null;
}

/** What a run is about: a quantity with bounds, or how much of the real items generated ones cover. */
export type RunQuantity = Quantity | 'coverage';

/** A number that runs without bounds are about: a probability, or a share of real items. */
export interface RunEstimate {
  readonly value: number;
  readonly ci95: number | null;
}

/** What a table of runs shows of one run: everything that sorting, filtering and comparing need, and nothing big. */
export interface RunRow {
  readonly id: string;
  readonly name: string;
  readonly kind: RunFile['kind'];
  readonly status: RunStatus;
  /** File name of the checkpoint, or the target. */
  readonly model: string;
  readonly data: string;
  readonly device: DeviceName;
  readonly seed: number;
  /** T of the last round, or as asked for. */
  readonly temperatures: number;
  readonly chains: number;
  readonly lower: Side | null;
  readonly upper: Side | null;
  /** nats */
  readonly gap: number | null;
  readonly gapCi95: number | null;
  /** The closed form, where there is one. */
  readonly truth: number | null;
  /** Null where the run has bounds instead, or nothing yet. */
  readonly estimate: RunEstimate | null;
  readonly quantity: RunQuantity;
  /** 0 to 1 */
  readonly progress: number;
  readonly stage: string;
  /** Seconds that the run computed, pauses left out. */
  readonly seconds: number;
  /** Milliseconds since 1970. */
  readonly created: number;
  readonly ended: number | null;
  readonly tags: readonly string[];
  readonly notes: string;
  /** Same for runs whose run files differ in the seed alone. */
  readonly family: string;
  readonly error: string | null;
}

/** The bounds after one round of a run, for the plot that closes. */
export interface RunPoint {
  readonly temperatures: number;
  /** Since the run began, pauses left out. */
  readonly seconds: number;
  readonly bounds: readonly Bound[];
}

/** A window of the training of a proposal or a critic: means over the updates since the point before. */
export interface CurvePoint {
  /** The name of the proposal or critic in the run file. */
  readonly component: string;
  /** Updates of Adam so far. */
  readonly iteration: number;
  /** Updates in all. */
  readonly iterations: number;
  /** Since the run began, pauses left out. */
  readonly seconds: number;
  /** By the name of what was measured; nats unless the name says otherwise. */
  readonly values: Readonly<Record<string, number>>;
}

export interface LogLine {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly text: string;
}

/** What a result depends on beside its run file. */
export interface RunEnvironment {
  readonly bracket: string;
  readonly node: string;
  readonly runtime: string;
  readonly platform: string;
  readonly device: string;
  /** sha256 of each input file by path. */
  readonly hashes: Readonly<Record<string, string>>;
}

/** Everything about one run. */
export interface RunDetail {
  readonly row: RunRow;
  readonly spec: RunFile;
  readonly directory: string;
  readonly points: readonly RunPoint[];
  /** The training of proposals and critics, in the order in which it went. */
  readonly curves: readonly CurvePoint[];
  readonly log: readonly LogLine[];
  readonly environment: RunEnvironment | null;
  /** Absent until the run has ended. */
  readonly result: Result | null;
  readonly series: readonly Series[];
  /** The last pictures of a model that is being trained, or whose training has ended without a result of its own. */
  readonly images?: readonly RunImages[];
}

/** What a comparison needs of one run beside its row; a hundred of them are one small answer. */
export type RunOutline = Pick<RunDetail, 'spec' | 'points'> & {
  readonly id: string;
  /** Looks at the validation data of a VAE that is trained. */
  readonly looks?: readonly CurvePoint[];
};

/** What changes several times a second while a run computes. */
export interface RunLive {
  readonly id: string;
  readonly status: RunStatus;
  readonly progress: number;
  readonly stage: string;
  readonly seconds: number;
  /** Seconds to go, once there is something to extrapolate from. */
  readonly eta: number | null;
  /** Only in the update in which it is new. */
  readonly point?: RunPoint;
  /** Only in the update in which it is new. */
  readonly curve?: CurvePoint;
  /** What a model that is being trained makes of images now. Only in the update in which they are new. */
  readonly images?: readonly RunImages[];
}
