import type { TargetOf } from '../../shared/runFile/target';
import { mixtureTarget } from './gaussianMixture';
import type { Target } from './types';

/** Gaussians equally spaced on a circle in the first two coordinates, counterclockwise from angle 0. */
export function circleMixture(spec: TargetOf<'circle-mixture'>): Target {
  const { dim, modes, radius, height = radius / 2, std, shift } = spec;
  const means = Array.from({ length: modes }, (_, j) => {
    const angle = (2 * Math.PI * j) / modes;
    const ring = [shift[0] + radius * Math.cos(angle), shift[1] + radius * Math.sin(angle)];
    return [...ring, ...new Array<number>(dim - 2).fill(height)];
  });
  const raw = spec.weights ?? new Array<number>(modes).fill(1);
  const total = raw.reduce((sum, weight) => sum + weight, 0);
  const plural = modes === 1 ? '' : 's';
  return mixtureTarget(`${modes} Gaussian${plural} on a circle of radius ${radius} in ${dim} dimensions`, {
    dim,
    means: Float64Array.from(means.flat()),
    stds: new Float64Array(modes).fill(std),
    weights: Float64Array.from(raw, (weight) => weight / total),
  });
}
