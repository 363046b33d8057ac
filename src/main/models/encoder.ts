import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '../../shared/errors';
import type { EncoderProposalSpec } from '../../shared/runFile';
import type { Checkpoint } from '../checkpoints';
import { sizeOf, type Constant } from '../tensor/types';
import {
  leastLogStd,
  type ConditionalGaussian,
  type EncoderHeads,
  type GaussianArchitecture,
} from './conditionalGaussian';
import { guessEncoder } from './guessEncoder';
import { buildChain, tensorOf } from './layers/chain';
import { linear } from './layers/linear';
import { flatten, unflatten } from './layers/reshape';
import type { BuiltLayer } from './layers/types';
import type { GenerativeModel } from './model';
import type { Parameters } from './network';

/** An encoder of a checkpoint as q(z | x), with its weights. */
export interface Encoder {
  readonly gaussian: ConditionalGaussian;
  readonly parameters: Parameters;
  /** What was guessed, as sentences. */
  readonly notes: readonly string[];
}

/**
 * The encoder of a VAE checkpoint. What the run file leaves out is guessed.
 * @param where the proposal in the run file, for errors
 * @throws InputError naming the layer or head that is missing or does not fit the model
 */
export function buildEncoder(
  spec: Pick<EncoderProposalSpec, 'layers' | 'mean' | 'logVariance'>,
  checkpoint: Checkpoint,
  model: GenerativeModel,
  where: string,
): Encoder {
  const { latent, outputShape } = model.decoder;
  const { mean, logVariance } = spec;
  if ((mean === undefined) !== (logVariance === undefined)) {
    throw new InputError(where, `names ${mean === undefined ? '"logVariance"' : '"mean"'} alone`, 'Name both or none.');
  }
  let heads = mean === undefined || logVariance === undefined ? undefined : { mean, logVariance };
  let layers = spec.layers;
  let notes: readonly string[] = [];
  if (layers === undefined) {
    const guess = guessEncoder(checkpoint, { latent, dataShape: outputShape, decoder: model.spec.decoder });
    if ('reason' in guess) {
      throw new InputError(
        where,
        `the encoder cannot be guessed: ${guess.reason}`,
        'Name "layers", or another "checkpoint".',
      );
    }
    ({ layers, notes } = guess);
    heads ??= guess.heads;
  }
  return { ...assemble({ type: 'encoder', layers, ...(heads && { heads }) }, checkpoint, model, where), notes };
}

type EncoderArchitecture = Extract<GaussianArchitecture, { type: 'encoder' }>;

function assemble(
  architecture: EncoderArchitecture,
  checkpoint: Checkpoint,
  model: GenerativeModel,
  where: string,
): Omit<Encoder, 'notes'> {
  const { layers, heads } = architecture;
  const { latent, outputs, outputShape } = model.decoder;
  const first = layers.find((layer) => typeof layer === 'object' && !('leakyRelu' in layer));
  // Only a convolution sees x as an image; a linear layer would flatten it again.
  const inputShape = typeof first === 'object' && 'conv' in first ? outputShape : [outputs];
  const input = `x, which has ${outputs} numbers,`;
  const trunk = buildChain(layers, checkpoint, { where: `${where}.layers`, inputShape, input });
  const ends = heads === undefined ? undefined : buildHeads(heads, trunk.outputShape, checkpoint, where);
  const given = ends === undefined ? sizeOf(trunk.outputShape) : undefined;
  if (given !== undefined && given !== 2 * latent) {
    throw new InputError(
      where,
      `the encoder's last layer gives ${given} numbers, and mean and log variance of z take ${2 * latent}`,
      `Name a last layer of ${2 * latent}, or "mean" and "logVariance".`,
    );
  }
  for (const [role, { outputShape: shape, name }] of Object.entries(ends ?? {})) {
    if (shape[0] !== latent) {
      throw new InputError(
        `${where}.${role}`,
        `"${name}" gives ${shape[0]} numbers, but z has ${latent} dimensions`,
        'Name another layer.',
      );
    }
  }
  const constants: Record<string, Constant> = {
    ...trunk.constants,
    ...ends?.mean.constants,
    ...ends?.logVariance.constants,
  };
  const entries = Object.entries(constants);
  return {
    parameters: Object.fromEntries(entries.map(([key, { data }]) => [key, data as Float32Array])),
    gaussian: {
      architecture,
      latent,
      outputs,
      shapes: Object.fromEntries(entries.map(([key, { shape }]) => [key, shape])),
      moments: (parameters, x) => {
        const features = trunk.apply(parameters, unflatten(x, inputShape));
        const [mean, logVariance] =
          ends === undefined
            ? tf.split(flatten(features, trunk.outputShape), 2, 1)
            : [ends.mean.apply(features, parameters), ends.logVariance.apply(features, parameters)];
        return {
          mean: mean as tf.Tensor2D,
          logStd: tf.maximum(tf.mul(0.5, logVariance as tf.Tensor2D), leastLogStd),
        };
      },
    },
  };
}

function buildHeads(
  heads: EncoderHeads,
  inputShape: readonly number[],
  checkpoint: Checkpoint,
  where: string,
): Record<keyof EncoderHeads, BuiltLayer> {
  const head = (role: keyof EncoderHeads): BuiltLayer =>
    linear(heads[role], {
      where: `${where}.${role}`,
      previous: 'what comes before it',
      inputShape,
      tensor: (key) => tensorOf(checkpoint, key, `${where}.${role}`),
      optionalTensor: (key) => checkpoint.tensors.get(key),
    });
  return { mean: head('mean'), logVariance: head('logVariance') };
}
