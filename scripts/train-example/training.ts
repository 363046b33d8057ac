import * as tf from '@tensorflow/tfjs-core';
import type { Device } from '../../src/main/tensor/types';
import { train as trainNetwork } from '../../src/main/trainers';
import { drawGlyphs, pixels } from './glyphs';
import { elbo, initialParameters, latent, parameterShapes, type Parameters } from './model';
import { normalRows } from './random';

export interface TrainingOptions {
  readonly seed: number;
  readonly iterations: number;
  /** Glyphs in a minibatch. */
  readonly batch: number;
  /** Adam's at the start; falls to zero along half a cosine. */
  readonly learningRate: number;
  /** Called after each iteration with the minibatch's mean ELBO, nats. */
  readonly onIteration?: (iteration: number, elbo: number) => void;
}

/**
 * Trains the VAE with the reparameterised gradient of its ELBO. Every minibatch is drawn afresh, so there is nothing to overfit.
 */
export async function train(device: Device, options: TrainingOptions): Promise<Parameters> {
  const { seed, iterations, batch, learningRate, onIteration } = options;
  const training = trainNetwork({
    device,
    shapes: parameterShapes,
    initial: initialParameters(seed),
    inputs: { x: { shape: [batch, pixels] }, noise: { shape: [batch, latent] } },
    loss: (parameters, { x, noise }) => {
      const bound = elbo(parameters, x as tf.Tensor2D, noise as tf.Tensor2D);
      const loss = tf.neg<tf.Scalar>(tf.mean(tf.sub(bound.reconstruction, tf.sum(bound.divergence, 1))));
      return { loss, report: { ELBO: tf.neg(loss) } };
    },
    feed: (iteration, { x, noise }) => {
      drawGlyphs(x as Float32Array, seed, 'training', iteration * batch);
      normalRows(noise as Float32Array, seed, 'trainingNoise', { first: iteration * batch, width: latent });
    },
    iterations,
    learningRate,
    decay: 'cosine',
  });
  for (;;) {
    const { done, value } = await training.next();
    if (done === true) return value.parameters;
    onIteration?.(value.iteration - 1, value.report['ELBO'] ?? Number.NaN);
  }
}
