import { normalDivergence, tempered, type Normal } from '../../src/main/targets/oracles/annealing';

// Annealed paths between two normals in one dimension: every state is normal, and so E[log w] of each choice of backward kernels is a sum
// of second moments (Doucet, Grathwohl, Matthews and Strathmann 2022). In nats; log Z = 0. A product over coordinates is d times this.

/** ŝ of transition k: offset + position · x + momentum · p̃, of x_k overdamped, of x_{k−1} and p̃_k underdamped. */
export interface AffineScore {
  readonly offset: number;
  readonly position: number;
  readonly momentum: number;
}

/** A choice of backward kernels: E[log w], and ŝ of k = 1 … K at k − 1. */
export interface BackwardChoice {
  readonly bound: number;
  readonly scores: readonly AffineScore[];
}

export interface AnnealedGaussian {
  /** ŝ = 0. */
  readonly plain: BackwardChoice;
  /** Fed with the true ∇ log q_k, which is not the best where steps are long. */
  readonly trueScore: BackwardChoice;
  /** The best backward means under the kernels' own variances: what training a network can reach. */
  readonly bestMean: BackwardChoice;
  /** The exact time reversal: −KL(q_K ‖ π), of positions and momenta where there are any. */
  readonly exactReversal: number;
  /** Law of x_K. */
  readonly final: Normal;
}

interface Annealing {
  readonly base: Normal;
  readonly target: Normal;
  /** β_1 … β_K */
  readonly betas: ArrayLike<number>;
  /** δ_1 … δ_K */
  readonly steps: ArrayLike<number>;
}

/** E (a + b X − Y)² of a pair with these means, variances and covariance. */
interface Pair {
  readonly x: Normal;
  readonly y: Normal;
  readonly covariance: number;
}

/** ULA. */
export function overdampedGaussian({ base, target, betas, steps }: Annealing): AnnealedGaussian {
  const bounds = { plain: 0, trueScore: 0, bestMean: 0 };
  const scores: Record<keyof typeof bounds, AffineScore[]> = { plain: [], trueScore: [], bestMean: [] };
  let state = base;
  for (let k = 0; k < betas.length; k += 1) {
    const delta = steps[k] ?? Number.NaN;
    const path = tempered(base, target, betas[k] ?? Number.NaN);
    // g_k(x) = (m − x)/v, so that both kernels multiply by this and add the rest.
    const keep = 1 - delta / path.variance;
    const pull = (delta * path.mean) / path.variance;
    const next: Normal = { mean: keep * state.mean + pull, variance: keep * keep * state.variance + 2 * delta };
    const pair: Pair = { x: next, y: state, covariance: keep * state.variance };
    const slope = pair.covariance / next.variance;
    const means = {
      plain: { slope: keep, offset: pull },
      trueScore: {
        slope: 2 - keep - (2 * delta) / next.variance,
        offset: (2 * delta * next.mean) / next.variance - pull,
      },
      bestMean: { slope, offset: state.mean - slope * next.mean },
    };
    for (const name of ['plain', 'trueScore', 'bestMean'] as const) {
      const mean = means[name];
      // E[log B − log F]; that of log F is minus a half but for the normaliser, which cancels.
      bounds[name] += 0.5 - squaredDistance(pair, mean) / (4 * delta);
      scores[name].push({
        offset: (mean.offset - pull) / (2 * delta),
        position: (mean.slope - keep) / (2 * delta),
        momentum: 0,
      });
    }
    state = next;
  }
  const ends = meanLog(state, target) - meanLog(base, base);
  const choice = (name: keyof typeof bounds): BackwardChoice => ({ bound: bounds[name] + ends, scores: scores[name] });
  return {
    plain: choice('plain'),
    trueScore: choice('trueScore'),
    bestMean: choice('bestMean'),
    exactReversal: -normalDivergence(state, target),
    final: state,
  };
}

export interface UnderdampedAnnealing extends Annealing {
  /** h */
  readonly refreshment: number;
  readonly mass: number;
  readonly integrator: 'kick-drift-kick' | 'drift-kick-drift';
  /** In which form ŝ enters the backward mean; default that of the paper. */
  readonly backwardMean?: 'paper' | 'tweedie';
}

/** Law of position and momentum. */
interface Phase {
  readonly x: number;
  readonly p: number;
  readonly xx: number;
  readonly xp: number;
  readonly pp: number;
}

/** UHA. With Tweedie's backward mean the true score gives the best mean. */
export function underdampedGaussian(options: UnderdampedAnnealing): AnnealedGaussian {
  const { base, target, betas, steps, refreshment: h, mass, integrator, backwardMean = 'paper' } = options;
  const fresh = (1 - h * h) * mass;
  const factor = (backwardMean === 'paper' ? -2 * h * Math.log(h) : (1 - h * h) / h) * mass;
  const bounds = { plain: 0, trueScore: 0, bestMean: 0 };
  const scores: Record<keyof typeof bounds, AffineScore[]> = { plain: [], trueScore: [], bestMean: [] };
  let state: Phase = { x: base.mean, p: 0, xx: base.variance, xp: 0, pp: mass };
  for (let k = 0; k < betas.length; k += 1) {
    const tilde: Phase = { ...state, p: h * state.p, xp: h * state.xp, pp: h * h * state.pp + fresh };
    const determinant = tilde.xx * tilde.pp - tilde.xp * tilde.xp;
    // Rows of the inverse covariance of (x, p̃).
    const [xx, xp, pp] = [tilde.pp / determinant, -tilde.xp / determinant, tilde.xx / determinant];
    // Covariances of p with x and p̃, which the regression of p on them has.
    const [cx, cp] = [state.xp, h * state.pp];
    const best = { position: cx * xx + cp * xp, momentum: cx * xp + cp * pp };
    const means: Record<keyof typeof bounds, AffineScore> = {
      plain: { offset: 0, position: 0, momentum: h },
      // h p̃ + c M ŝ with ŝ = ∇_p log η + M⁻¹ p̃
      trueScore: {
        offset: factor * (xp * tilde.x + pp * tilde.p),
        position: -factor * xp,
        momentum: h + factor * (1 / mass - pp),
      },
      bestMean: { ...best, offset: state.p - best.position * tilde.x - best.momentum * tilde.p },
    };
    for (const name of ['plain', 'trueScore', 'bestMean'] as const) {
      const { offset, position: a, momentum: b } = means[name];
      const bias = offset + a * tilde.x + b * tilde.p - state.p;
      const crossed = a * b * tilde.xp - a * cx - b * cp;
      const variance = state.pp + a * a * tilde.xx + b * b * tilde.pp + 2 * crossed;
      bounds[name] += 0.5 - (variance + bias * bias) / (2 * fresh);
      scores[name].push({ offset: offset / factor, position: a / factor, momentum: (b - h) / factor });
    }
    state = leapfrog(tilde, tempered(base, target, betas[k] ?? Number.NaN), steps[k] ?? Number.NaN, mass, integrator);
  }
  const final: Normal = { mean: state.x, variance: state.xx };
  const kinetic = meanLog({ mean: state.p, variance: state.pp }, { mean: 0, variance: mass });
  const first = meanLog(base, base) + meanLog({ mean: 0, variance: mass }, { mean: 0, variance: mass });
  const ends = meanLog(final, target) + kinetic - first;
  const choice = (name: keyof typeof bounds): BackwardChoice => ({ bound: bounds[name] + ends, scores: scores[name] });
  const entropy = 1 + Math.log(2 * Math.PI) + 0.5 * Math.log(state.xx * state.pp - state.xp * state.xp);
  return {
    plain: choice('plain'),
    trueScore: choice('trueScore'),
    bestMean: choice('bestMean'),
    exactReversal: meanLog(final, target) + kinetic + entropy,
    final,
  };
}

function leapfrog(
  { x, p, xx, xp, pp }: Phase,
  path: Normal,
  delta: number,
  mass: number,
  integrator: UnderdampedAnnealing['integrator'],
): Phase {
  type Line = readonly [number, number, number];
  // (position, momentum, 1) of the current point, as functions of the first.
  let [position, momentum]: [Line, Line] = [
    [1, 0, 0],
    [0, 1, 0],
  ];
  const drift = (size: number): void => {
    position = position.map((value, i) => value + (size / mass) * (momentum[i] ?? 0)) as unknown as Line;
  };
  const kick = (size: number): void => {
    const rate = size / path.variance;
    momentum = momentum.map(
      (value, i) => value + rate * ((i === 2 ? path.mean : 0) - (position[i] ?? 0)),
    ) as unknown as Line;
  };
  const order = integrator === 'kick-drift-kick' ? [kick, drift, kick] : [drift, kick, drift];
  order.forEach((move, i) => move(i === 1 ? delta : 0.5 * delta));
  const [a, b, c] = position;
  const [d, e, f] = momentum;
  return {
    x: a * x + b * p + c,
    p: d * x + e * p + f,
    xx: a * a * xx + 2 * a * b * xp + b * b * pp,
    xp: a * d * xx + (a * e + b * d) * xp + b * e * pp,
    pp: d * d * xx + 2 * d * e * xp + e * e * pp,
  };
}

/** E (offset + slope · X − Y)² */
function squaredDistance({ x, y, covariance }: Pair, { slope, offset }: { slope: number; offset: number }): number {
  const bias = offset + slope * x.mean - y.mean;
  return bias * bias + slope * slope * x.variance + y.variance - 2 * slope * covariance;
}

/** E_a[log b] */
function meanLog(a: Normal, b: Normal): number {
  return -0.5 * (Math.log(2 * Math.PI * b.variance) + (a.variance + (a.mean - b.mean) ** 2) / b.variance);
}

/** Mean, variance and root mean square error about log Z of log weights. */
export interface LogWeightMoments {
  readonly mean: number;
  readonly variance: number;
  readonly error: number;
}

/**
 * Paths through N(0, σ_k²), σ_k² = σ₀² b^k, b = (σ²/σ₀²)^{1/K}, by transitions N(α x, (1 − α²) σ_k²) that leave each in place; γ_k lacks its
 * normaliser for k ≥ 1, so that log Z = ½ log 2πσ². Weights by the exact reversal of the path ("marginal") and by the reversal of each
 * transition with respect to its own target ("classical"), in closed form (appendix A).
 * @param correlation α; 0 mixes perfectly, 1 not at all
 */
export function geometricAnnealing({
  from,
  to,
  correlation,
  steps,
}: {
  from: number;
  to: number;
  correlation: number;
  steps: number;
}): { readonly logZ: number; readonly marginal: LogWeightMoments; readonly classical: LogWeightMoments } {
  const ratio = (to / from) ** (2 / steps);
  const keep = correlation * correlation;
  const targets = Array.from({ length: steps + 1 }, (_, k) => from * from * ratio ** k);
  const laws = [from * from];
  for (let k = 1; k <= steps; k += 1) laws.push(keep * (laws[k - 1] ?? NaN) + (1 - keep) * (targets[k] ?? NaN));
  const at = (values: readonly number[], k: number): number => values[k] ?? Number.NaN;
  const logZ = 0.5 * Math.log(2 * Math.PI * to * to);
  const moments = (mean: number, variance: number): LogWeightMoments => ({
    mean,
    variance,
    error: Math.sqrt((mean - logZ) ** 2 + variance),
  });
  const last = at(laws, steps);
  const excess = 1 - last / at(targets, steps);
  let [sum, square, crossed] = [0, 0, 0];
  for (let k = 1; k <= steps; k += 1) {
    const law = at(laws, k - 1);
    sum += law / at(targets, k);
    square += (law / at(targets, k)) ** 2;
    for (let l = k + 1; l <= steps; l += 1)
      crossed += (keep ** (l - k) * law * law) / (at(targets, k) * at(targets, l));
  }
  return {
    logZ,
    marginal: moments(0.5 * Math.log(2 * Math.PI * last) + 0.5 * excess, 0.5 * excess * excess),
    classical: moments(
      0.5 * Math.log(2 * Math.PI * from * from) + 0.5 * (ratio - 1) * sum,
      (ratio - 1) ** 2 * (0.5 * square + crossed),
    ),
  };
}
