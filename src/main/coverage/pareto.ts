/** Shape k of the tail of importance weights; above 0.7 their means are not to be trusted. */
export interface ParetoTail {
  readonly k: number;
  /** Weights that it was fitted to. */
  readonly tail: number;
}

/**
 * Pareto-k of importance weights (Vehtari, Simpson, Gelman, Yao and Gabry 2024, "Pareto smoothed importance sampling", section 2): a
 * generalised Pareto distribution fitted to the largest min(n/5, 3√n) weights with Zhang and Stephens' (2009) estimator, drawn towards
 * ½ by ten observations' worth.
 * @returns undefined where fewer than five weights are in the tail or they are all equal
 */
export function paretoTail(logWeights: ArrayLike<number>): ParetoTail | undefined {
  const n = logWeights.length;
  const tail = Math.ceil(Math.min(0.2 * n, 3 * Math.sqrt(n)));
  if (tail < 5 || tail >= n) return undefined;
  const sorted = Float64Array.from(logWeights).sort();
  const largest = sorted[n - 1] ?? NaN;
  const cut = Math.exp((sorted[n - tail - 1] ?? NaN) - largest);
  const excesses = sorted.subarray(n - tail).map((value) => Math.exp(value - largest) - cut);
  if (!((excesses[tail - 1] ?? NaN) > 1e-12)) return undefined;
  const k = generalisedParetoShape(excesses.filter((value) => value > 0));
  return { k: (tail * k + 10 * 0.5) / (tail + 10), tail };
}

/**
 * Shape of a generalised Pareto distribution: the posterior mean of its scale under a data-dependent prior, on a grid (Zhang and
 * Stephens 2009, equations 4 to 9).
 * @param excesses ascending, positive
 */
function generalisedParetoShape(excesses: Float64Array): number {
  const n = excesses.length;
  const grid = 30 + Math.floor(Math.sqrt(n));
  const quartile = excesses[Math.floor(n / 4 + 0.5) - 1] ?? NaN;
  const largest = excesses[n - 1] ?? NaN;
  const shapeOf = (theta: number): number => excesses.reduce((sum, x) => sum + Math.log1p(-theta * x), 0) / n;
  const thetas = Array.from(
    { length: grid },
    (_, j) => 1 / largest + (1 - Math.sqrt(grid / (j + 0.5))) / (3 * quartile),
  );
  const profile = thetas.map((theta) => {
    const shape = shapeOf(theta);
    return n * (Math.log(-theta / shape) - shape - 1);
  });
  const best = Math.max(...profile);
  const mass = profile.map((value) => Math.exp(value - best));
  const total = mass.reduce((a, b) => a + b, 0);
  return shapeOf(thetas.reduce((sum, theta, j) => sum + (theta * (mass[j] ?? NaN)) / total, 0));
}
