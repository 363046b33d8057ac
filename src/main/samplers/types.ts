import type * as tf from '@tensorflow/tfjs-core';
import type { LogDensity } from '../tensor/density';
import type { Constant, Device, Precision } from '../tensor/types';

/** An unnormalised density that is sampled. */
export interface SamplerTarget {
  /** d */
  readonly dim: number;
  readonly constants: Readonly<Record<string, Constant>>;
  /** log f of rows, nats, given the constants as tensors. */
  readonly logDensity: (tensors: Record<string, tf.Tensor>) => LogDensity;
}

/** What a sampler works on. */
export interface SamplerContext {
  /** What messages call it. */
  readonly name: string;
  readonly target: SamplerTarget;
  readonly device: Device;
  /** Of this sampler alone: two with one seed see the same numbers. */
  readonly seed: number;
  readonly precision: Precision;
}

/** Where a sampler stands after a transition or an update. */
export interface SamplerProgress<Snapshot, Part = never> {
  /** How many there have been. */
  readonly iteration: number;
  /** What a person wants to see of it. */
  readonly report: Readonly<Record<string, number>>;
  /** Copies the state; to be called before the next step. The sampler goes on from it with the same bits. */
  readonly capture: () => Snapshot;
  /** Something that is finished with this step and will not come again. */
  readonly part?: Part;
}

/** N(mean, std² I), normalised: π₀, where annealing begins. */
export interface Base {
  readonly mean: number;
  readonly std: number;
}
