import { nearestIn } from '../../coverage/neighbours';
import { slice, type Points } from '../../coverage/points';

/** Items whose nearest real ones are looked for at once. */
const rows = 250;

/** The class of the nearest real item of each drawn one, where no classifier tells; yields the share that is done. */
export function* nearestLabels(drawn: Points, real: Points, labels: Int32Array): Generator<number, Int32Array> {
  const found = new Int32Array(drawn.count);
  for (let first = 0; first < drawn.count; first += rows) {
    const { index } = nearestIn(slice(drawn, first, first + rows), real);
    index.forEach((place, row) => (found[first + row] = labels[place] ?? -1));
    yield Math.min(1, (first + rows) / drawn.count);
  }
  return found;
}

/** Share of each class among labels, `[K]`. */
export function sharesOf(labels: Int32Array, classes: number): Float64Array {
  const shares = new Float64Array(classes);
  for (const label of labels) if (label >= 0) shares[label] = (shares[label] ?? 0) + 1;
  return shares.map((count) => count / labels.length);
}

export interface Confusion {
  /** Share of the items whose class is predicted. */
  readonly accuracy: number;
  /** `[K, K]`: rows true classes of sum 1, columns predicted; the identity where a class has no items. */
  readonly matrix: Float64Array;
}

export function confusionOf(labels: Int32Array, predicted: Int32Array, classes: number): Confusion {
  const matrix = new Float64Array(classes * classes);
  let right = 0;
  labels.forEach((label, row) => {
    const guess = predicted[row] ?? 0;
    right += Number(guess === label);
    matrix[label * classes + guess] = (matrix[label * classes + guess] ?? 0) + 1;
  });
  for (let k = 0; k < classes; k += 1) {
    const row = matrix.subarray(k * classes, (k + 1) * classes);
    const total = row.reduce((a, b) => a + b, 0);
    if (total === 0) row[k] = 1;
    else row.forEach((value, column) => (row[column] = value / total));
  }
  return { accuracy: right / labels.length, matrix };
}
