/** Names of what methods report, as their learning curves carry them. */
export const methodQuantities = {
  /** Nats. */
  bound: 'bound on log Z',
  /** Of the factorised normal, nats. */
  entropy: 'entropy',
  eta: 'η',
  /** Of the schedule. */
  betaGap: 'largest step of β',
  /** 1/Σw² of candidates. */
  effective: 'effective samples',
  /** Of a validation on the same noise every time, nats. */
  fixedNoise: 'bound on fixed noise',
  /** Mean δ over the transitions. */
  stepSize: 'mean step size',
  /** Share of the momentum that is kept. */
  refreshment: 'h',
} as const;

/** Of N(·, diag e^λ), in nats. */
export function entropyOf(logVariance: Float64Array): number {
  return logVariance.reduce((sum, value) => sum + 0.5 * (1 + Math.log(2 * Math.PI) + value), 0);
}
