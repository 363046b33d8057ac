import { CholeskyDecomposition, EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { GenerativeModel } from './model';

/** Closed forms of x = W z + b + σ ε with z ~ N(0, I): the truth that bounds can be held against. All in nats, in float64. */
export interface LinearGaussian {
  /** I(x; z) = ½ log det(I + WᵀW/σ²) */
  readonly mutualInformation: number;
  /** log p(x) of each datum, by Woodbury's identity on the d×d side. */
  readonly logEvidence: (x: Float32Array) => Float64Array;
  /** p(z | x) of one datum. @param x `[D]` */
  readonly posterior: (x: ArrayLike<number>) => LinearPosterior;
  /**
   * What single-sample AIS from the prior would bound I(x; z) with if its transitions were perfect:
   * Σ_t (β_t − β_{t−1}) h(β_t) below and Σ_t (β_t − β_{t−1}) h(β_{t−1}) above, where h(β) is how much the mean log-likelihood of
   * the tempered posterior falls short of that of the exact sample.
   * @param betas from 0 to 1
   */
  readonly perfectAnnealing: (betas: ArrayLike<number>) => { readonly lower: number; readonly upper: number };
}

/** N(Λ⁻¹g, Λ⁻¹) with Λ = I + WᵀW/σ² and g = Wᵀ(x − b)/σ². */
export interface LinearPosterior {
  /** `[d]` */
  readonly mean: Float64Array;
  /**
   * Independent exact samples, one for each row of standard normals. Computed in float64, stored in float32 as all samples are.
   * @param normals `[K, d]`
   * @returns `[K, d]`
   */
  readonly sample: (normals: ArrayLike<number>) => Float32Array;
}

/** The closed form where the decoder is linear and the noise Gaussian, else undefined. */
export function linearGaussian(model: GenerativeModel): LinearGaussian | undefined {
  const { sigma } = model.likelihood;
  const map = affineMap(model);
  if (sigma === undefined || map === undefined) return undefined;
  const { weight, bias } = map;
  const [outputs, latent] = [weight.rows, weight.columns];
  const variance = sigma * sigma;
  const precision = weight.transpose().mmul(weight).div(variance).add(Matrix.eye(latent));
  const cholesky = new CholeskyDecomposition(precision);
  const factor = cholesky.lowerTriangularMatrix;
  const halfLogDeterminant = factor.diagonal().reduce((total, value) => total + Math.log(value), 0);
  /** x − b and Wᵀ(x − b)/σ² of one datum. */
  const pulled = (x: ArrayLike<number>, datum: number): { residual: Matrix; pull: Matrix } => {
    const difference = (_: unknown, j: number): number => (x[datum * outputs + j] ?? Number.NaN) - (bias[j] ?? 0);
    const residual = Matrix.columnVector(Array.from({ length: outputs }, difference));
    return { residual, pull: weight.transpose().mmul(residual).div(variance) };
  };
  return {
    mutualInformation: halfLogDeterminant,
    logEvidence: (x) => {
      const values = new Float64Array(x.length / outputs);
      for (let datum = 0; datum < values.length; datum += 1) {
        const { residual, pull } = pulled(x, datum);
        const quadratic = residual.dot(residual) / variance - pull.dot(cholesky.solve(pull));
        values[datum] = -0.5 * (outputs * Math.log(2 * Math.PI * variance) + quadratic) - halfLogDeterminant;
      }
      return values;
    },
    posterior: (x) => {
      const mean = Float64Array.from(cholesky.solve(pulled(x, 0).pull).to1DArray());
      return { mean, sample: (normals) => posteriorSamples(mean, factor, normals) };
    },
    perfectAnnealing: (betas) => perfectAnnealing(precision, betas),
  };
}

/** mean + L⁻ᵀ ε for each row ε of normals, with L Lᵀ the precision. */
function posteriorSamples(mean: Float64Array, factor: Matrix, normals: ArrayLike<number>): Float32Array {
  const latent = mean.length;
  const samples = new Float32Array(normals.length);
  const offset = new Float64Array(latent);
  for (let row = 0; row < samples.length; row += latent) {
    for (let i = latent - 1; i >= 0; i -= 1) {
      let rest = normals[row + i] ?? Number.NaN;
      for (let j = i + 1; j < latent; j += 1) rest -= factor.get(j, i) * (offset[j] ?? 0);
      offset[i] = rest / factor.get(i, i);
      samples[row + i] = (mean[i] ?? 0) + (offset[i] ?? 0);
    }
  }
  return samples;
}

/** @param precision I + WᵀW/σ², whose eigenvalues are 1 + λ_i */
function perfectAnnealing(precision: Matrix, betas: ArrayLike<number>): { lower: number; upper: number } {
  const { realEigenvalues } = new EigenvalueDecomposition(precision, { assumeSymmetric: true });
  /** h(β) = ½ Σ_i [(1 + λ_i)/(1 + βλ_i)² + λ_i/(1 + βλ_i) − 1] */
  const shortfall = (beta: number): number =>
    realEigenvalues.reduce((total, eigenvalue) => {
      const lambda = eigenvalue - 1;
      const tempered = 1 + beta * lambda;
      return total + 0.5 * (eigenvalue / tempered ** 2 + lambda / tempered - 1);
    }, 0);
  let [lower, upper] = [0, 0];
  for (let t = 1; t < betas.length; t += 1) {
    const [before, after] = [betas[t - 1] ?? Number.NaN, betas[t] ?? Number.NaN];
    lower += (after - before) * shortfall(after);
    upper += (after - before) * shortfall(before);
  }
  return { lower, upper };
}

/** W and b of a decoder whose layers are all linear. */
function affineMap(model: GenerativeModel): { weight: Matrix; bias: number[] } | undefined {
  let weight: Matrix | undefined;
  let bias: number[] = [];
  for (const layer of model.spec.decoder) {
    if (layer === 'identity') continue;
    if (typeof layer === 'string' || !('linear' in layer)) return undefined;
    const w = model.decoder.constants[`${layer.linear}.weight`];
    const b = model.decoder.constants[`${layer.linear}.bias`];
    if (w === undefined) return undefined;
    const [rows = 0, columns = 0] = w.shape;
    const next = Matrix.from1DArray(rows, columns, Array.from(w.data));
    const moved =
      bias.length === 0 ? new Array<number>(rows).fill(0) : next.mmul(Matrix.columnVector(bias)).to1DArray();
    bias = moved.map((value, index) => value + (b?.data[index] ?? 0));
    weight = weight === undefined ? next : next.mmul(weight);
  }
  return weight === undefined ? undefined : { weight, bias };
}
