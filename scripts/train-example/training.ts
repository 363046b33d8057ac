import * as tf from '@tensorflow/tfjs-core';
import { sizeOf, type Device, type Program, type TensorData, type TensorSpec } from '../../src/main/tensor/types';
import { adam, adamRate } from './adam';
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

const names = Object.keys(parameterShapes);

/** What a parameter drags along: itself and Adam's two moments. */
const parts = ['value', 'first', 'second'] as const;

/**
 * Trains the VAE with the reparameterised gradient of its ELBO. Every minibatch is drawn afresh, so there is nothing to overfit.
 * One compiled program holds loss, gradients and Adam; it reads one set of buffers and writes the other, and the two swap.
 */
export async function train(device: Device, options: TrainingOptions): Promise<Parameters> {
  const { seed, iterations, batch, learningRate, onIteration } = options;
  const step = await compileStep(device, batch);
  const initial = initialParameters(seed);
  const [x, noise, rate] = [new Float32Array(batch * pixels), new Float32Array(batch * latent), new Float32Array(1)];
  const data = { x, noise, rate };
  const meanElbo = new Float32Array(1);
  let current = buffers((name, part) => (part === 'value' ? initial[name] : undefined));
  let next = buffers();
  for (let iteration = 0; iteration < iterations; iteration += 1) {
    drawGlyphs(x, seed, 'training', iteration * batch);
    normalRows(noise, seed, 'trainingNoise', { first: iteration * batch, width: latent });
    const remaining = 0.5 * (1 + Math.cos((Math.PI * iteration) / iterations));
    rate[0] = adamRate(learningRate * remaining, iteration + 1);
    await step.run({ ...current, ...data }, { ...next, elbo: meanElbo });
    [current, next] = [next, current];
    onIteration?.(iteration, meanElbo[0] ?? Number.NaN);
  }
  await step.dispose();
  const trained = current;
  return Object.fromEntries(names.map((name) => [name, trained[`${name}/value`] as Float32Array]));
}

function compileStep(device: Device, batch: number): Promise<Program> {
  const inputs: Record<string, TensorSpec> = {
    x: { shape: [batch, pixels] },
    noise: { shape: [batch, latent] },
    rate: { shape: [] },
  };
  for (const name of names)
    for (const part of parts) inputs[`${name}/${part}`] = { shape: parameterShapes[name] ?? [] };
  return device.compile(
    (tensors) => {
      const values = names.map((name) => tensors[`${name}/value`] as tf.Tensor);
      const loss = (...parameters: tf.Tensor[]): tf.Scalar => {
        const named = Object.fromEntries(names.map((name, index) => [name, parameters[index] as tf.Tensor]));
        const bound = elbo(named, tensors.x as tf.Tensor2D, tensors.noise as tf.Tensor2D);
        return tf.neg(tf.mean(tf.sub(bound.reconstruction, tf.sum(bound.divergence, 1))));
      };
      const { value, grads } = tf.valueAndGrads(loss)(values);
      const outputs: Record<string, tf.Tensor> = { elbo: tf.neg(value) };
      names.forEach((name, index) => {
        const moments = {
          first: tensors[`${name}/first`] as tf.Tensor,
          second: tensors[`${name}/second`] as tf.Tensor,
        };
        const updated = adam(values[index] as tf.Tensor, grads[index] as tf.Tensor, moments, tensors.rate as tf.Tensor);
        outputs[`${name}/value`] = updated.parameter;
        outputs[`${name}/first`] = updated.moments.first;
        outputs[`${name}/second`] = updated.moments.second;
      });
      return outputs;
    },
    { inputs },
  );
}

/** One array for each part of each parameter; zeros where nothing else is given. */
function buffers(
  from?: (name: string, part: (typeof parts)[number]) => TensorData | undefined,
): Record<string, TensorData> {
  return Object.fromEntries(
    names.flatMap((name) =>
      parts.map((part) => [
        `${name}/${part}`,
        from?.(name, part) ?? new Float32Array(sizeOf(parameterShapes[name] ?? [])),
      ]),
    ),
  );
}
