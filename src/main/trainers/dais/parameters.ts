/**
 * What a differentiable annealed chain is made of, before anything bounds or orders it. All in float64: the gradients of a thousand
 * transitions are added up here.
 */
export interface ChainParameters {
  /** μ of q₀, `[d]`. */
  readonly mean: Float64Array;
  /** λ: log variance of q₀, `[d]`. */
  readonly logVariance: Float64Array;
  /** b: β_k is the sum of softmax(b) up to k, `[K]`. */
  readonly schedule: Float64Array;
  /** log δ_k, `[K]`. */
  readonly logStep: Float64Array;
  /** a: log of the mass matrix's diagonal, `[d]`, or `[1]` for one number in all coordinates. */
  readonly logMass: Float64Array;
  /** u: η = 0.98 σ(u) + 0.01, `[1]`. */
  readonly refreshment: Float64Array;
}

export type ChainParameterName = keyof ChainParameters;
export const chainParameterNames = [
  'mean',
  'logVariance',
  'schedule',
  'logStep',
  'logMass',
  'refreshment',
] as const satisfies readonly ChainParameterName[];

/** β_1 … β_K; the last is 1 by construction. */
export function betasOf(schedule: Float64Array): Float64Array {
  const shares = softmax(schedule);
  let total = 0;
  const betas = shares.map((share) => (total += share));
  // The sum of the shares is 1 but for rounding.
  if (betas.length > 0) betas[betas.length - 1] = 1;
  return betas;
}

/** The gradient of b from that of β. */
export function scheduleGradient(schedule: Float64Array, betaGradient: Float64Array): Float64Array {
  const shares = softmax(schedule);
  const shareGradient = new Float64Array(shares.length);
  let sum = 0;
  for (let k = shares.length - 1; k >= 0; k -= 1) {
    sum += betaGradient[k] ?? 0;
    shareGradient[k] = sum;
  }
  const mean = shares.reduce((total, share, k) => total + share * (shareGradient[k] ?? 0), 0);
  return shares.map((share, k) => share * ((shareGradient[k] ?? 0) - mean));
}

/** η ∈ (0.01, 0.99) */
export function etaOf(u: number): number {
  return 0.98 / (1 + Math.exp(-u)) + 0.01;
}

/** The u that gives an η. */
export function refreshmentFor(eta: number): number {
  const share = (eta - 0.01) / 0.98;
  return Math.log(share / (1 - share));
}

export function etaSlope(u: number): number {
  const share = 1 / (1 + Math.exp(-u));
  return 0.98 * share * (1 - share);
}

function softmax(values: Float64Array): Float64Array {
  const most = values.reduce((max, value) => Math.max(max, value), -Infinity);
  const terms = values.map((value) => Math.exp(value - most));
  const total = terms.reduce((sum, term) => sum + term, 0);
  return terms.map((term) => term / total);
}
