import type { TargetOf } from '../../shared/runFile/target';
import { mixtureTarget } from './gaussianMixture';
import { bimodalFits } from './idealFits';
import type { Target } from './types';

/** ½ N(0, σ²I) + ½ N(1, σ²I) */
export function bimodal({ dim, sigma }: TargetOf<'bimodal'>): Target {
  const mixture = mixtureTarget(`Two modes in ${dim} dimension${dim === 1 ? '' : 's'}, σ = ${sigma}`, {
    dim,
    means: Float64Array.from({ length: 2 * dim }, (_, i) => (i < dim ? 0 : 1)),
    stds: Float64Array.of(sigma, sigma),
    weights: Float64Array.of(0.5, 0.5),
  });
  return { ...mixture, idealFits: bimodalFits({ dim, sigma }) };
}
