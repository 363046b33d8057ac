import type { Feeds, Outputs } from '../../tensor/types';
import type { Floats, PathGradient } from '../paths/types';
import type { EncoderPrograms } from './encoderPrograms';

/** What the gradient of −mean bound is beside those of the decoder and the score network. Valid until the next run. */
export interface ChainGradient {
  /** The mean bound of the minibatch, nats. */
  readonly bound: number;
  /** Of the transitions' numbers, and of q(z | x) of each datum: its start is `[B, d]`. */
  readonly path: PathGradient;
  /** Of what the score network is told of each datum, `[B, c]`. */
  readonly summary: Floats;
}

/** Chains of a minibatch from q(z | x) to the posterior of each datum, forward and backward. */
export interface ChainPass {
  readonly encoder: EncoderPrograms;
  /**
   * Writes the gradients of the decoder and of the score network into `into`, by "gradients/name".
   * @param parameters by "parameters/name"
   * @param x `[B, D]`
   * @param step of the noise
   * @returns nothing where a chain left the numbers; what was written then means nothing
   */
  run(parameters: Feeds, x: Floats, step: number, into: Outputs): Promise<ChainGradient | undefined>;
  dispose(): Promise<void>;
}
