import type { RunImages } from '../../../shared/result';
import { rangeOf, sheet } from '../vae/pictures';

/** Items of a class in a row. */
const columns = 10;
/** Classes with rows of their own. */
const mostClasses = 20;
/** Numbers in a sheet. */
const mostNumbers = 2 ** 18;

export interface SheetParts {
  /** `[n, D]` and `[m, D]`, with the class of each. */
  readonly drawn: { readonly x: Float32Array; readonly labels: Int32Array };
  readonly real: { readonly x: Float32Array; readonly labels: Int32Array };
  readonly shape: readonly number[];
}

/** Two rows a class: the first drawn items of it, then the first real ones. What there is too little of stays dark. */
export function classSheet(
  name: 'classes' | 'missed-classes',
  classes: readonly number[],
  { drawn, real, shape }: SheetParts,
): RunImages[] {
  const shown = classes.slice(0, mostClasses);
  if (shown.length === 0) return [];
  const size = shape.reduce((product, extent) => product * extent, 1);
  const [low, high] = rangeOf(real.x.subarray(0, 1000 * size));
  const items = new Float32Array(2 * shown.length * columns * size).fill(low);
  shown.forEach((k, row) => {
    [drawn, real].forEach(({ x, labels }, side) => {
      let place = (2 * row + side) * columns;
      const end = place + columns;
      for (let item = 0; item < labels.length && place < end; item += 1) {
        if (labels[item] !== k) continue;
        items.set(x.subarray(item * size, (item + 1) * size), place * size);
        place += 1;
      }
    });
  });
  return [{ name, ...sheet(items, 2 * shown.length, columns, shape, [low, high], mostNumbers), iteration: 0 }];
}
