import type { Layer, LikelihoodSpec } from './runFile';

/** No larger file is taken into the library; no reader opens one either. */
export const maximumUploadBytes = 2 ** 32;

/** A tensor of a checkpoint, without its numbers. */
export interface TensorSummary {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
}

/** A model kept in the library, by the hash of its file. */
export interface ModelEntry {
  readonly sha256: string;
  readonly name: string;
  readonly format: string;
  /** Size of the file. */
  readonly bytes: number;
  readonly created: number;
  /** Where the kept copy lies; a run file may name it. */
  readonly path: string;
  readonly tensors: readonly TensorSummary[];
  /** The layers as guessed or as a person corrected them; null where no guess was possible. */
  readonly decoder: readonly Layer[] | null;
  readonly likelihood: LikelihoodSpec | null;
  /** Whether a person confirmed or corrected the layers. */
  readonly confirmed: boolean;
  readonly latent: number | null;
  /** Shape of one datum, channels first. */
  readonly outputShape: readonly number[] | null;
  /** The chain with its shapes, z first; empty where the layers do not fit, which `problem` then explains. */
  readonly chain: readonly { readonly name: string; readonly shape: readonly number[] }[];
  readonly notes: readonly string[];
  readonly problem: string | null;
}

/** A data set kept in the library. */
export interface DatasetEntry {
  readonly sha256: string;
  readonly name: string;
  readonly format: string;
  readonly bytes: number;
  readonly created: number;
  readonly path: string;
  readonly count: number;
  /** Shape of one datum. */
  readonly shape: readonly number[];
  /** Smallest and largest value. */
  readonly range: readonly [number, number];
  /** Which array of an archive. */
  readonly array: string | null;
}

/** Images as the model or the file has them: `[count, height, width, channels]`, values to show between `low` and `high`. */
export interface ImageGrid {
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly low: number;
  readonly high: number;
  readonly values: readonly number[];
}
