import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import type { GenerativeModel } from './model';

/** Closed forms of x = W z + b + σ ε with z ~ N(0, I): the truth that bounds can be held against. All in nats, in float64. */
export interface LinearGaussian {
  /** I(x; z) = ½ log det(I + WᵀW/σ²) */
  readonly mutualInformation: number;
  /** log p(x) of each datum, by Woodbury's identity on the d×d side. */
  readonly logEvidence: (x: Float32Array) => Float64Array;
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
  return {
    mutualInformation: halfLogDeterminant,
    logEvidence: (x) => {
      const values = new Float64Array(x.length / outputs);
      for (let datum = 0; datum < values.length; datum += 1) {
        const residual = Matrix.columnVector(
          Array.from({ length: outputs }, (_, j) => (x[datum * outputs + j] ?? 0) - (bias[j] ?? 0)),
        );
        const pull = weight.transpose().mmul(residual).div(variance);
        const quadratic = residual.dot(residual) / variance - pull.dot(cholesky.solve(pull));
        values[datum] = -0.5 * (outputs * Math.log(2 * Math.PI * variance) + quadratic) - halfLogDeterminant;
      }
      return values;
    },
  };
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
