import { adam, adamRate, type Moments } from '../adam';
import type { Parameters } from '../../models/network';
import type { NetworkMemory } from './objectiveTypes';
import type { ScoreNetwork } from './scoreNetwork';
import type { Floats } from '../paths/types';

/** What the optimiser of a network goes on from. */
export interface NetworkState {
  readonly parameters: Parameters;
  readonly moments?: Moments;
  readonly updates: number;
}

/** A score network in the memory of Adam. */
export interface NetworkOptimiser {
  readonly memory: NetworkMemory;
  readonly parameters: Parameters;
  /** Sets the gradient to zero. */
  readonly clear: () => void;
  /** One step down the gradient, scaled to a norm of `clip` where it is larger. @returns false, and nothing is done, where it is not finite */
  readonly update: (learningRate: number, clip: number) => boolean;
  /** A copy, which the next update leaves alone. */
  readonly capture: () => Required<NetworkState>;
}

export function networkOptimiser({ shapes }: ScoreNetwork, from: NetworkState): NetworkOptimiser {
  const optimiser = adam(shapes, from);
  const gradients = optimiser.gradients as Record<string, Floats>;
  const all = Object.values(gradients);
  let { updates } = from;
  return {
    memory: { feeds: optimiser.feeds, gradients },
    parameters: optimiser.parameters,
    clear: () => all.forEach((values) => values.fill(0)),
    update: (learningRate, clip) => {
      const norm = Math.sqrt(all.reduce((total, values) => total + squares(values), 0));
      if (!Number.isFinite(norm)) return false;
      if (norm > clip) all.forEach((values) => scale(values, clip / norm));
      updates += 1;
      optimiser.update(adamRate(learningRate, updates));
      return true;
    },
    capture: () => ({ ...optimiser.capture(), updates }),
  };
}

function squares(values: Floats): number {
  let sum = 0;
  for (let i = 0; i < values.length; i += 1) sum += (values[i] as number) * (values[i] as number);
  return sum;
}

function scale(values: Floats, factor: number): void {
  for (let i = 0; i < values.length; i += 1) values[i] = factor * (values[i] as number);
}
