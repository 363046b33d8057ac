import { Turns } from './turns';

/** Halvings of an interval: past these its ends are neighbouring numbers. */
const halvings = 64;

/**
 * Eigenvalues of a symmetric matrix, the smallest first, to rounding of its norm: reflections make it tridiagonal, and signs in Sturm
 * sequences tell how many eigenvalues lie below a number. O(n³), in turns of some hundredths of a second.
 * @param matrix `[n, n]`, overwritten
 */
export function* symmetricEigenvalues(matrix: Float64Array, size: number): Generator<undefined, Float64Array> {
  const { diagonal, beside } = yield* tridiagonal(matrix, size);
  let bound = 0;
  for (let k = 0; k < size; k += 1)
    bound = Math.max(bound, Math.abs(diagonal[k] ?? NaN) + Math.abs(beside[k] ?? 0) + Math.abs(beside[k - 1] ?? 0));
  if (Number.isNaN(bound)) return diagonal.fill(NaN);
  const squares = beside.map((value) => value * value);
  const tiny = Math.max(Number.MIN_VALUE, 1e-300 * bound * bound);
  const found = new Float64Array(size);
  const turns = new Turns();
  for (let k = 0; k < size; k += 1) {
    let [low, high] = [k === 0 ? -bound : (found[k - 1] ?? -bound), bound];
    for (let turn = 0; turn < halvings; turn += 1) {
      const middle = (low + high) / 2;
      if (middle <= low || middle >= high) break;
      if (countBelow(diagonal, squares, middle, tiny) > k) high = middle;
      else low = middle;
    }
    found[k] = (low + high) / 2;
    yield* turns.after(8 * halvings * size);
  }
  return found;
}

/** How many eigenvalues of a tridiagonal matrix are below x: negative pivots of its elimination less x. */
function countBelow(diagonal: Float64Array, squares: Float64Array, x: number, tiny: number): number {
  let count = 0;
  let pivot = 1;
  for (let k = 0; k < diagonal.length; k += 1) {
    pivot = (diagonal[k] ?? NaN) - x - (k === 0 ? 0 : (squares[k - 1] ?? NaN) / pivot);
    if (pivot === 0) pivot = -tiny;
    if (pivot < 0) count += 1;
  }
  return count;
}

/** Householder's reflections: the diagonal and what stands beside it of a similar tridiagonal matrix. */
function* tridiagonal(
  a: Float64Array,
  size: number,
): Generator<undefined, { readonly diagonal: Float64Array; readonly beside: Float64Array }> {
  const diagonal = new Float64Array(size);
  const beside = new Float64Array(Math.max(0, size - 1));
  const [v, q] = [new Float64Array(size), new Float64Array(size)];
  const turns = new Turns();
  for (let k = 0; k < size; k += 1) {
    diagonal[k] = a[k * size + k] ?? NaN;
    if (k + 1 >= size) break;
    let squares = 0;
    for (let i = k + 1; i < size; i += 1) {
      v[i] = a[i * size + k] ?? NaN;
      squares += (v[i] ?? NaN) ** 2;
    }
    const first = v[k + 1] ?? NaN;
    const length = Math.sqrt(squares);
    const aim = first > 0 ? -length : length;
    beside[k] = aim;
    // |v|² of x − aim e₁.
    const norm = 2 * (squares - aim * first);
    if (norm === 0) continue;
    v[k + 1] = first - aim;
    const scale = Math.sqrt(norm);
    for (let i = k + 1; i < size; i += 1) v[i] = (v[i] ?? NaN) / scale;
    let along = 0;
    for (let i = k + 1; i < size; i += 1) {
      let product = 0;
      for (let j = k + 1; j < size; j += 1) product += (a[i * size + j] ?? NaN) * (v[j] ?? NaN);
      q[i] = 2 * product;
      along += product * (v[i] ?? NaN);
    }
    for (let i = k + 1; i < size; i += 1) q[i] = (q[i] ?? NaN) - 2 * along * (v[i] ?? NaN);
    for (let i = k + 1; i < size; i += 1) {
      const [own, other] = [v[i] ?? NaN, q[i] ?? NaN];
      const row = i * size;
      for (let j = k + 1; j < size; j += 1)
        a[row + j] = (a[row + j] ?? NaN) - own * (q[j] ?? NaN) - other * (v[j] ?? NaN);
    }
    yield* turns.after(3 * (size - k) ** 2);
  }
  return { diagonal, beside };
}
