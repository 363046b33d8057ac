import * as tf from '@tensorflow/tfjs-core';
import { nice, type NiceSpec } from '../../models/nice';
import { initialParameters, type Parameters } from '../../models/network';
import type { Device } from '../../tensor/types';
import { train, type Trained, type TrainingProgress, type TrainingSnapshot } from '../train';
import { dequantise } from './pixels';

export interface NiceTraining {
  readonly batch: number;
  readonly iterations: number;
  readonly learningRate: number;
  /** λ of ½ λ |θ|², which is added to the loss. */
  readonly l2: number;
  readonly seed: number;
  /** Writes the quantised images of a minibatch, `[batch, d]`. */
  readonly fill: (out: Float32Array, iteration: number) => void;
}

/** Trains a flow on the likelihood of images that are dequantised anew in each minibatch, with Adam. Reports log p(x) per image, nats. */
export function trainNice(
  device: Device,
  flow: NiceSpec,
  { batch, iterations, learningRate, l2, seed, fill }: NiceTraining,
  resume?: TrainingSnapshot,
): AsyncGenerator<TrainingProgress, Trained> {
  const { dim } = flow;
  const { shapes, logDensity } = nice(flow);
  const problem = {
    device,
    name: 'The flow',
    shapes,
    initial: initialParameters(shapes, seed),
    inputs: { x: { shape: [batch, dim] } },
    loss: (parameters: Record<string, tf.Tensor>, { x }: Record<string, tf.Tensor>) => {
      const likelihood = tf.mean<tf.Scalar>(logDensity(parameters, x as tf.Tensor2D));
      const squares = Object.keys(shapes).map((name) => tf.sum<tf.Scalar>(tf.square(parameters[name] as tf.Tensor)));
      return {
        loss: tf.sub<tf.Scalar>(tf.mul(tf.addN(squares), l2 / 2), likelihood),
        report: { logLikelihood: likelihood },
      };
    },
    feed: (iteration: number, feeds: Readonly<Record<string, unknown>>) => {
      const x = feeds['x'] as Float32Array;
      fill(x, iteration);
      dequantise(x, dim, seed, 1 + iteration);
    },
    iterations,
    learningRate,
    decay: 'constant',
  } as const;
  return train(problem, resume);
}

/** The mean log p(x) of quantised images under the flow, nats, with the same noise in them each time. */
export async function niceJudge(
  device: Device,
  flow: NiceSpec,
  images: Float32Array,
  seed: number,
): Promise<{ readonly value: (parameters: Parameters) => Promise<number>; readonly dispose: () => Promise<void> }> {
  const { dim } = flow;
  const { shapes, logDensity } = nice(flow);
  const count = images.length / dim;
  const x = images.slice();
  dequantise(x, dim, seed, 0);
  const inputs = Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, { shape }]));
  const program = await device.compile((tensors) => ({ log: logDensity(tensors, tensors['x'] as tf.Tensor2D) }), {
    inputs: { ...inputs, x: { shape: [count, dim] } },
  });
  return {
    value: async (parameters) => {
      const { log } = await program.run({ ...parameters, x });
      return (log as Float32Array).reduce((sum, value) => sum + value / count, 0);
    },
    dispose: () => program.dispose(),
  };
}
