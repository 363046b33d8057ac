import * as tf from '@tensorflow/tfjs-core';
import { train } from '../../src/main/trainers';
import { fillNormals } from '../../src/main/tensor/random/streams';
import type { Device, TensorSpec } from '../../src/main/tensor/types';
import type { Parameters } from '../../src/main/models/network';
import { minibatches, type Images } from './images';
import { keepBest, type Selected, type Selection } from './selection';
import type { Vae } from './vaeModel';

export interface VaeTraining extends Selection {
  readonly latent: number;
  readonly batch: number;
  readonly learningRate: number;
  readonly seed: number;
}

/** Trains on the ELBO with Adam, and keeps the parameters of the epoch whose held-out ELBO is best. */
export async function trainVae(device: Device, vae: Vae, images: Images, options: VaeTraining): Promise<Selected> {
  const { batch, latent, learningRate, seed, epochs } = options;
  const { perEpoch, fill } = minibatches(images, batch, seed);
  const training = train({
    device,
    name: 'The VAE',
    shapes: vae.shapes,
    initial: vae.initial(seed),
    inputs: { x: { shape: [batch, images.pixels] }, normals: { shape: [batch, latent] } },
    loss: (parameters, { x, normals }) => {
      const loss = tf.neg<tf.Scalar>(tf.mean(vae.elbo(parameters, x as tf.Tensor2D, normals as tf.Tensor2D)));
      return { loss, report: { elbo: tf.neg(loss) } };
    },
    feed: (iteration, { x, normals }) => {
      fill(x as Float32Array, iteration);
      drawNormals(normals as Float32Array, latent, seed, 1 + iteration);
    },
    iterations: epochs * perEpoch,
    learningRate,
    decay: 'constant',
  });
  const judge = await heldOutElbo(device, vae, images, latent, seed);
  try {
    return await keepBest(training, perEpoch, judge.value, options);
  } finally {
    await judge.dispose();
  }
}

/** The mean ELBO of the held-out images with the same z noise each time, nats. */
async function heldOutElbo(
  device: Device,
  vae: Vae,
  { heldOut, pixels }: Images,
  latent: number,
  seed: number,
): Promise<{ readonly value: (parameters: Parameters) => Promise<number>; readonly dispose: () => Promise<void> }> {
  const count = heldOut.length / pixels;
  const inputs: Record<string, TensorSpec> = { x: { shape: [count, pixels] }, normals: { shape: [count, latent] } };
  for (const [name, shape] of Object.entries(vae.shapes)) inputs[name] = { shape };
  const program = await device.compile(
    (tensors) => ({ elbo: vae.elbo(tensors, tensors['x'] as tf.Tensor2D, tensors['normals'] as tf.Tensor2D) }),
    { inputs },
  );
  const normals = new Float32Array(count * latent);
  drawNormals(normals, latent, seed, 0);
  return {
    value: async (parameters) => {
      const { elbo } = await program.run({ ...parameters, x: heldOut, normals });
      return (elbo as Float32Array).reduce((sum, value) => sum + value / count, 0);
    },
    dispose: () => program.dispose(),
  };
}

/** @param step 0 for the held-out images, 1 + iteration in training */
function drawNormals(out: Float32Array, width: number, seed: number, step: number): void {
  const rows = { firstChain: 0, chains: 1, firstDatum: 0, data: out.length / width, width };
  fillNormals(out, { seed, stream: 'trainingNoise', step, ...rows });
}
