import * as tf from '@tensorflow/tfjs-core';
import type { NetworkCriticSpec } from '../../shared/runFile';
import type { GenerativeModel } from '../models';
import type { Critic } from '../models/critic';
import type { TensorSpec } from '../tensor/types';
import type { CriticBase } from './criticBase';
import { energyInputs } from './energySamples';
import { giwae } from './objectives/giwae';
import { contrastive } from './objectives/infonce';
import { energyDifference, movedRows } from './objectives/mineAis';
import { mineDv } from './objectives/mineDv';
import { mineF } from './objectives/mineF';
import { freshNeeded, ownScores, priorScores, type Scores } from './objectives/scores';
import { pairInputs, simulatePairs } from './pairs';
import type { LossAndReport, LossFunction } from './step';

type Tensors = Record<string, tf.Tensor>;

/** Names of what learning curves show; all in nats, except the acceptance. */
export const criticQuantities = {
  infonce: 'InfoNCE lower bound on I',
  giwae: 'GIWAE lower bound on I',
  'mine-dv': 'MINE-DV estimate of I',
  'mine-f': 'MINE-F lower bound on I',
  base: 'BA lower bound on I',
  logAverage: 'log mean exp T, moving average',
  energyDifference: 'energy difference',
  acceptance: 'acceptance of HMC',
} as const;

/** What a critic is trained with. */
export interface CriticSetup {
  readonly spec: NetworkCriticSpec;
  readonly model: GenerativeModel;
  readonly critic: Critic;
  readonly base: CriticBase;
}

/**
 * Inputs of an update. MINE-AIS reads pairs and chains that were drawn before, the others the noise of pairs, and standard normals
 * `samples`: `[(K − 1)·B, d]` for the samples of a proposal, `[K − B, d]` from the prior where the minibatch has too few.
 */
export function criticInputs({ spec, model, base }: CriticSetup): Record<string, TensorSpec> {
  const { objective, batch, samples } = spec;
  const { latent } = model.decoder;
  if (objective === 'mine-ais') return energyInputs(model, batch);
  const inputs: Record<string, TensorSpec> = pairInputs(model, batch);
  const rows = base.isPrior ? freshNeeded(samples, batch) : (samples - 1) * batch;
  if (rows > 0) inputs['samples'] = { shape: [rows, latent] };
  if (objective === 'mine-dv') Object.assign(inputs, { logKept: { shape: [] }, logWeight: { shape: [] } });
  return inputs;
}

/** The loss as a function of the parameters, those of a trained base among them, and of {@link criticInputs}. */
export function criticLoss(setup: CriticSetup): LossFunction {
  const { spec } = setup;
  return spec.objective === 'mine-ais' ? energyLoss(setup) : boundLoss(setup, spec.objective);
}

function energyLoss({ critic, base }: CriticSetup): LossFunction {
  return (parameters, tensors) => {
    const [x, z] = [tensors['x'] as tf.Tensor2D, tensors['z'] as tf.Tensor2D];
    const chains = tensors['chains'] as tf.Tensor2D;
    const both = tf.concat([z, chains]);
    let energies = critic.apply(parameters, x, both);
    if (base.isTrained) energies = tf.add(energies, base.logDensity(base.encode(parameters, x), both));
    const [truth, ends] = tf.split(energies, 2) as [tf.Tensor1D, tf.Tensor1D];
    const loss = energyDifference(truth, ends, movedRows(z, chains));
    const { energyDifference: difference, acceptance } = criticQuantities;
    return { loss, report: { [difference]: loss, [acceptance]: tensors['acceptance'] as tf.Scalar } };
  };
}

function boundLoss(
  { spec, model, critic, base }: CriticSetup,
  objective: Exclude<NetworkCriticSpec['objective'], 'mine-ais'>,
): LossFunction {
  return (parameters, tensors) => {
    const { z, x } = simulatePairs(model, tensors);
    const encoded = base.encode({ ...tensors, ...parameters }, x);
    const normals = tensors['samples'] as tf.Tensor2D | undefined;
    const scores = base.isPrior
      ? priorScores(critic, parameters, { x, z }, spec.samples, normals)
      : ownScores(critic, parameters, { x, z }, base.sample(encoded, normals as tf.Tensor2D));
    const ba = base.isPrior
      ? tf.zeros<tf.Rank.R1>([spec.batch])
      : tf.sub<tf.Tensor1D>(base.logDensity(encoded, z), model.prior.logDensity(z));
    const { loss, report } = valueOf(objective, scores, ba, tensors);
    const own = base.isPrior ? {} : { [criticQuantities.base]: tf.mean<tf.Scalar>(ba) };
    return { loss, report: { ...report, ...own } };
  };
}

function valueOf(
  objective: Exclude<NetworkCriticSpec['objective'], 'mine-ais'>,
  scores: Scores,
  ba: tf.Tensor1D,
  tensors: Tensors,
): Required<LossAndReport> {
  const name = criticQuantities[objective];
  if (objective === 'mine-dv') {
    const average = { logKept: tensors['logKept'] as tf.Scalar, logWeight: tensors['logWeight'] as tf.Scalar };
    const { loss, estimate, logAverage } = mineDv(scores, ba, average);
    return { loss, report: { [name]: estimate, [criticQuantities.logAverage]: logAverage } };
  }
  const bound =
    objective === 'mine-f'
      ? mineF(scores, ba)
      : tf.mean<tf.Scalar>(objective === 'giwae' ? giwae(scores, ba) : contrastive(scores));
  return { loss: tf.neg(bound), report: { [name]: bound } };
}
