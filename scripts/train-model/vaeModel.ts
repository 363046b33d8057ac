import type * as tf from '@tensorflow/tfjs-core';
import { elboOf } from '../../src/main/trainers/vae/bounds';
import { vaeNetworks, type Noise, type Vae as Networks } from '../../src/main/trainers/vae/networks';
import type { Activation, Layer } from '../../src/shared/runFile';

export type { Noise };

export interface VaeSpec {
  readonly pixels: number;
  /** d */
  readonly latent: number;
  /** Widths from z to x; the encoder has them the other way round. */
  readonly hidden: readonly number[];
  readonly activation: Activation;
  readonly output: Activation;
  readonly noise: Noise;
}

/** A variational autoencoder (Kingma and Welling 2014): functions of its parameters. */
export interface Vae extends Pick<Networks, 'shapes' | 'initial' | 'likelihood'> {
  readonly decoder: { readonly layers: readonly Layer[] };
  readonly encoder: { readonly layers: readonly Layer[] };
  /**
   * log p(x) ≥ E_q[log p(x | z)] − KL(q(z | x) ‖ p(z)) with one z for each x and the KL in closed form; `[n]`, nats, all constants
   * included.
   * @param normals `[n, d]`
   */
  readonly elbo: (parameters: Record<string, tf.Tensor>, x: tf.Tensor2D, normals: tf.Tensor2D) => tf.Tensor1D;
}

export function vae({ hidden, ...spec }: VaeSpec): Vae {
  const networks = vaeNetworks({ ...spec, encoder: [...hidden].reverse(), decoder: hidden });
  const { shapes, initial, likelihood, layers } = networks;
  return {
    shapes,
    initial,
    likelihood,
    decoder: { layers: layers.decoder },
    encoder: { layers: layers.encoder },
    elbo: elboOf(networks),
  };
}
