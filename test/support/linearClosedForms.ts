/**
 * Closed forms of x = W z + b + σ ε in the eigenvalues λ of WᵀW/σ², averaged over x ~ p(x), nats. The critics T_a are those of
 * `gaussianPaths`, the base is the prior.
 */
export interface CriticClosedForms {
  /** E_{p(x, z)}[T_a] − E_x[log Z(x)] */
  readonly ibal: (a: number) => number;
  /** E_{p(x, z)}[T_a] − log E_x[Z(x)] */
  readonly dv: (a: number) => number;
  /** E_{p(x, z)}[T_a + c] − E_x[e^{c − 1} Z(x)] */
  readonly f: (a: number, c: number) => number;
  /** E_x of the mean of T_a under π_β ∝ q e^{β T_a} */
  readonly tempered: (a: number, beta: number) => number;
  /** E_{p(x, z)}[T_a] */
  readonly atExact: (a: number) => number;
}

/** λ of `lg2`: the roots of λ² − 28 λ + 144. */
export const lg2Eigenvalues = [14 - Math.sqrt(52), 14 + Math.sqrt(52)];

export function criticClosedForms(lambdas: readonly number[]): CriticClosedForms {
  const sum = (term: (lambda: number) => number): number => lambdas.reduce((total, lambda) => total + term(lambda), 0);
  return {
    ibal: (a) => sum((l) => -a / 2 + 0.5 * Math.log(1 + a * l) + (0.5 * a * (1 + l)) / (1 + a * l)),
    dv: (a) => sum((l) => -a / 2 + 0.5 * Math.log(1 + a * l) + 0.5 * Math.log(1 + (a * (1 + l)) / (1 + a * l))),
    f: (a, c) => sum(() => -a / 2) + c - Math.exp(c - 1 - 0.5 * sum((l) => Math.log(1 + a + 2 * a * l))),
    tempered: (a, beta) => {
      const b = a * beta;
      return (-a / 2) * sum((l) => (1 + l) / (1 + b * l) ** 2 + l / (1 + b * l));
    },
    atExact: (a) => (-a / 2) * lambdas.length,
  };
}
