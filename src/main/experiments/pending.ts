/* eslint-disable @typescript-eslint/no-unused-vars -- stands in until networks can be trained */
import type * as tf from '@tensorflow/tfjs-core';
import { InputError } from '../../shared/errors';
import type { Parameters, ParameterShapes } from '../models/network';
import type { TrainedProposal, TrainingCurve, TrainingProgress } from '../trainers';

export interface TrainedCritic {
  readonly name: string;
  readonly critic: {
    readonly latent: number;
    readonly outputs: number;
    readonly shapes: ParameterShapes;
    readonly apply: (parameters: Record<string, tf.Tensor>, x: tf.Tensor2D, z: tf.Tensor2D) => tf.Tensor1D;
  };
  readonly parameters: Parameters;
  readonly base: 'prior' | TrainedProposal;
  readonly curve?: TrainingCurve;
}

function notYet(): never {
  throw new InputError('proposals', 'cannot be trained yet', 'Leave them out.');
}

export function trainProposal(..._: unknown[]): AsyncGenerator<TrainingProgress, TrainedProposal> {
  return notYet();
}
export function trainCritic(..._: unknown[]): AsyncGenerator<TrainingProgress, TrainedCritic> {
  return notYet();
}
export function loadProposal(
  _: unknown,
  __: { resolve: (file: string) => string } & Record<string, unknown>,
): Promise<TrainedProposal> {
  return notYet();
}
export function loadCritic(
  _: unknown,
  __: { resolve: (file: string) => string } & Record<string, unknown>,
): Promise<TrainedCritic> {
  return notYet();
}
export function networkFile(..._: unknown[]): Uint8Array {
  return notYet();
}
