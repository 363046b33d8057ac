import type { Carried, Sums } from './backward';
import { momentumWeights, refreshed, type WeightCotangents } from './correction';
import type { PathStates } from './states';
import type { BackwardMean, Floats } from './types';

/**
 * Back through the refreshment p̃ = h p + √(1 − h²) M^{1/2} ξ, the kinetic energy of p̃ in log w, and the residual p − h p̃. The noise
 * need not be drawn again: it is what p̃ has beside h p.
 * @param carried `p` is the cotangent of p̃_k as far as the leapfrog step and a network have it; becomes that of p_{k−1}
 * @param momentum p_{k−1}
 */
export function unrefresh(states: PathStates, k: number, carried: Carried, momentum: Float64Array, sums: Sums): void {
  const { rows, dim, momenta, coefficients } = states;
  const { refreshment: h, mass } = coefficients;
  const tilde = momenta[k] as Floats;
  const { p: pBar, residual: residualBar, cotangent } = carried;
  const { mass: massBar } = sums;
  const ratio = h / refreshed(h);
  const inverses = mass.map((value) => 1 / value);
  let refreshmentBar = 0;
  for (let row = 0, at = 0; row < rows; row += 1) {
    const wBar = cotangent[row] as number;
    for (let i = 0; i < dim; i += 1, at += 1) {
      const inverse = inverses[i] as number;
      const t = tilde[at] as number;
      const p = momentum[at] as number;
      const rBar = residualBar[at] as number;
      const velocity = inverse * t;
      const bar = (pBar[at] as number) + wBar * velocity - h * rBar;
      const noise = t - h * p;
      refreshmentBar += bar * (p - ratio * noise) - rBar * t;
      massBar[i] = (massBar[i] as number) + 0.5 * (bar * noise * inverse - wBar * velocity * velocity);
      pBar[at] = h * bar + rBar;
    }
  }
  sums.refreshment += refreshmentBar;
}

/** What the weights of a score's correction give h and M. */
export function addWeightCotangents(
  states: PathStates,
  backwardMean: BackwardMean,
  weights: WeightCotangents | undefined,
  sums: Sums,
): void {
  if (weights === undefined) return;
  const { refreshment, mass } = states.coefficients;
  const { quadratic, linearSlope, quadraticSlope } = momentumWeights(refreshment, backwardMean);
  sums.refreshment += weights.linear * linearSlope;
  for (let i = 0; i < mass.length; i += 1) {
    const bar = weights.quadratic[i] as number;
    sums.refreshment += bar * quadraticSlope * (mass[i] as number);
    sums.mass[i] = (sums.mass[i] as number) + bar * quadratic;
  }
}

/** p₀ = M^{1/2} ξ; its density cancels against the end's but for what the kinetic energies say. */
export function addFirstMomentum(states: PathStates, carried: Carried, sums: Sums): void {
  const { rows, dim, momenta, coefficients } = states;
  const first = momenta[0] as Floats;
  const { mass: massBar } = sums;
  for (let row = 0, at = 0; row < rows; row += 1) {
    for (let i = 0; i < dim; i += 1, at += 1) {
      const share = (0.5 * (first[at] as number)) / (coefficients.mass[i] as number);
      massBar[i] = (massBar[i] as number) + share * (carried.p[at] as number);
    }
  }
}
