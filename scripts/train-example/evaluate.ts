import * as tf from '@tensorflow/tfjs-core';
import type { Device, TensorSpec } from '../../src/main/tensor/types';
import { drawGlyphs, pixels } from './glyphs';
import { decode, elbo, encode, latent, parameterShapes, type Parameters } from './model';
import { normalRows } from './random';

export interface Evaluation {
  /** Mean over the glyphs, nats. */
  readonly elbo: number;
  /** Standard error of that mean. */
  readonly standardError: number;
  /** Mean KL(q(z | x) ‖ p(z)) of each unit, nats; near zero for a unit that the decoder ignores. */
  readonly divergence: readonly number[];
}

const parameterInputs: Record<string, TensorSpec> = Object.fromEntries(
  Object.entries(parameterShapes).map(([name, shape]) => [name, { shape }]),
);

/** ELBO on the first glyphs of the held-out set, one z each. The same numbers on every call, up to the device's rounding. */
export async function evaluate(
  device: Device,
  parameters: Parameters,
  seed: number,
  count: number,
): Promise<Evaluation> {
  const inputs = { ...parameterInputs, x: { shape: [count, pixels] }, noise: { shape: [count, latent] } };
  const program = await device.compile(
    (tensors) => ({ ...elbo(tensors, tensors.x as tf.Tensor2D, tensors.noise as tf.Tensor2D) }),
    { inputs },
  );
  const x = new Float32Array(count * pixels);
  drawGlyphs(x, seed, 'heldOut', 0);
  const noise = new Float32Array(count * latent);
  normalRows(noise, seed, 'heldOutNoise', { first: 0, width: latent });
  const { reconstruction, divergence } = (await program.run({ ...parameters, x, noise })) as Record<
    string,
    Float32Array
  >;
  await program.dispose();

  const units = Array.from({ length: latent }, () => 0);
  const elbos = Array.from({ length: count }, (_, row) => {
    let value = reconstruction?.[row] ?? Number.NaN;
    for (let unit = 0; unit < latent; unit += 1) {
      const nats = divergence?.[row * latent + unit] ?? Number.NaN;
      value -= nats;
      units[unit] = (units[unit] ?? 0) + nats / count;
    }
    return value;
  });
  const mean = elbos.reduce((sum, value) => sum + value, 0) / count;
  const variance = elbos.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1);
  return { elbo: mean, standardError: Math.sqrt(variance / count), divergence: units };
}

/**
 * Images to look at: held-out glyphs, what the model makes of the mean of their codes, and samples from the prior.
 * @returns probabilities of ink, `count` rows of `pixels` each
 */
export async function pictures(
  device: Device,
  parameters: Parameters,
  seed: number,
  count: number,
): Promise<{ glyphs: Float32Array; reconstructions: Float32Array; samples: Float32Array }> {
  const inputs = { ...parameterInputs, x: { shape: [count, pixels] }, z: { shape: [count, latent] } };
  const program = await device.compile(
    (tensors) => ({
      reconstructions: tf.sigmoid(decode(tensors, encode(tensors, tensors.x as tf.Tensor2D).mean)),
      samples: tf.sigmoid(decode(tensors, tensors.z as tf.Tensor2D)),
    }),
    { inputs },
  );
  const glyphs = new Float32Array(count * pixels);
  drawGlyphs(glyphs, seed, 'heldOut', 0);
  const z = new Float32Array(count * latent);
  normalRows(z, seed, 'samples', { first: 0, width: latent });
  const { reconstructions, samples } = (await program.run({ ...parameters, x: glyphs, z })) as Record<
    string,
    Float32Array
  >;
  await program.dispose();
  return { glyphs, reconstructions: reconstructions as Float32Array, samples: samples as Float32Array };
}
