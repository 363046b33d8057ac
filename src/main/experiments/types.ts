import type {
  Approximation,
  Bound,
  CoverageOf,
  PerDatum,
  Picture,
  RunImages,
  Series,
  Stages,
} from '../../shared/result';
import type { CurvePoint } from '../../shared/runRecord';
import type { Device } from '../tensor/types';
import type { Journal } from './journal';

/** What an experiment tells while it runs. */
export interface RunEvent {
  /** What is being done, in a few words: "reverse chains, round 2". */
  readonly stage: string;
  /** Share of the whole run that is done, 0 to 1, weighted by expected time. */
  readonly progress: number;
  /** The bounds of a round of chains that has just ended. */
  readonly point?: { readonly temperatures: number; readonly bounds: readonly Bound[] };
  /** A new point of the learning curve of what is being trained. */
  readonly curve?: Omit<CurvePoint, 'seconds'>;
  /** What a model that is being trained makes of images now. Shown, not kept. */
  readonly images?: readonly RunImages[];
  /** Something worth saying once: "gap 3.2 nats with 500 temperatures; doubling". */
  readonly message?: string;
}

/** What an experiment leaves; the driver adds who, when and how long. */
export interface Outcome {
  readonly status: 'done' | 'failed';
  readonly bounds: Bound[];
  readonly metrics: Record<string, unknown>;
  readonly diagnostics: Record<string, unknown>;
  readonly warnings: string[];
  /** Those of the warnings that are none: how something was understood. */
  readonly notes?: string[];
  readonly series: Series[];
  readonly perDatum?: PerDatum;
  readonly approximations?: Approximation[];
  readonly picture?: Picture;
  readonly stages?: Stages[];
  readonly coverage?: CoverageOf[];
  readonly images?: RunImages[];
  /** Files to keep with the result. */
  readonly files?: readonly KeptFile[];
  readonly error?: string;
}

/** A file that a run leaves behind beside its numbers. */
export interface KeptFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** What an experiment may use. */
export interface RunContext {
  readonly device: Device;
  /** Relative paths in the run file start here. */
  readonly directory: string;
  /** Checked between steps. */
  readonly signal: AbortSignal;
  /** Where finished parts are kept and looked up. */
  readonly journal: Journal;
  /** What the run has computed so far, pauses left out. */
  readonly seconds: () => number;
}

export type Experiment = AsyncGenerator<RunEvent, Outcome>;
