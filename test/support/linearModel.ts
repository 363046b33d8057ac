import { random, type Random } from './random';

/**
 * x = W z + b + σ ε with z ~ N(0, I), and everything about it in closed form, in doubles and with arithmetic of the tests' own:
 * A = WᵀW/σ², Λ_β = I + βA, g = Wᵀ(x − b)/σ², π_β(z | x) = N(β Λ_β⁻¹ g, Λ_β⁻¹).
 */
export interface LinearModel {
  readonly latent: number;
  readonly outputs: number;
  /** `[D][d]` */
  readonly weight: readonly (readonly number[])[];
  readonly bias: readonly number[];
  readonly sigma: number;
}

/** The small model of the golden numbers: λ = 6.789, 21.211, I = ½ ln 173. */
export const lg2: LinearModel = {
  latent: 2,
  outputs: 3,
  weight: [
    [1, 0],
    [1, 1],
    [0, 2],
  ],
  bias: [0, 0, 0],
  sigma: 0.5,
};

/** W_ij ~ N(0, 1), σ = 1: the linear VAE of Brekelmans et al. (2022), figure 5, where d = 10 and D = 100. */
export function randomLinear(latent: number, outputs: number, seed: number): LinearModel {
  const { normals } = random(seed);
  // Rounded to float32, as the checkpoint will hold them.
  const row = (): number[] => normals(latent).map(Math.fround);
  return {
    latent,
    outputs,
    weight: Array.from({ length: outputs }, row),
    bias: normals(outputs).map(Math.fround),
    sigma: 1,
  };
}

export type Matrix = number[][];

/** L with L Lᵀ = m. */
export function cholesky(m: Matrix): Matrix {
  const lower = m.map((row) => row.map(() => 0));
  for (let i = 0; i < m.length; i += 1)
    for (let j = 0; j <= i; j += 1) {
      let sum = at(m, i, j);
      for (let k = 0; k < j; k += 1) sum -= at(lower, i, k) * at(lower, j, k);
      (lower[i] as number[])[j] = i === j ? Math.sqrt(sum) : sum / at(lower, j, j);
    }
  return lower;
}

/** x with L x = b. */
function forwards(lower: Matrix, b: readonly number[]): number[] {
  const x: number[] = [];
  b.forEach((value, i) => x.push((value - sum(i, (k) => at(lower, i, k) * (x[k] ?? 0))) / at(lower, i, i)));
  return x;
}

/** x with Lᵀ x = b. */
function backwards(lower: Matrix, b: readonly number[]): number[] {
  const n = b.length;
  const x = [...b];
  for (let i = n - 1; i >= 0; i -= 1) {
    let rest = x[i] as number;
    for (let k = i + 1; k < n; k += 1) rest -= ((lower[k] as number[])[i] as number) * (x[k] as number);
    x[i] = rest / ((lower[i] as number[])[i] as number);
  }
  return x;
}

/** Λ_β */
export function precision({ weight, latent, sigma }: LinearModel, beta: number): Matrix {
  return Array.from({ length: latent }, (_, i) =>
    Array.from(
      { length: latent },
      (_, j) =>
        (i === j ? 1 : 0) + (beta * sum(weight.length, (o) => at(weight, o, i) * at(weight, o, j))) / sigma ** 2,
    ),
  );
}

/** I(x; z) = ½ log det Λ_1 */
export function mutualInformation(model: LinearModel): number {
  return cholesky(precision(model, 1)).reduce((total, row, i) => total + Math.log(row[i] ?? Number.NaN), 0);
}

export function decode({ weight, bias }: LinearModel, z: readonly number[]): number[] {
  return weight.map((row, o) => (bias[o] ?? 0) + sum(row.length, (i) => (row[i] ?? 0) * (z[i] ?? 0)));
}

/** log p(x | z) */
export function logLikelihood(model: LinearModel, x: readonly number[], z: readonly number[]): number {
  const variance = model.sigma ** 2;
  let squares = 0;
  for (let o = 0; o < model.outputs; o += 1) {
    const row = model.weight[o] as readonly number[];
    let rest = (x[o] as number) - (model.bias[o] as number);
    for (let i = 0; i < row.length; i += 1) rest -= (row[i] as number) * (z[i] as number);
    squares += rest * rest;
  }
  return -0.5 * (squares / variance + model.outputs * Math.log(2 * Math.PI * variance));
}

/** log p(z) */
export function logPrior(z: readonly number[]): number {
  return -0.5 * (z.reduce((total, value) => total + value * value, 0) + z.length * Math.log(2 * Math.PI));
}

/** π_β(z | x) as its mean and a Cholesky factor of its precision. */
export interface Tempered {
  readonly mean: number[];
  readonly factor: Matrix;
}

export function tempered(model: LinearModel, x: readonly number[], beta: number, factor?: Matrix): Tempered {
  const lower = factor ?? cholesky(precision(model, beta));
  return fromPull(
    lower,
    pull(model, x).map((value) => beta * value),
  );
}

/** g = Wᵀ(x − b)/σ² */
export function pull(model: LinearModel, x: readonly number[]): number[] {
  const residual = x.map((value, o) => value - (model.bias[o] ?? 0));
  return Array.from(
    { length: model.latent },
    (_, i) => sum(residual.length, (o) => at(model.weight, o, i) * (residual[o] ?? 0)) / model.sigma ** 2,
  );
}

/** N(Λ⁻¹h, Λ⁻¹) from h and a Cholesky factor of Λ. */
export function fromPull(factor: Matrix, h: readonly number[]): Tempered {
  return { mean: backwards(factor, forwards(factor, h)), factor };
}

export function draw({ mean, factor }: Tempered, { normals }: Random): number[] {
  const offset = backwards(factor, normals(mean.length));
  return mean.map((value, i) => value + (offset[i] ?? 0));
}

/** log N(z; mean, (L Lᵀ)⁻¹) */
export function logTempered({ mean, factor }: Tempered, z: readonly number[]): number {
  const n = z.length;
  const centred = z.map((value, i) => value - (mean[i] ?? 0));
  // |Lᵀ (z − m)|²
  const squares = sum(n, (i) => sum(n, (k) => at(factor, k, i) * (centred[k] ?? 0)) ** 2);
  return -0.5 * (squares + n * Math.log(2 * Math.PI)) + sum(n, (i) => Math.log(at(factor, i, i)));
}

/** log p(x), from Bayes' rule at the posterior mean. */
export function logEvidence(model: LinearModel, x: readonly number[]): number {
  const posterior = tempered(model, x, 1);
  const z = posterior.mean;
  return logLikelihood(model, x, z) + logPrior(z) - logTempered(posterior, z);
}

/** z ~ p(z), x ~ p(x | z). */
export function simulatePair(model: LinearModel, { normal, normals }: Random): { x: number[]; z: number[] } {
  const z = normals(model.latent);
  return { z, x: decode(model, z).map((mean) => mean + model.sigma * normal()) };
}

function at(matrix: readonly (readonly number[])[], i: number, j: number): number {
  return matrix[i]?.[j] ?? Number.NaN;
}

function sum(count: number, term: (index: number) => number): number {
  let total = 0;
  for (let index = 0; index < count; index += 1) total += term(index);
  return total;
}
