import type { Feeds } from '../../tensor/types';
import type { Floats } from '../paths/types';
import type { SamplerParameters } from './parameters';

/** Where an update went wrong. */
export interface Broken {
  /** k of the first transition after which something was not finite or had exploded; 0 where it was none of them. */
  readonly broken: number;
}

/** The bound of one minibatch in nats, and the gradient of −bound with respect to the sampler where that is trained. */
export type BoundAndGradient = { readonly bound: number; readonly gradient?: SamplerParameters } | Broken;

/** The network as an objective reads it and what it adds the gradient of −bound to, by "parameters/name" and "gradients/name". */
export interface NetworkMemory {
  readonly feeds: Feeds;
  readonly gradients: Readonly<Record<string, Floats>>;
}

/** E[log w] of minibatches of paths, and its gradient. */
export interface Objective {
  /** Evaluations of the target's gradient and of its curvature in one call, counted over rows. */
  readonly gradientEvaluations: number;
  /** @param iteration which minibatch */
  evaluate(
    sampler: SamplerParameters,
    network: NetworkMemory | undefined,
    iteration: number,
  ): Promise<BoundAndGradient>;
  dispose(): Promise<void>;
}
