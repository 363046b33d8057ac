import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { halfLogDeterminant, lowerInverse } from './linear';
import { minimise } from './minimise';
import { gaussHermite } from './quadrature';

/** y_i ~ Bernoulli(sigmoid(x_iᵀw)), w ~ N(0, τ² I). */
export interface Regression {
  /** `[rows, d]`, the intercept's 1 first. */
  readonly design: Float64Array;
  /** `[rows]` of 0 and 1. */
  readonly labels: Int32Array;
  /** τ */
  readonly priorStd: number;
}

export interface LaplaceApproximation {
  readonly mode: Float64Array;
  /** Log joint at the mode, in nats. */
  readonly logJoint: number;
  /** H⁻¹ with H the negative Hessian at the mode. */
  readonly covariance: Matrix;
  /** log joint + (d/2) log 2π − ½ log det H */
  readonly logZ: number;
}

export interface FactorisedOptimum {
  readonly mean: Float64Array;
  readonly std: Float64Array;
  /** Its ELBO, in nats. */
  readonly elbo: number;
}

/** log p(w) + Σ_i log p(y_i | w), in nats. */
export function logJoint(regression: Regression, weights: Float64Array): number {
  const { rows, dim, priorStd } = sizesOf(regression);
  let total = -0.5 * dim * Math.log(2 * Math.PI * priorStd ** 2);
  for (const w of weights) total -= 0.5 * (w / priorStd) ** 2;
  for (let row = 0; row < rows; row += 1) total -= softplus(-signedLogit(regression, dim, row, weights));
  return total;
}

/** Newton's method from 0. The log joint is strictly concave, so there is one mode. */
export function laplace(regression: Regression): LaplaceApproximation {
  const { dim, priorStd } = sizesOf(regression);
  let mode: Float64Array = new Float64Array(dim);
  let value = logJoint(regression, mode);
  for (let iteration = 0; iteration < 100; iteration += 1) {
    const { gradient, hessian } = derivatives(regression, mode);
    const step = new CholeskyDecomposition(hessian).solve(Matrix.columnVector(gradient)).to1DArray();
    let [size, next, there] = [1, mode, -Infinity];
    do {
      next = mode.map((w, i) => w + size * (step[i] ?? NaN));
      there = logJoint(regression, next);
      size /= 2;
    } while (there < value && size > 1e-12);
    if (there < value) break;
    const moved = Math.max(...step.map(Math.abs));
    [mode, value] = [next, there];
    if (moved < 1e-10 * priorStd) break;
  }
  const factor = new CholeskyDecomposition(derivatives(regression, mode).hessian).lowerTriangularMatrix;
  const inverse = lowerInverse(factor);
  return {
    mode,
    logJoint: value,
    covariance: inverse.transpose().mmul(inverse),
    logZ: value + 0.5 * dim * Math.log(2 * Math.PI) - halfLogDeterminant(factor),
  };
}

/** The factorised Gaussian with the greatest ELBO, KL(q ‖ π) smallest: what variational inference goes to. */
export function reverseOptimum(regression: Regression): FactorisedOptimum {
  return factorised(regression, () => ({ value: 0, mean: 0, log: 0 }));
}

/**
 * The factorised Gaussian with the least KL(q ‖ π) + KL(π ‖ q), what annealing with many perfect transitions goes to.
 * @param mean of the posterior, from ground truth
 * @param std of its coordinates
 */
export function symmetrisedOptimum(regression: Regression, mean: Float64Array, std: Float64Array): FactorisedOptimum {
  return factorised(regression, (m, log, i) => {
    const off = m - (mean[i] ?? NaN);
    const ratio = ((std[i] ?? NaN) ** 2 + off * off) * Math.exp(-log);
    return { value: 0.5 * (ratio + log), mean: off * Math.exp(-log), log: 0.5 * (1 - ratio) };
  });
}

/** A term for each coordinate with mean m and log variance: its value and its two derivatives. */
type Extra = (m: number, log: number, i: number) => { value: number; mean: number; log: number };

function factorised(regression: Regression, extra: Extra): FactorisedOptimum {
  const { dim } = sizesOf(regression);
  const { mode, covariance } = laplace(regression);
  const start = [...mode, ...covariance.diagonal().map(Math.log)];
  const { x } = minimise(
    (at) => {
      const { value, gradient } = negativeElbo(regression, at);
      let total = value;
      for (let i = 0; i < dim; i += 1) {
        const term = extra(at[i] ?? NaN, at[dim + i] ?? NaN, i);
        total += term.value;
        gradient[i] = (gradient[i] ?? NaN) + term.mean;
        gradient[dim + i] = (gradient[dim + i] ?? NaN) + term.log;
      }
      return { value: total, gradient };
    },
    start,
    { tolerance: 1e-7 },
  );
  return {
    mean: x.slice(0, dim),
    std: x.slice(dim).map((log) => Math.exp(0.5 * log)),
    elbo: -negativeElbo(regression, x).value,
  };
}

/** E_q[log p(w, y) − log q(w)] of a factorised Gaussian, in nats. */
export function elboOf(regression: Regression, mean: Float64Array, std: Float64Array): number {
  return -negativeElbo(regression, Float64Array.of(...mean, ...std.map((s) => 2 * Math.log(s)))).value;
}

const quadrature = gaussHermite(40);

/** −ELBO of N(m, diag(exp(log))) and its gradient in (m, log): a logit is normal, so each row is an integral over one number. */
function negativeElbo(
  regression: Regression,
  at: Float64Array,
): { readonly value: number; readonly gradient: Float64Array } {
  const { rows, dim, priorStd } = sizesOf(regression);
  const { design, labels } = regression;
  const variances = at.slice(dim).map(Math.exp);
  const gradient = new Float64Array(2 * dim);
  let value = 0;
  for (let i = 0; i < dim; i += 1) {
    const [m, s] = [at[i] ?? NaN, variances[i] ?? NaN];
    value += 0.5 * ((m * m + s) / priorStd ** 2 - 1 - Math.log(s / priorStd ** 2));
    gradient[i] = m / priorStd ** 2;
    gradient[dim + i] = 0.5 * (s / priorStd ** 2 - 1);
  }
  for (let row = 0; row < rows; row += 1) {
    let variance = 0;
    for (let i = 0; i < dim; i += 1) variance += (design[row * dim + i] ?? NaN) ** 2 * (variances[i] ?? NaN);
    const sign = labels[row] === 1 ? 1 : -1;
    const centre = signedLogit(regression, dim, row, at);
    const std = Math.sqrt(variance);
    let [loss, slope, curvature] = [0, 0, 0];
    quadrature.nodes.forEach((node, n) => {
      const weight = quadrature.weights[n] ?? NaN;
      const t = centre + std * node;
      const wrong = sigmoid(-t);
      loss += weight * softplus(-t);
      slope -= weight * wrong;
      curvature += weight * wrong * (1 - wrong);
    });
    value += loss;
    for (let i = 0; i < dim; i += 1) {
      const x = design[row * dim + i] ?? NaN;
      gradient[i] = (gradient[i] ?? NaN) + slope * sign * x;
      gradient[dim + i] = (gradient[dim + i] ?? NaN) + 0.5 * curvature * x * x * (variances[i] ?? NaN);
    }
  }
  return { value, gradient };
}

function derivatives(regression: Regression, weights: Float64Array): { gradient: number[]; hessian: Matrix } {
  const { rows, dim, priorStd } = sizesOf(regression);
  const { design, labels } = regression;
  const hessian = Matrix.eye(dim).mul(1 / priorStd ** 2);
  const gradient = Array.from(weights.subarray(0, dim), (w) => -w / priorStd ** 2);
  for (let row = 0; row < rows; row += 1) {
    const wrong = sigmoid(-signedLogit(regression, dim, row, weights));
    const pull = labels[row] === 1 ? wrong : -wrong;
    const curvature = wrong * (1 - wrong);
    for (let i = 0; i < dim; i += 1) {
      const x = design[row * dim + i] ?? NaN;
      gradient[i] = (gradient[i] ?? NaN) + pull * x;
      for (let j = 0; j <= i; j += 1) {
        const entry = hessian.get(i, j) + curvature * x * (design[row * dim + j] ?? NaN);
        hessian.set(i, j, entry);
        hessian.set(j, i, entry);
      }
    }
  }
  return { gradient, hessian };
}

/** xᵀw where the label is 1, −xᵀw where it is 0. */
function signedLogit({ design, labels }: Regression, dim: number, row: number, weights: Float64Array): number {
  let logit = 0;
  for (let i = 0; i < dim; i += 1) logit += (design[row * dim + i] ?? NaN) * (weights[i] ?? NaN);
  return labels[row] === 1 ? logit : -logit;
}

function sizesOf({ design, labels, priorStd }: Regression): { rows: number; dim: number; priorStd: number } {
  return { rows: labels.length, dim: design.length / labels.length, priorStd };
}

function softplus(t: number): number {
  return Math.max(t, 0) + Math.log1p(Math.exp(-Math.abs(t)));
}

function sigmoid(t: number): number {
  const decay = Math.exp(-Math.abs(t));
  return t >= 0 ? 1 / (1 + decay) : decay / (1 + decay);
}
