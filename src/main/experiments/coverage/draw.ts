import type * as tf from '@tensorflow/tfjs-core';
import { RunError } from '../../../shared/errors';
import type { CoverageRunSpec } from '../../../shared/runFile';
import type { GenerativeModel } from '../../models';
import type { Classifier } from '../../models/classifier';
import { fillNormals, fillUniforms } from '../../tensor/random/streams';
import type { Device, TensorData } from '../../tensor/types';

/** Items at once. */
const rows = 250;

/** Draws items of a model: z from the prior, then the mean of p(x | z) or a draw of it. Yields how many there are. */
export async function* drawItems(
  { samples, draws, rescale, seed }: CoverageRunSpec,
  model: GenerativeModel,
  device: Device,
): AsyncGenerator<number, Float32Array> {
  const { latent, outputs, constants } = model.decoder;
  const { type } = model.likelihood;
  const program = await device.compile((t) => ({ output: model.decoder.apply(t, t['z'] as tf.Tensor2D) }), {
    inputs: { z: { shape: [rows, latent] } },
    constants,
  });
  const items = new Float32Array(samples * outputs);
  try {
    for (let first = 0; first < samples; first += rows) {
      const z = new Float32Array(rows * latent);
      const block = { seed, step: 0, firstChain: 0, chains: 1, firstDatum: first, data: rows };
      fillNormals(z, { ...block, stream: 'dataLatent', width: latent });
      const output = (await program.run({ z }))['output'] as Float32Array;
      if (!output.every(Number.isFinite))
        throw new RunError('The decoder gives values that are not finite. Check the layers and the weights.');
      let drawn = type === 'bernoulli' ? output.map((logit) => 1 / (1 + Math.exp(-logit))) : output;
      if (draws === 'sample') {
        const noise = new Float32Array(output.length);
        const fill = type === 'bernoulli' ? fillUniforms : fillNormals;
        fill(noise, { ...block, stream: 'dataNoise', width: outputs });
        drawn = model.likelihood.sample(output, noise);
      }
      const last = Math.min(samples, first + rows);
      items.set(drawn.subarray(0, (last - first) * outputs), first * outputs);
      yield last;
    }
  } finally {
    await program.dispose();
  }
  return rescale === 'from-tanh' ? items.map((value) => (value + 1) / 2) : items;
}

/** What a classifier makes of items. */
export interface Classified {
  /** Most probable class, `[n]`. */
  readonly labels: Int32Array;
  /** Its probability, `[n]`. */
  readonly confidence: Float32Array;
  /** `[n, F]` */
  readonly features: Float32Array;
}

/** @param x `[n, D]`; yields how many are done */
export async function* classify(
  classifier: Classifier,
  device: Device,
  x: Float32Array,
): AsyncGenerator<number, Classified> {
  const { inputs, features: width, classes, constants } = classifier;
  const count = x.length / inputs;
  const program = await device.compile((t) => ({ ...classifier.apply(t, t['x'] as tf.Tensor2D) }), {
    inputs: { x: { shape: [rows, inputs] } },
    constants,
  });
  const labels = new Int32Array(count);
  const confidence = new Float32Array(count);
  const features = new Float32Array(count * width);
  try {
    const feed = new Float32Array(rows * inputs);
    for (let first = 0; first < count; first += rows) {
      const last = Math.min(count, first + rows);
      feed.set(x.subarray(first * inputs, last * inputs));
      const { logits = new Float32Array(), features: found = new Float32Array() } = await program.run({ x: feed });
      features.set(found.subarray(0, (last - first) * width), first * width);
      for (let row = first; row < last; row += 1) {
        const [label, probability] = best(logits, (row - first) * classes.length, classes.length);
        labels[row] = label;
        confidence[row] = probability;
      }
      yield last;
    }
  } finally {
    await program.dispose();
  }
  return { labels, confidence, features };
}

/** The greatest of some logits, and its share of their softmax. */
function best(logits: TensorData, from: number, count: number): readonly [number, number] {
  let [label, most] = [0, -Infinity];
  for (let k = 0; k < count; k += 1) if ((logits[from + k] ?? NaN) > most) [label, most] = [k, logits[from + k] ?? NaN];
  let total = 0;
  for (let k = 0; k < count; k += 1) total += Math.exp((logits[from + k] ?? NaN) - most);
  return [label, 1 / total];
}
