import { annealingBetas, annealingGammas, type AnnealingFlowSpec } from '../../../shared/runFile/methods/annealingFlow';
import type { ChainTarget } from '../dais/fields';
import { geometricBridge, type Bridge } from './bridge';
import type { AnnealingFlowSettings } from './train';

/** A method of a run file as the blocks that it trains and what they are led along. */
export function annealingFlowSettings(
  spec: AnnealingFlowSpec,
  target: ChainTarget,
): { readonly settings: AnnealingFlowSettings; readonly bridge: Bridge } {
  const betas = annealingBetas(spec);
  const { net, ode, loss, divergence, probeStep } = spec;
  const { iterations, batch, learningRate, clip, particles } = spec;
  return {
    settings: {
      network: { dim: target.dim, ...net },
      gammas: annealingGammas(spec, betas.length),
      ...{ steps: ode.steps, rule: ode.rule, loss, divergence, sigma: probeStep },
      ...{ iterations, batch, learningRate, clip, particles },
    },
    bridge: geometricBridge(target, betas, spec.baseScale),
  };
}
