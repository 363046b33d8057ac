import { symmetricEigenvalues } from './eigenvalues';
import { meanOf, type Points } from './points';
import { Turns } from './turns';

/** Mean `[d]` and covariance `[d, d]`. */
export interface Moments {
  readonly mean: ArrayLike<number>;
  readonly covariance: ArrayLike<number>;
}

/**
 * Fréchet distance of two sets of features. It wants at least ten samples a feature: fewer raise it. In turns of some hundredths of a
 * second.
 */
export function* frechetSteps(x: Points, y: Points): Generator<undefined, number> {
  return yield* gaussianWassersteinSteps(yield* momentsSteps(x), yield* momentsSteps(y));
}

/**
 * W2² of two normals, |m₁ − m₂|² + tr(S₁ + S₂ − 2 (S₁^½ S₂ S₁^½)^½) (Dowson and Landau 1982); on features of images it is the Fréchet
 * distance of Heusel et al. (2017). O(d³).
 */
export function* gaussianWassersteinSteps(a: Moments, b: Moments): Generator<undefined, number> {
  const dim = a.mean.length;
  // With S₁ = L Lᵀ the matrices S₁^½ S₂ S₁^½ and Lᵀ S₂ L have the same eigenvalues: both have those of S₁ S₂.
  const inner = yield* between(yield* lowerRoot(a.covariance, dim), b.covariance, dim);
  const values = yield* symmetricEigenvalues(inner, dim);
  let total = 0;
  for (const value of values) total -= 2 * Math.sqrt(Math.max(0, value));
  for (let k = 0; k < dim; k += 1) {
    const place = k * dim + k;
    total += (a.covariance[place] ?? NaN) + (b.covariance[place] ?? NaN);
    total += ((a.mean[k] ?? NaN) - (b.mean[k] ?? NaN)) ** 2;
  }
  return total;
}

/** Mean and unbiased covariance. */
export function* momentsSteps(points: Points): Generator<undefined, Moments> {
  const { data, count, dim } = points;
  const mean = meanOf(points);
  const covariance = new Float64Array(dim * dim);
  const centred = new Float64Array(dim);
  const turns = new Turns();
  for (let row = 0; row < count; row += 1) {
    for (let k = 0; k < dim; k += 1) centred[k] = (data[row * dim + k] ?? NaN) - (mean[k] ?? NaN);
    for (let k = 0; k < dim; k += 1) {
      const value = (centred[k] ?? NaN) / (count - 1);
      for (let l = 0; l <= k; l += 1)
        covariance[k * dim + l] = (covariance[k * dim + l] ?? NaN) + value * (centred[l] ?? NaN);
    }
    yield* turns.after(dim ** 2 / 2);
  }
  for (let k = 0; k < dim; k += 1)
    for (let l = 0; l < k; l += 1) covariance[l * dim + k] = covariance[k * dim + l] ?? NaN;
  return { mean, covariance };
}

/** L of S = L Lᵀ by Cholesky, row by row; what has no variance beyond that of the rows before is 0. `[d, d]` */
function* lowerRoot(covariance: ArrayLike<number>, dim: number): Generator<undefined, Float64Array> {
  const root = new Float64Array(dim * dim);
  const turns = new Turns();
  for (let i = 0; i < dim; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      let rest = covariance[i * dim + j] ?? NaN;
      for (let k = 0; k < j; k += 1) rest -= (root[i * dim + k] ?? NaN) * (root[j * dim + k] ?? NaN);
      const pivot = root[j * dim + j] ?? NaN;
      if (j < i) root[i * dim + j] = pivot === 0 ? 0 : rest / pivot;
      else root[i * dim + i] = rest > 1e-14 * (covariance[i * dim + i] ?? NaN) ? Math.sqrt(rest) : 0;
    }
    yield* turns.after(i ** 2 / 2);
  }
  return root;
}

/** Lᵀ S L of a lower triangle L, `[d, d]`, exactly symmetric. */
function* between(root: Float64Array, covariance: ArrayLike<number>, dim: number): Generator<undefined, Float64Array> {
  const turns = new Turns();
  const right = new Float64Array(dim * dim);
  for (let i = 0; i < dim; i += 1) {
    for (let k = 0; k < dim; k += 1) {
      const factor = covariance[i * dim + k] ?? NaN;
      for (let j = 0; j <= k; j += 1)
        right[i * dim + j] = (right[i * dim + j] ?? NaN) + factor * (root[k * dim + j] ?? NaN);
    }
    yield* turns.after(dim ** 2 / 2);
  }
  const inner = new Float64Array(dim * dim);
  for (let k = 0; k < dim; k += 1) {
    for (let i = 0; i <= k; i += 1) {
      const factor = root[k * dim + i] ?? NaN;
      for (let j = 0; j <= i; j += 1)
        inner[i * dim + j] = (inner[i * dim + j] ?? NaN) + factor * (right[k * dim + j] ?? NaN);
    }
    yield* turns.after(k ** 2 / 2);
  }
  for (let i = 0; i < dim; i += 1) for (let j = 0; j < i; j += 1) inner[j * dim + i] = inner[i * dim + j] ?? NaN;
  return inner;
}
