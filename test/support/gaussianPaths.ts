import {
  cholesky,
  fromPull,
  logLikelihood,
  logPrior,
  precision,
  pull,
  tempered,
  type LinearModel,
  type Matrix,
  type Tempered,
} from './linearModel';

/** q(z | x) = N(mean(x), diag(variance)) */
export interface DiagonalBase {
  readonly mean: (x: readonly number[]) => readonly number[];
  readonly variance: readonly number[];
}

/**
 * A path log π_β(z | x) = log q(z | x) + β Δ(x, z) + constant of a linear-Gaussian model. Every π_β is Gaussian, so that a perfect
 * transition is a draw from it.
 */
export interface GaussianPath {
  /** log q(z | x), normalised. */
  readonly logBase: (x: readonly number[], z: readonly number[]) => number;
  /** Δ */
  readonly logRatio: (x: readonly number[], z: readonly number[]) => number;
  /** π_β */
  readonly at: (x: readonly number[], beta: number) => Tempered;
}

export function standardNormal(latent: number): DiagonalBase {
  return { mean: () => new Array<number>(latent).fill(0), variance: new Array<number>(latent).fill(1) };
}

/**
 * The diagonal Gaussian with the exact posterior mean that is best in one direction: of KL(p(z | x) ‖ q) with the diagonal of the
 * posterior covariance Σ, of KL(q ‖ p(z | x)) with the inverse of the diagonal of its precision Λ.
 */
export function bestDiagonal(model: LinearModel, direction: 'forward' | 'reverse'): DiagonalBase {
  const lambda = precision(model, 1);
  const factor = cholesky(lambda);
  const unit = (i: number): number[] => lambda.map((_, j) => Number(i === j));
  return {
    mean: oncePerDatum((x) => tempered(model, x, 1, factor).mean),
    variance: lambda.map((row, i) =>
      direction === 'reverse' ? 1 / (row[i] ?? Number.NaN) : (fromPull(factor, unit(i)).mean[i] ?? Number.NaN),
    ),
  };
}

/** From q, or from the prior, to p(x, z). */
export function posteriorPath(model: LinearModel, base = standardNormal(model.latent)): GaussianPath {
  const logBase = logDensity(base);
  return {
    logBase,
    logRatio: (x, z) => logLikelihood(model, x, z) + (logPrior(z) - logBase(x, z)),
    at: naturalPath(base, (beta) => ({ kept: 1 - beta, prior: beta, likelihood: beta }), model),
  };
}

/** From q, or from the prior, to q e^T with T = T_a, the critic below. */
export function energyPath(model: LinearModel, a: number, base = standardNormal(model.latent)): GaussianPath {
  return {
    logBase: logDensity(base),
    logRatio: critic(model, a),
    at: naturalPath(base, (beta) => ({ kept: 1, prior: 0, likelihood: a * beta }), model),
  };
}

/**
 * T_a = −(a/2) |u − s z'|², with u, z' what singular vectors of W/σ make of (x − b)/σ and z: a log p(x | z) less its maximum over z.
 * At a = 1 and with the prior as base it is the best critic up to a function of x, at a = 0 it is constant.
 */
export function critic(model: LinearModel, a: number): (x: readonly number[], z: readonly number[]) => number {
  // A = Λ_1 − I
  const factor = cholesky(precision(model, 1).map((row, i) => row.map((value, j) => value - Number(i === j))));
  const most = oncePerDatum((x) => logLikelihood(model, x, fromPull(factor, pull(model, x)).mean));
  return (x, z) => a * (logLikelihood(model, x, z) - most(x));
}

function oncePerDatum<T>(of: (x: readonly number[]) => T): (x: readonly number[]) => T {
  const known = new WeakMap<readonly number[], T>();
  return (x) => {
    const value = known.get(x) ?? of(x);
    known.set(x, value);
    return value;
  };
}

function logDensity({ mean, variance }: DiagonalBase): GaussianPath['logBase'] {
  return (x, z) => {
    const centre = mean(x);
    return z.reduce((total, value, i) => {
      const width = variance[i] ?? Number.NaN;
      return total - 0.5 * ((value - (centre[i] ?? Number.NaN)) ** 2 / width + Math.log(2 * Math.PI * width));
    }, 0);
  };
}

/** The powers of base, prior and likelihood whose product is π_β, up to a function of x. */
type Powers = (beta: number) => { readonly kept: number; readonly prior: number; readonly likelihood: number };

function naturalPath({ mean, variance }: DiagonalBase, powers: Powers, model: LinearModel): GaussianPath['at'] {
  const factors = new Map<number, Matrix>();
  const scaled = (beta: number): Matrix => {
    const { kept, prior, likelihood } = powers(beta);
    return precision(model, likelihood).map((row, i) =>
      row.map((value, j) => value + (i === j ? kept / (variance[i] ?? Number.NaN) + prior - 1 : 0)),
    );
  };
  return (x, beta) => {
    let factor = factors.get(beta);
    if (factor === undefined) factors.set(beta, (factor = cholesky(scaled(beta))));
    const { kept, likelihood } = powers(beta);
    const centre = mean(x);
    const data = pull(model, x);
    const h = data.map((g, i) => likelihood * g + (kept * (centre[i] ?? Number.NaN)) / (variance[i] ?? Number.NaN));
    return fromPull(factor, h);
  };
}
