import { isChainBound, type VaeRunSpec } from '../../../shared/runFile';
import type { Device } from '../../tensor/types';
import type { Vae } from '../../trainers/vae/networks';
import { chainObjective } from '../../trainers/vae/chains';
import { vaeNetworks } from '../../trainers/vae/networks';
import type { VaeObjective } from '../../trainers/vae/objective';
import { sampledObjective } from '../../trainers/vae/sampled';

export function networksOf({ model, likelihood }: VaeRunSpec, pixels: number): Vae {
  return vaeNetworks({
    ...model,
    pixels,
    output: likelihood.type === 'gaussian' ? likelihood.output : 'identity',
    noise: likelihood,
  });
}

export function objectiveOf({ bound }: VaeRunSpec, vae: Vae, device: Device): VaeObjective {
  if (isChainBound(bound)) return chainObjective(bound, vae, device);
  return sampledObjective(vae, device, bound.type === 'iwae' ? bound.samples : undefined);
}
