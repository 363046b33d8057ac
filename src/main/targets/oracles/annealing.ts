/** N(mean, variance) in one dimension. */
export interface Normal {
  readonly mean: number;
  readonly variance: number;
}

/** What annealing over K equal steps with perfect transitions gives; nats. */
export interface PerfectAnnealing {
  /** log Z − E[log w] = Σ_k KL(π_k ‖ π_{k+1}), exactly. */
  readonly gap: number;
  /** J/(2K), its leading order in 1/K. */
  readonly leading: number;
  /** J/(2K) − (Var_π h − Var_q h)/(12 K²), with h = log π − log q. */
  readonly corrected: number;
  /** Var[log w] = (1/K²) Σ_k Var_{π_k} h, which goes to J/K. */
  readonly variance: number;
  /** KL(base ‖ target) */
  readonly reverse: number;
  /** KL(target ‖ base) */
  readonly forward: number;
}

/** KL(a ‖ b) of two normals, in nats. */
export function normalDivergence(a: Normal, b: Normal): number {
  const ratio = a.variance / b.variance;
  return 0.5 * (ratio - 1 - Math.log(ratio) + (a.mean - b.mean) ** 2 / b.variance);
}

/** The geometric path between two normals: precision and precision times mean are linear in β. */
export function tempered(base: Normal, target: Normal, beta: number): Normal {
  const precision = (1 - beta) / base.variance + beta / target.variance;
  const pull = ((1 - beta) * base.mean) / base.variance + (beta * target.mean) / target.variance;
  return { mean: pull / precision, variance: 1 / precision };
}

/** The gap and the variance of log weights from one normal to another, in closed form. */
export function perfectAnnealing(base: Normal, target: Normal, steps: number): PerfectAnnealing {
  let [gap, variance] = [0, 0];
  for (let k = 0; k < steps; k += 1) {
    const state = tempered(base, target, k / steps);
    gap += normalDivergence(state, tempered(base, target, (k + 1) / steps));
    variance += ratioVariance(base, target, state) / steps ** 2;
  }
  const [reverse, forward] = [normalDivergence(base, target), normalDivergence(target, base)];
  const leading = (reverse + forward) / (2 * steps);
  const slope = ratioVariance(base, target, target) - ratioVariance(base, target, base);
  return { gap, leading, corrected: leading - slope / (12 * steps ** 2), variance, reverse, forward };
}

/** Variance under `state` of h = log target − log base, a quadratic A (z − m)² + B (z − m) + C about the state's mean m. */
function ratioVariance(base: Normal, target: Normal, { mean, variance }: Normal): number {
  const quadratic = 0.5 * (1 / base.variance - 1 / target.variance);
  const linear = (mean - base.mean) / base.variance - (mean - target.mean) / target.variance;
  return 2 * quadratic ** 2 * variance ** 2 + linear ** 2 * variance;
}
