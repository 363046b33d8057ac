import type * as tf from '@tensorflow/tfjs-core';

/** What a program takes and gives. `float32` becomes doubles throughout when the program is compiled with that precision. */
export type DType = 'float32' | 'int32' | 'bool';

/** How wide the floats of a compiled program are. Doubles exist on the `cpu` device only. */
export type Precision = 'float32' | 'float64';

/** Flat row-major values. Floats may be given wider than the program's own; they are narrowed on the way in. */
export type TensorData = Float32Array | Float64Array | Int32Array | Uint8Array;

/** Shape and type of one input. Shapes are fixed when a program is compiled. */
export interface TensorSpec {
  readonly shape: readonly number[];
  readonly dtype?: DType;
}

/** A value that never changes while the program lives: weights, data. Becomes an initializer of the graph. */
export interface Constant extends TensorSpec {
  readonly data: TensorData;
}

/** A pure function of tensors. No reads, no random numbers: noise is an input. */
export type TensorFunction = (tensors: Record<string, tf.Tensor>) => Record<string, tf.Tensor>;

/**
 * How several threads share an op on a processor. `spinning` is quickest where one program runs by itself; `sleeping` where several take
 * turns, because threads that spin for one keep the cores from the next; `none` where ops are too small to be shared.
 */
export type Threading = 'spinning' | 'sleeping' | 'none';

export interface CompileOptions {
  readonly inputs: Readonly<Record<string, TensorSpec>>;
  readonly constants?: Readonly<Record<string, Constant>>;
  /** Default `float32`. */
  readonly precision?: Precision;
  /** Default `spinning`. */
  readonly threading?: Threading;
}

/** How often a program evaluates a value with its gradient; the cost of a sampler in the only unit that matters. */
export interface GradientCount {
  /** Evaluations outside any loop, in each run. */
  readonly once: number;
  /** Evaluations in each iteration of the program's loop. */
  readonly perIteration: number;
}

export type Feeds = Readonly<Record<string, TensorData>>;
export type Outputs = Record<string, TensorData>;

/** A function compiled for fixed shapes on one device. */
export interface Program {
  /** Shape and type of each output. */
  readonly outputs: Readonly<Record<string, Required<TensorSpec>>>;
  readonly gradients: GradientCount;
  /** Size of the traced graph; 0 on eager devices. */
  readonly nodes: number;
  /**
   * Runs once. Outputs named in `into` are written there in place, the others are allocated. Runs of one program take turns; the
   * arrays belong to the program until the promise settles.
   * @param feeds one flat array for each input
   * @param into arrays of the outputs' own type and size, apart from those of `feeds`; names that are no output are ignored
   */
  run(feeds: Feeds, into?: Outputs): Promise<Outputs>;
  /** Frees the program once its runs have ended. Calling it again does nothing. */
  dispose(): Promise<void>;
}

/** Somewhere programs run. */
export interface Device {
  readonly name: string;
  compile(fn: TensorFunction, options: CompileOptions): Promise<Program>;
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}
