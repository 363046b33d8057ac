import type * as tf from '@tensorflow/tfjs-core';
import type { GenerativeModel } from '../models';
import type { Critic } from '../models/critic';
import type { Parameters } from '../models/network';
import { compileAnnealing, emptyInfo, emptyState, type TransitionInfo } from '../samplers/annealedPrograms';
import { noiseOf } from '../samplers/chainNoise';
import type { Constant, Device, TensorData, TensorSpec } from '../tensor/types';
import type { CriticBase } from './criticBase';
import { fillPairs, pairInputs, simulatePairs } from './pairs';

type Tensors = Record<string, tf.Tensor>;

export interface EnergySamplesOptions {
  readonly device: Device;
  readonly model: GenerativeModel;
  readonly critic: Critic;
  readonly base: CriticBase;
  readonly batch: number;
  /** M */
  readonly transitions: number;
  /** L */
  readonly leapfrog: number;
  readonly stepSize: number;
  readonly seed: number;
}

/** Draws minibatches of pairs with samples of π(z | x) ∝ q(z | x) e^{T(x, z)} for each x. */
export interface EnergySamples {
  /**
   * Fills `x [B, D]`, `z [B, d]` (the true samples), `chains [B, d]` (where HMC chains from there ended) and `acceptance`, the share of
   * accepted transitions, NaN where there are none.
   */
  readonly draw: (
    iteration: number,
    feeds: Readonly<Record<string, TensorData>>,
    parameters: Parameters,
  ) => Promise<void>;
  readonly dispose: () => Promise<void>;
}

/** The arrays that `draw` fills, as inputs of a program. */
export function energyInputs({ decoder }: GenerativeModel, batch: number): Record<string, TensorSpec> {
  const { latent, outputs } = decoder;
  return {
    x: { shape: [batch, outputs] },
    z: { shape: [batch, latent] },
    chains: { shape: [batch, latent] },
    acceptance: { shape: [] },
  };
}

/**
 * Compiles the programs. The parameters are inputs of them, since they change with every update. What the critic's first layer and the
 * base make of x is computed once for a minibatch, so that a leapfrog step is left with what depends on z.
 */
export async function energySamples(options: EnergySamplesOptions): Promise<EnergySamples> {
  const { device, model, critic, base, batch, transitions, leapfrog, stepSize, seed } = options;
  const { latent } = model.decoder;
  const encoder = await compileEncoder(options);
  const programs = await compileAnnealing(
    {
      device,
      latent,
      constants: {},
      inputs: (data) => ({
        encoded: encoder.outputs['encoded'] as TensorSpec,
        ...base.inputs(data),
        ...asInputs(critic.shapes),
      }),
      path: (tensors) => ({
        logBase: (z) => base.logDensity(tensors, z),
        logRatio: (z) => critic.applyEncoded(own(tensors), tensors['encoded'] as tf.Tensor2D, z),
      }),
    },
    1,
    batch,
  );
  const noise = Object.fromEntries(
    Object.entries(pairInputs(model, batch)).map(([name, { shape }]) => [name, arrayOf(shape)]),
  );
  const encoded = Object.fromEntries(
    Object.entries(encoder.outputs).map(([name, { shape }]) => [name, arrayOf(shape)]),
  );
  let [state, spare] = [emptyState(batch, latent), emptyState(batch, latent)];
  const info = emptyInfo(batch);
  const place = { seed, chains: 1, firstDatum: 0, data: batch };
  const drawNoise = noiseOf(
    { ...place, momentum: 'trainingMomentum', accept: 'trainingAccept', firstChain: 0 },
    latent,
    0,
  );
  return {
    draw: async (iteration, feeds, parameters) => {
      fillPairs(model, noise, seed, iteration);
      const weights = asFeeds(parameters);
      const [x, z] = [feeds['x'] as Float32Array, feeds['z'] as Float32Array];
      await encoder.run({ ...noise, ...weights }, { ...encoded, x, z });
      const inputs = { ...encoded, ...weights };
      let accepted = 0;
      if (transitions > 0) await programs.init(z, inputs, state);
      for (let transition = 0; transition < transitions; transition += 1) {
        // Each transition of an iteration has a chain's numbers of its own: steps count iterations.
        const drawn = drawNoise(iteration, stepSize, transition);
        await programs.transition(state, spare, inputs, { ...drawn, beta: 1, leapfrog }, info);
        [state, spare] = [spare, state];
        accepted += shareOf(info);
      }
      (feeds['chains'] as Float32Array).set(transitions > 0 ? state.position : z);
      (feeds['acceptance'] as Float32Array)[0] = accepted / transitions;
    },
    dispose: async () => {
      await encoder.dispose();
      await programs.dispose();
    },
  };
}

/** Pairs, and what does not change while chains move: the critic's and the base's part of x. */
function compileEncoder({ device, model, critic, base, batch }: EnergySamplesOptions) {
  const constants: Record<string, Constant> = { ...model.decoder.constants, ...base.constants };
  return device.compile(
    (tensors) => {
      const { z, x } = simulatePairs(model, tensors);
      return { z, x, encoded: critic.encode(own(tensors), x), ...base.encode({ ...tensors, ...own(tensors) }, x) };
    },
    {
      inputs: { ...pairInputs(model, batch), ...asInputs({ ...critic.shapes, ...base.shapes }) },
      constants,
    },
  );
}

/** Parameters have names of their own among a model's constants and the inputs. */
const prefix = 'parameters/';

function asInputs(shapes: Readonly<Record<string, readonly number[]>>): Record<string, TensorSpec> {
  return Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [`${prefix}${name}`, { shape }]));
}

function asFeeds(parameters: Parameters): Record<string, Float32Array> {
  return Object.fromEntries(Object.entries(parameters).map(([name, data]) => [`${prefix}${name}`, data]));
}

function own(tensors: Tensors): Tensors {
  return Object.fromEntries(
    Object.entries(tensors)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, tensor]) => [name.slice(prefix.length), tensor]),
  );
}

function arrayOf(shape: readonly number[]): Float32Array {
  return new Float32Array(shape.reduce((product, extent) => product * extent, 1));
}

function shareOf({ accepted }: TransitionInfo): number {
  return accepted.reduce((total, value) => total + value, 0) / accepted.length;
}
