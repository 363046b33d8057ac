import type { VaeChainSpec } from '../../../shared/runFile';
import { estimatorLabel } from '../../../shared/labels';
import type { Parameters } from '../../models/network';
import type { Device, Feeds } from '../../tensor/types';
import { componentSeed } from '../componentSeed';
import { ChainPaths } from './chainPaths';
import { chainSettings } from './chainSettings';
import { ChainStep } from './chainStep';
import type { Vae } from './networks';
import type { VaeObjective } from './objective';

// Doucet, Grathwohl, Matthews and Strathmann (2022), "Score-based diffusion meets annealed importance sampling", section 4.3: a chain
// from q(z | x) toward p(x, z) for each datum, with E[log w] ≤ log p(x), and everything trained together on that.

/** The bound of annealed chains from q(z | x), with everything that they are made of trained along. */
export function chainObjective(spec: VaeChainSpec, vae: Vae, device: Device): VaeObjective {
  const settings = chainSettings(spec, vae);
  const quantity = estimatorLabel(spec.type);
  const options = { device, vae, settings, precision: 'float32' as const };
  return {
    quantity,
    shapes: settings.shapes,
    particles: settings.particles,
    advice: `a "stepSize" below ${spec.stepSize}`,
    initial: settings.initial,
    transitions: (parameters) => settings.coefficients(feedsOf(parameters)),
    problem: (batch, seed) => ({
      inputs: { x: { shape: [batch, vae.pixels] }, iteration: { shape: [1], dtype: 'int32' } },
      step: () => ChainStep.open({ ...options, data: batch }, quantity, componentSeed(seed, 'vae/noise')),
      // A chain that left the numbers would again: nothing else changes after an update that is left out.
      leftOut: settings.halve,
      fill: (feeds, iteration) => feeds['iteration']?.fill(iteration),
    }),
    open: async (rows) => {
      const paths = await ChainPaths.open({ ...options, data: rows, gradients: false });
      return {
        of: async (parameters, x, draws) => {
          await paths.run(feedsOf(parameters), x, draws);
          paths.weigh();
          return paths.bounds;
        },
        dispose: () => paths.dispose(),
      };
    },
  };
}

function feedsOf(parameters: Parameters): Feeds {
  return Object.fromEntries(Object.entries(parameters).map(([name, values]) => [`parameters/${name}`, values]));
}
