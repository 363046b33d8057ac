import type { DatasetEntry, ImageGrid, ModelEntry } from '../../shared/library';
import type { Estimate, SystemInfo } from '../../shared/rpc';
import type { RpcErrorShape } from '../../shared/rpc/messages';
import type { Layer, LikelihoodSpec, RunFile } from '../../shared/runFile';

/** Which decoder of which file. */
export interface ModelSource {
  readonly path: string;
  readonly decoder: readonly Layer[] | null;
  readonly likelihood: LikelihoodSpec | null;
}

/** What a checkpoint turns out to be. */
export type ModelFacts = Pick<
  ModelEntry,
  'format' | 'tensors' | 'decoder' | 'likelihood' | 'latent' | 'outputShape' | 'chain' | 'notes' | 'problem'
> & { readonly sha256: string };

export type DatasetFacts = Pick<DatasetEntry, 'format' | 'count' | 'shape' | 'range' | 'array'> & {
  readonly sha256: string;
};

/** Where runs can compute, and with what. */
export interface Devices {
  readonly runtime: string;
  readonly devices: SystemInfo['devices'];
}

/**
 * What the engine has done elsewhere, because it takes long, needs native code that may crash, or reads what a stranger wrote: the
 * engine answers windows and must neither wait nor fall with it.
 */
export interface Tasks {
  devices: { readonly params: null; readonly result: Devices };
  /**
   * Reads a checkpoint. What is null is guessed; layers that a guess gave and that do not fit are told as `problem`, layers that
   * were given and do not fit are an error.
   */
  readModel: { readonly params: ModelSource; readonly result: ModelFacts };
  samples: {
    readonly params: ModelSource & { readonly count: number; readonly seed: number };
    readonly result: ImageGrid;
  };
  traversal: {
    readonly params: ModelSource & {
      readonly dimensions: number;
      readonly steps: number;
      readonly seed: number | undefined;
    };
    readonly result: ImageGrid;
  };
  readDataset: {
    readonly params: { readonly path: string; readonly array: string | undefined };
    readonly result: DatasetFacts;
  };
  preview: {
    readonly params: {
      readonly path: string;
      readonly array: string | undefined;
      readonly offset: number;
      readonly count: number;
      readonly range: readonly [number, number];
    };
    readonly result: ImageGrid;
  };
  estimate: { readonly params: { readonly spec: RunFile; readonly directory: string }; readonly result: Estimate };
  figure: {
    readonly params: {
      readonly svg: string;
      readonly format: 'svg' | 'pdf' | 'png';
      /** Millimetres. */
      readonly width: number;
      readonly title: string;
    };
    readonly result: Uint8Array;
  };
}

export type TaskName = keyof Tasks;

export interface TaskOptions {
  readonly signal?: AbortSignal | undefined;
}

/** Whoever does tasks. */
export interface TaskDoer {
  run<T extends TaskName>(task: T, params: Tasks[T]['params'], options?: TaskOptions): Promise<Tasks[T]['result']>;
  close(): void;
}

export interface ToTask {
  readonly id: number;
  readonly task: TaskName;
  readonly params: unknown;
}

export type FromTask =
  { readonly id: number; readonly result: unknown } | { readonly id: number; readonly error: RpcErrorShape };
