import path from 'node:path';
import type * as tf from '@tensorflow/tfjs-core';
import { InputError } from '../../shared/errors';
import type { EvidenceSpec, FileDataSpec } from '../../shared/runFile';
import { readDataset } from '../datasets';
import type { GenerativeModel } from '../models';
import { fillNormals, fillUniforms, type Stream } from '../tensor/random/streams';
import type { Device } from '../tensor/types';

/** What a model is evaluated on. */
export interface EvaluationData {
  readonly count: number;
  /** `[count, D]` */
  readonly x: Float32Array;
  /** The z that each simulated x was drawn from: an exact sample of p(z | x), `[count, d]`. Absent for data from a file. */
  readonly exact?: Float32Array;
  readonly warnings: readonly string[];
}

/** @throws InputError when the file cannot be read or does not fit the model */
export async function evaluationData(
  spec: EvidenceSpec['data'],
  model: GenerativeModel,
  device: Device,
  options: { readonly directory: string; readonly seed: number },
): Promise<EvaluationData> {
  if ('simulate' in spec) return simulate(spec.simulate, model, device, options.seed, 'data');
  return dataFromFile(spec, model, options);
}

const simulationStreams: Record<'data' | 'pilot', [latent: Stream, noise: Stream]> = {
  data: ['dataLatent', 'dataNoise'],
  pilot: ['pilotLatent', 'pilotNoise'],
};

/** Draws z ~ N(0, I), then x ~ p(x | z). Read backwards, z is an exact sample of the posterior of x. */
export async function simulate(
  count: number,
  model: GenerativeModel,
  device: Device,
  seed: number,
  purpose: 'data' | 'pilot',
): Promise<EvaluationData> {
  const { latent, outputs, constants } = model.decoder;
  if (count * outputs > 2 ** 28) {
    throw new InputError(
      'data.simulate',
      `${count} data of ${outputs} numbers do not fit in memory`,
      'Use fewer data.',
    );
  }
  const [latentStream, noiseStream] = simulationStreams[purpose];
  const block = { seed, step: 0, firstChain: 0, chains: 1, firstDatum: 0, data: count };
  const exact = new Float32Array(count * latent);
  fillNormals(exact, { ...block, stream: latentStream, width: latent });
  const program = await device.compile((t) => ({ output: model.decoder.apply(t, t['z'] as tf.Tensor2D) }), {
    inputs: { z: { shape: [count, latent] } },
    constants,
  });
  const { output } = await program.run({ z: exact });
  await program.dispose();
  if (!output?.every(Number.isFinite)) {
    throw new InputError('model', 'its decoder gives values that are not finite', 'Check the layers and the weights.');
  }
  const noise = new Float32Array(count * outputs);
  const fill = model.likelihood.type === 'bernoulli' ? fillUniforms : fillNormals;
  fill(noise, { ...block, stream: noiseStream, width: outputs });
  const x = model.likelihood.sample(output as Float32Array, noise);
  return { count, x, exact, warnings: [] };
}

function dataFromFile(
  spec: FileDataSpec,
  model: GenerativeModel,
  { directory, seed }: { readonly directory: string; readonly seed: number },
): EvaluationData {
  const { offset, limit, array } = spec;
  const dataset = readDataset(path.resolve(directory, spec.file), { offset, limit, array });
  const width = dataset.shape.reduce((product, extent) => product * extent, 1);
  const { outputs } = model.decoder;
  if (width !== outputs) {
    throw new InputError(
      'data.file',
      `a datum of ${dataset.name} has ${width} numbers ([${dataset.shape.join(', ')}]), but the decoder gives ${outputs} ([${model.decoder.outputShape.join(', ')}])`,
      'Use the data that the model was trained on.',
    );
  }
  if (spec.binarise !== 'none' && model.likelihood.type !== 'bernoulli') {
    throw new InputError('data.binarise', 'makes sense only with a Bernoulli likelihood', 'Leave it out.');
  }
  const warnings: string[] = [];
  let x = scaled(dataset.values, spec, dataset.format);
  if (model.likelihood.type === 'bernoulli') {
    const bad = x.findIndex((value) => !(value >= 0 && value <= 1));
    if (bad >= 0) {
      throw new InputError(
        'data.file',
        `${dataset.name} holds ${x[bad]} in datum ${offset + Math.floor(bad / width)}, and a Bernoulli likelihood needs pixels in [0, 1]`,
        'Set data.scale to "unit" for bytes, or use a Gaussian likelihood.',
      );
    }
    x = binarised(x, spec, seed, dataset.count, width);
    if (x.some((value) => value !== 0 && value !== 1)) {
      warnings.push(
        'The data are grey levels: with a Bernoulli likelihood log p(x) is then no log density. Set data.binarise to compare models.',
      );
    }
  }
  return { count: dataset.count, x, warnings };
}

/** Bytes as 0 to 1, where the run file or the format says so. */
export function scaled(values: Float32Array, { scale }: Pick<FileDataSpec, 'scale'>, format: string): Float32Array {
  const bytes =
    scale === 'unit' || (scale === 'auto' && /^(idx|cifar10)/.test(format) && values.some((value) => value > 1));
  return bytes ? values.map((value) => value / 255) : values;
}

/** Grey levels as the run file wants them, the same for a datum whatever part of the file is used. */
export function binarised(
  x: Float32Array,
  { binarise, offset }: Pick<FileDataSpec, 'binarise' | 'offset'>,
  seed: number,
  count: number,
  width: number,
): Float32Array {
  if (binarise === 'none') return x;
  if (binarise === 'threshold') return x.map((value) => Number(value >= 0.5));
  const uniforms = new Float32Array(x.length);
  // Keyed by the place in the file, so that a datum is binarised alike whatever part of the file is used.
  const place = { firstChain: 0, chains: 1, firstDatum: offset, data: count, width };
  fillUniforms(uniforms, { seed, stream: 'binarise', step: 0, ...place });
  return x.map((value, index) => Number((uniforms[index] ?? 1) < value));
}
