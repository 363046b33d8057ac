/** N(mean, variance) in one dimension. */
export interface Normal {
  readonly mean: number;
  readonly variance: number;
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
