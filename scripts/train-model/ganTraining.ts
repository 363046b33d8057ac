import * as tf from '@tensorflow/tfjs-core';
import { initialParameters, type Parameters } from '../../src/main/models/network';
import { train } from '../../src/main/trainers';
import { adam, adamRate } from '../../src/main/trainers/adam';
import { compileStep } from '../../src/main/trainers/step';
import { fillNormals, fillUniforms } from '../../src/main/tensor/random/streams';
import type { Device, TensorSpec } from '../../src/main/tensor/types';
import { RunError } from '../../src/shared/errors';
import { energyDistance, type Gan } from './ganModel';
import { minibatches, type Images } from './images';
import { keepBest, type Selected, type Selection } from './selection';

export interface GanTraining extends Selection {
  readonly latent: number;
  readonly batch: number;
  readonly learningRate: number;
  /** Updates of the critic for each of the generator. */
  readonly criticSteps: number;
  readonly seed: number;
}

/** Most held-out images that samples are compared with. */
const mostJudged = 1000;

/**
 * Trains a generator against a critic, and keeps the parameters of the epoch whose samples are nearest to the held-out images by their
 * energy distance. An epoch is as many updates of the critic as it takes to see every image once.
 */
export async function trainGan(device: Device, gan: Gan, images: Images, options: GanTraining): Promise<Selected> {
  const { batch, latent, learningRate, criticSteps, seed, epochs } = options;
  const { decoder, critic } = gan;
  const opponent = await startCritic(device, gan, images, options);
  const perEpoch = Math.max(1, Math.floor(opponent.perEpoch / criticSteps));
  const training = train({
    device,
    name: 'The generator',
    shapes: decoder.shapes,
    initial: initialParameters(decoder.shapes, seed),
    inputs: { ...specsOf(critic.shapes), latent: { shape: [batch, latent] } },
    loss: (parameters, tensors) => {
      const made = decoder.apply(parameters, tensors['latent'] as tf.Tensor2D);
      return { loss: tf.neg<tf.Scalar>(tf.mean(critic.apply(tensors, made))) };
    },
    feed: async (iteration, feeds, parameters) => {
      const current = await opponent.improve(iteration, parameters);
      for (const [name, values] of Object.entries(current)) (feeds[name] as Float32Array).set(values);
      drawNormals(feeds['latent'] as Float32Array, latent, seed, 'trainingNoise', 1 + iteration);
    },
    iterations: epochs * perEpoch,
    learningRate,
    decay: 'constant',
  });
  const judge = await heldOutDistance(device, gan, images, latent, seed);
  try {
    return await keepBest(training, perEpoch, async (parameters) => -(await judge.value(parameters)), options);
  } finally {
    await Promise.all([judge.dispose(), opponent.dispose()]);
  }
}

interface Opponent {
  /** Updates in which it sees every image once. */
  readonly perEpoch: number;
  /** Makes the updates that come before one of the generator; returns the critic's parameters. */
  readonly improve: (iteration: number, generator: Parameters) => Promise<Parameters>;
  readonly dispose: () => Promise<void>;
}

async function startCritic(device: Device, gan: Gan, images: Images, options: GanTraining): Promise<Opponent> {
  const { batch, latent, learningRate, criticSteps, seed } = options;
  const { decoder, critic } = gan;
  const { perEpoch, fill } = minibatches(images, batch, seed);
  const inputs: Record<string, TensorSpec> = {
    ...specsOf(decoder.shapes),
    real: { shape: [batch, images.pixels] },
    latent: { shape: [batch, latent] },
    mix: { shape: [batch, 1] },
  };
  const step = await compileStep(device, {
    shapes: critic.shapes,
    inputs,
    loss: (parameters, tensors) => {
      const real = tensors['real'] as tf.Tensor2D;
      const made = decoder.apply(tensors, tensors['latent'] as tf.Tensor2D);
      const distance = gan.distance(parameters, real, made);
      const penalty = gan.penalty(parameters, real, made, tensors['mix'] as tf.Tensor2D);
      return { loss: tf.sub<tf.Scalar>(penalty, distance) };
    },
  });
  const optimiser = adam(critic.shapes, { parameters: initialParameters(critic.shapes, seed + 1) });
  const real = new Float32Array(batch * images.pixels);
  const normals = new Float32Array(batch * latent);
  const mix = new Float32Array(batch);
  const loss = new Float32Array(1);
  return {
    perEpoch,
    improve: async (iteration, generator) => {
      for (let update = iteration * criticSteps; update < (iteration + 1) * criticSteps; update += 1) {
        fill(real, update);
        drawNormals(normals, latent, seed, 'trainingLatent', update);
        const rows = { firstChain: 0, chains: 1, firstDatum: 0, data: batch, width: 1 };
        fillUniforms(mix, { seed, stream: 'trainingAccept', step: update, ...rows });
        const feeds = { ...generator, ...optimiser.feeds, real, latent: normals, mix };
        await step.run(feeds, { ...optimiser.gradients, loss });
        if (!Number.isFinite(loss[0]))
          throw new RunError(
            `The critic diverged in training: at update ${update + 1} its loss is ${loss[0]}. Use a --learning-rate below ${learningRate}.`,
          );
        optimiser.update(adamRate(learningRate, update + 1));
      }
      return optimiser.parameters;
    },
    dispose: () => step.dispose(),
  };
}

/** The energy distance of as many samples from held-out images, with the same z each time. */
async function heldOutDistance(
  device: Device,
  { decoder }: Gan,
  { heldOut, pixels }: Images,
  latent: number,
  seed: number,
): Promise<{ readonly value: (parameters: Parameters) => Promise<number>; readonly dispose: () => Promise<void> }> {
  const count = Math.min(mostJudged, heldOut.length / pixels);
  const program = await device.compile(
    (tensors) => {
      const made = decoder.apply(tensors, tensors['latent'] as tf.Tensor2D);
      return { distance: energyDistance(tensors['x'] as tf.Tensor2D, made) };
    },
    { inputs: { ...specsOf(decoder.shapes), x: { shape: [count, pixels] }, latent: { shape: [count, latent] } } },
  );
  const normals = new Float32Array(count * latent);
  drawNormals(normals, latent, seed, 'trainingNoise', 0);
  return {
    value: async (parameters) => {
      const x = heldOut.subarray(0, count * pixels);
      const { distance } = await program.run({ ...parameters, x, latent: normals });
      return distance?.[0] ?? Number.NaN;
    },
    dispose: () => program.dispose(),
  };
}

function specsOf(shapes: Readonly<Record<string, readonly number[]>>): Record<string, TensorSpec> {
  return Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, { shape }]));
}

/** @param step of 'trainingNoise', 0 for the samples that are judged, 1 + iteration for the generator's updates */
function drawNormals(
  out: Float32Array,
  width: number,
  seed: number,
  stream: 'trainingLatent' | 'trainingNoise',
  step: number,
): void {
  const rows = { firstChain: 0, chains: 1, firstDatum: 0, data: out.length / width, width };
  fillNormals(out, { seed, stream, step, ...rows });
}
