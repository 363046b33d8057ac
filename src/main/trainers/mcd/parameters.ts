import { etaOf, etaSlope } from '../dais/parameters';
import type { Coefficients, PathGradient, Start } from '../paths/types';
import { stepSizesGradient, stepSizesOf, type StepSizes } from './stepSizes';

/** What an annealed path is made of, before anything bounds or orders it; without the score network. All in float64. */
export interface SamplerParameters {
  /** Of π₀, `[d]`. */
  readonly mean: Float64Array;
  readonly logVariance: Float64Array;
  /** b: β_k = Σ_{j ≤ k} σ(b_j) / Σ_j σ(b_j), `[K]`. */
  readonly schedule: Float64Array;
  /** In one of the forms of stepSizes.ts. */
  readonly stepSizes: Float64Array;
  /** a: log of the mass matrix's diagonal, `[d]`, or `[1]` for one number in all coordinates. */
  readonly logMass: Float64Array;
  /** u: h = 0.98 σ(u) + 0.01, `[1]`. */
  readonly refreshment: Float64Array;
}

export type SamplerParameterName = keyof SamplerParameters;
export const samplerParameterNames = [
  'mean',
  'logVariance',
  'schedule',
  'stepSizes',
  'logMass',
  'refreshment',
] as const satisfies readonly SamplerParameterName[];

export function startOf({ mean, logVariance }: SamplerParameters): Start {
  return { mean, logVariance };
}

/** The numbers that transitions use. */
export function coefficientsOf(parameters: SamplerParameters, sizes: StepSizes): Coefficients {
  const { mean, logMass, schedule, refreshment } = parameters;
  const masses =
    logMass.length === mean.length ? logMass : new Float64Array(mean.length).fill(logMass[0] ?? Number.NaN);
  return {
    betas: sigmoidBetas(schedule),
    steps: stepSizesOf(sizes, parameters.stepSizes),
    refreshment: etaOf(refreshment[0] ?? Number.NaN),
    mass: masses.map(Math.exp),
  };
}

/** The gradient of the parameters from that of what transitions use. */
export function samplerGradient(
  parameters: SamplerParameters,
  sizes: StepSizes,
  gradient: PathGradient,
): SamplerParameters {
  const { mean, logMass, schedule, refreshment, stepSizes } = parameters;
  const { mass } = coefficientsOf(parameters, sizes);
  const perCoordinate = gradient.mass.map((value, i) => value * (mass[i] ?? Number.NaN));
  return {
    mean: gradient.start.mean,
    logVariance: gradient.start.logVariance,
    schedule: sigmoidBetasGradient(schedule, gradient.betas),
    stepSizes: stepSizesGradient(sizes, stepSizes, gradient.steps),
    logMass: logMass.length === mean.length ? perCoordinate : Float64Array.of(perCoordinate.reduce((a, b) => a + b, 0)),
    refreshment: Float64Array.of(gradient.refreshment * etaSlope(refreshment[0] ?? Number.NaN)),
  };
}

/** β_1 … β_K, increasing; the last is 1. */
export function sigmoidBetas(schedule: Float64Array): Float64Array {
  const shares = schedule.map(sigmoid);
  const whole = shares.reduce((a, b) => a + b, 0);
  let sum = 0;
  const betas = shares.map((share) => (sum += share) / whole);
  if (betas.length > 0) betas[betas.length - 1] = 1;
  return betas;
}

/** The gradient of b from that of β. */
export function sigmoidBetasGradient(schedule: Float64Array, gradient: Float64Array): Float64Array {
  const shares = schedule.map(sigmoid);
  const whole = shares.reduce((a, b) => a + b, 0);
  const betas = sigmoidBetas(schedule);
  const all = gradient.reduce((total, value, k) => total + value * (betas[k] ?? Number.NaN), 0);
  const out = new Float64Array(schedule.length);
  let after = 0;
  for (let k = schedule.length - 1; k >= 0; k -= 1) {
    after += gradient[k] ?? Number.NaN;
    const share = shares[k] ?? Number.NaN;
    out[k] = (share * (1 - share) * (after - all)) / whole;
  }
  return out;
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
