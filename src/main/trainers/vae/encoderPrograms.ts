import * as tf from '@tensorflow/tfjs-core';
import type { ParameterShapes } from '../../models/network';
import type { Device, Feeds, Precision, Program, TensorSpec } from '../../tensor/types';
import { floatsOf } from '../paths/floats';
import type { Floats } from '../paths/types';
import type { Vae } from './networks';

/** What chains are told of data. */
export interface EncoderOptions {
  readonly device: Device;
  readonly vae: Vae;
  readonly precision: Precision;
  /** B */
  readonly data: number;
  /** c: numbers that a score network is told of each datum; 0 for none. */
  readonly summary: number;
  readonly gradients: boolean;
}

/** Parameters of q(z | x), and of the linear map from what its heads read to the summary. */
export function encoderShapesOf(vae: Vae, summary: number): ParameterShapes {
  if (summary === 0) return vae.encoderShapes;
  return { ...vae.encoderShapes, 'summary.weight': [summary, vae.featureWidth], 'summary.bias': [summary] };
}

type Tensors = Record<string, tf.Tensor>;

/** q(z | x) of a minibatch, and the pass backward through it. */
export class EncoderPrograms {
  /** `[B, d]`, after `run`; belong to this. */
  readonly mean: Floats;
  readonly logVariance: Floats;
  /** `[B, c]` */
  readonly summary: Floats;
  readonly names: readonly string[];
  private readonly forward: Program;
  private readonly backward: Program | undefined;

  private constructor(
    forward: Program,
    backward: Program | undefined,
    { vae, precision, data, summary }: EncoderOptions,
  ) {
    const make = floatsOf(precision);
    this.forward = forward;
    this.backward = backward;
    this.mean = make(data * vae.latent);
    this.logVariance = make(data * vae.latent);
    this.summary = make(data * summary);
    this.names = Object.keys(encoderShapesOf(vae, summary));
  }

  static async open(options: EncoderOptions): Promise<EncoderPrograms> {
    const { device, vae, precision, data, summary, gradients } = options;
    const shapes = encoderShapesOf(vae, summary);
    const names = Object.keys(shapes);
    const inputs: Record<string, TensorSpec> = { x: { shape: [data, vae.pixels] } };
    for (const name of names) inputs[`parameters/${name}`] = { shape: shapes[name] ?? [] };
    const encode = (weights: Tensors, x: tf.Tensor): Tensors => {
      const { mean, logStd, features } = vae.encode(weights, x as tf.Tensor2D);
      const moments = { mean, logVariance: tf.mul(2, logStd) };
      if (summary === 0) return moments;
      const told = tf.matMul(features, weights['summary.weight'] as tf.Tensor2D, false, true);
      return { ...moments, summary: tf.add(told, weights['summary.bias'] as tf.Tensor) };
    };
    const threading = 'sleeping';
    const forward = await device.compile(
      (tensors) =>
        encode(
          Object.fromEntries(names.map((name) => [name, tensors[`parameters/${name}`] as tf.Tensor])),
          tensors['x'] as tf.Tensor,
        ),
      { inputs, precision, threading },
    );
    if (!gradients) return new EncoderPrograms(forward, undefined, options);
    const bars: Record<string, TensorSpec> = {
      meanBar: { shape: [data, vae.latent] },
      logVarianceBar: { shape: [data, vae.latent] },
      ...(summary === 0 ? {} : { summaryBar: { shape: [data, summary] } }),
    };
    const backward = await device.compile(
      (tensors) => {
        const found = tf.grads((...values: tf.Tensor[]) => {
          const weights = Object.fromEntries(names.map((name, index) => [name, values[index] as tf.Tensor]));
          const outputs = encode(weights, tensors['x'] as tf.Tensor);
          const along = Object.entries(outputs).map(([name, value]) =>
            tf.sum(tf.mul(value, tensors[`${name}Bar`] as tf.Tensor)),
          );
          return along.reduce((a, b) => tf.add(a, b));
        })(names.map((name) => tensors[`parameters/${name}`] as tf.Tensor));
        return Object.fromEntries(names.map((name, index) => [`gradients/${name}`, found[index] as tf.Tensor]));
      },
      { inputs: { ...inputs, ...bars }, precision, threading },
    );
    return new EncoderPrograms(forward, backward, options);
  }

  /** @param parameters by "parameters/name" */
  async run(parameters: Feeds, x: Floats): Promise<void> {
    const { mean, logVariance, summary } = this;
    await this.forward.run(
      { ...this.own(parameters), x },
      { mean, logVariance, ...(summary.length > 0 && { summary }) },
    );
  }

  /**
   * Writes the gradient of Σ cotangent · output into `gradients`, by "gradients/name".
   * @param bars cotangents `[B, ·]` of mean, log variance and summary
   */
  async gradient(
    parameters: Feeds,
    x: Floats,
    bars: { readonly mean: Floats; readonly logVariance: Floats; readonly summary: Floats },
    gradients: Record<string, Floats>,
  ): Promise<void> {
    if (this.backward === undefined) throw new Error('The encoder was opened without gradients.');
    const { mean: meanBar, logVariance: logVarianceBar, summary: summaryBar } = bars;
    const feeds = { ...this.own(parameters), x, meanBar, logVarianceBar, ...(summaryBar.length > 0 && { summaryBar }) };
    const into = Object.fromEntries(
      this.names.map((name) => [`gradients/${name}`, gradients[`gradients/${name}`] as Floats]),
    );
    await this.backward.run(feeds, into);
  }

  async dispose(): Promise<void> {
    await this.forward.dispose();
    await this.backward?.dispose();
  }

  private own(parameters: Feeds): Record<string, Floats> {
    return Object.fromEntries(
      this.names.map((name) => [`parameters/${name}`, parameters[`parameters/${name}`] as Floats]),
    );
  }
}
