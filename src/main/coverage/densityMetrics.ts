import { logSumExp, meanWithError, normalisedWeights } from './logSums';

/** A number in nats with its standard error, null with fewer than two samples. */
export interface WithError {
  readonly value: number;
  readonly error: number | null;
}

/** What samples of the sampler ρ say, from lw_i = log q̃(x_i) − log ρ(x_i). All of it is blind to modes that ρ never visits. */
export interface ReverseMetrics {
  /** mean lw ≤ log Z, the gap being KL(ρ ‖ q). */
  readonly elbo: WithError;
  /** log mean exp lw; log of the mass found where whole modes are missing. Error by the delta method. */
  readonly logZ: WithError;
  /** (Σw)²/(n Σw²) */
  readonly ess: number;
  /** exp(−Σ W log W)/n */
  readonly perplexityEss: number;
  /** Share of the weight that the heaviest 1 % of the samples carry. */
  readonly topShare: number;
}

export function reverseMetrics(logWeights: ArrayLike<number>): ReverseMetrics {
  const n = logWeights.length;
  const weights = normalisedWeights(logWeights);
  let [squares, entropy] = [0, 0];
  for (const weight of weights) {
    squares += weight * weight;
    if (weight > 0) entropy -= weight * Math.log(weight);
  }
  const ess = 1 / (n * squares);
  const sorted = weights.slice().sort();
  return {
    elbo: meanWithError(logWeights),
    logZ: { value: logSumExp(logWeights) - Math.log(n), error: errorOfLogMean(ess, n) },
    ess,
    perplexityEss: Math.exp(entropy) / n,
    topShare: sorted.subarray(n - Math.max(1, Math.round(n / 100))).reduce((total, weight) => total + weight, 0),
  };
}

/** What exact samples of the target q say, from f_j = log q̃(y_j) − log ρ(y_j). This side sees missing modes. */
export interface ForwardMetrics {
  /** mean f ≥ log Z, the gap being KL(q ‖ ρ). */
  readonly eubo: WithError;
  /** −log mean exp(−f) */
  readonly logZ: WithError;
  /** Z²/E_ρ[w²] estimated from the target's side (Blessing et al. 2024): exp(log Z − log mean exp f) with log Z from this side. */
  readonly ess: number;
}

export function forwardMetrics(logRatios: ArrayLike<number>): ForwardMetrics {
  const m = logRatios.length;
  const logZ = Math.log(m) - logSumExp(logRatios, -1);
  // The weights of this direction are exp(−f).
  const doubled = logSumExp(logRatios, -2);
  const spread = Math.exp(2 * logSumExp(logRatios, -1) - doubled) / m;
  return {
    eubo: meanWithError(logRatios),
    logZ: { value: logZ, error: errorOfLogMean(spread, m) },
    ess: Math.exp(logZ - (logSumExp(logRatios) - Math.log(m))),
  };
}

/** Distances to a known log Z, nats. */
export interface Gaps {
  /** log Z − ELBO = KL(ρ ‖ q) */
  readonly reverseKl?: WithError;
  /** EUBO − log Z = KL(q ‖ ρ) */
  readonly forwardKl?: WithError;
  /** |log Ẑ − log Z| */
  readonly logZError?: WithError;
}

export function gapsTo(logZ: number, reverse?: ReverseMetrics, forward?: ForwardMetrics): Gaps {
  return {
    ...(reverse === undefined
      ? {}
      : {
          reverseKl: { value: logZ - reverse.elbo.value, error: reverse.elbo.error },
          logZError: { value: Math.abs(reverse.logZ.value - logZ), error: reverse.logZ.error },
        }),
    ...(forward === undefined ? {} : { forwardKl: { value: forward.eubo.value - logZ, error: forward.eubo.error } }),
  };
}

/** sd(w)/(mean(w) √n) of n weights with the given effective share of samples: the error of a logarithm of their mean. */
function errorOfLogMean(ess: number, n: number): number | null {
  return n < 2 ? null : Math.sqrt(Math.max(0, 1 / ess - 1) / (n - 1));
}

/**
 * Whether a sampler looks perfect to itself and has found only part of the mass: an effective share near 1 with log Ẑ below log Z by
 * more than noise. Then exp(log Ẑ − log Z) is the fraction of the mass that it found.
 */
export interface Collapse {
  /** Fraction of the mass found. */
  readonly found: number;
  /** log(1/found), nats. */
  readonly missing: number;
}

export function collapse(
  reverse: ReverseMetrics,
  logZ: number,
  { ess = 0.5, least = 0.05 }: { ess?: number; least?: number } = {},
): Collapse | undefined {
  const missing = logZ - reverse.logZ.value;
  const noise = 4 * (reverse.logZ.error ?? Number.POSITIVE_INFINITY);
  return reverse.ess >= ess && missing > Math.max(least, noise) ? { found: Math.exp(-missing), missing } : undefined;
}
