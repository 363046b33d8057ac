import { vaeNetworks, type Noise, type Vae } from '../../src/main/trainers/vae/networks';
import { vaeBoundSchema, type VaeChainSpec } from '../../src/shared/runFile';

/** A VAE of a few dozen weights, with two layers on either side. */
export function tinyVae(noise: Noise = { type: 'bernoulli' }): Vae {
  return vaeNetworks({
    ...{ pixels: 5, latent: 2, encoder: [4], decoder: [3], activation: 'tanh', output: 'identity' },
    noise,
  });
}

/** A bound of chains with what a test says of it. */
export function chainSpec(given: Record<string, unknown>): VaeChainSpec {
  return vaeBoundSchema.parse(given) as VaeChainSpec;
}
