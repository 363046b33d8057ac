import * as tf from '@tensorflow/tfjs-core';
import type { Activation } from '../../src/shared/runFile';
import { part, type Part } from './parts';

/** Of the distance between a gradient's length and 1 in the critic's loss, as Gulrajani et al. have it. */
const penalty = 10;

export interface GanSpec {
  readonly pixels: number;
  /** d */
  readonly latent: number;
  /** Widths from z to x. */
  readonly hidden: readonly number[];
  readonly activation: Activation;
  readonly output: Activation;
  /** Widths of the critic's hidden layers. */
  readonly criticHidden: readonly number[];
}

type Tensors = Record<string, tf.Tensor>;

/** A Wasserstein GAN with gradient penalty (Gulrajani et al. 2017): functions of its parameters. */
export interface Gan {
  readonly decoder: Part;
  readonly critic: Part;
  /** E[f(real)] − E[f(made)], a lower bound on the Wasserstein distance where f's slope is at most 1. */
  readonly distance: (parameters: Tensors, real: tf.Tensor2D, made: tf.Tensor2D) => tf.Scalar;
  /**
   * E[(|∇f| − 1)²] at points between real and made images.
   * @param mix uniforms `[n, 1]`, how much of the real image is in a point
   */
  readonly penalty: (parameters: Tensors, real: tf.Tensor2D, made: tf.Tensor2D, mix: tf.Tensor2D) => tf.Scalar;
}

export function gan({ pixels, latent, hidden, activation, output, criticHidden }: GanSpec): Gan {
  const decoder = part('decoder', { inputs: latent, hidden, outputs: pixels, activation, output });
  const critic = part('critic', { inputs: pixels, hidden: criticHidden, outputs: 1, activation: 'leakyRelu' });
  const mean = (parameters: Tensors, x: tf.Tensor2D): tf.Scalar => tf.mean(critic.apply(parameters, x));
  return {
    decoder,
    critic,
    distance: (parameters, real, made) => tf.sub(mean(parameters, real), mean(parameters, made)),
    penalty: (parameters, real, made, mix) => {
      const between = tf.add(made, tf.mul(mix, tf.sub(real, made)));
      const slope = tf.grad((x: tf.Tensor) => tf.sum(critic.apply(parameters, x as tf.Tensor2D)))(between);
      // The root's own slope is infinite at zero.
      const length = tf.sqrt(tf.add(tf.sum(tf.square(slope), 1), 1e-12));
      return tf.mul(penalty, tf.mean(tf.square(tf.sub(length, 1))));
    },
  };
}

/**
 * The energy distance 2 E|x − y| − E|x − x′| − E|y − y′| between two samples of equal size, zero in expectation where they are of one
 * distribution (Székely and Rizzo 2013). It needs no critic, so that it can judge one generator against another.
 */
export function energyDistance(x: tf.Tensor2D, y: tf.Tensor2D): tf.Scalar {
  const count = x.shape[0];
  const total = (a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor => {
    const [squaresA, squaresB] = [tf.sum(tf.square(a), 1, true), tf.sum(tf.square(b), 1, true)];
    const squares = tf.sub(tf.add(squaresA, tf.transpose(squaresB)), tf.mul(2, tf.matMul(a, b, false, true)));
    return tf.sum(tf.sqrt(tf.maximum(squares, 0)));
  };
  const within = tf.div(tf.add(total(x, x), total(y, y)), count * (count - 1));
  return tf.sub(tf.div(tf.mul(2, total(x, y)), count * count), within);
}
