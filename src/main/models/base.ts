import type * as tf from '@tensorflow/tfjs-core';
import type { LogDensity } from '../tensor/density';
import type { TensorSpec } from '../tensor/types';
import type { DiagonalGaussian } from './diagonalGaussian';

/** Which rows of chains × data are meant. */
export interface Rows {
  readonly firstChain: number;
  readonly chains: number;
  readonly firstDatum: number;
  readonly data: number;
}

/** What chains start from and samples are drawn from: a normalised distribution of z, one for all data or one for each datum. */
export interface Base {
  /** What results call it: "prior", "gaussian", or a proposal's name. */
  readonly name: string;
  /** True for the model's own prior; its density then cancels out of the log ratio. */
  readonly isPrior: boolean;
  /** What its density reads beside z, for B data. */
  readonly inputs: (data: number) => Readonly<Record<string, TensorSpec>>;
  /** log density in nats of rows `[K·B, d]`, chain-major, given tensors of those inputs. */
  readonly logDensity: (tensors: Record<string, tf.Tensor>) => LogDensity;
  /** The distribution at given data. @param x `[count, D]` */
  readonly at: (x: Float32Array, count: number) => Promise<BaseAt>;
}

/** A base at given data. */
export interface BaseAt {
  /** Values of the base's inputs for some of the data. */
  readonly feeds: (rows: Pick<Rows, 'firstDatum' | 'data'>) => Record<string, Float32Array>;
  /** Turns standard normals `[chains, data, d]` into samples, in place. */
  readonly fromNormals: (normals: Float32Array, rows: Rows) => void;
}

/** A Gaussian that is the same for all data. */
export function fixedBase(gaussian: DiagonalGaussian): Base {
  const at: BaseAt = { feeds: () => ({}), fromNormals: (normals) => gaussian.fromNormals(normals) };
  return {
    name: gaussian.isPrior ? 'prior' : 'gaussian',
    isPrior: gaussian.isPrior,
    inputs: () => ({}),
    logDensity: () => gaussian.logDensity,
    at: () => Promise.resolve(at),
  };
}
