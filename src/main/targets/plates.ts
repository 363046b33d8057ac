import { InputError } from '../../shared/errors';
import { readCells } from '../datasets/csv';
import { isHeader, number } from '../datasets/table';
import { gunzipBounded, isGzip, readFileBounded } from '../files/read';

/** Counts on plates, with two covariates; each `[plates]`. */
export interface Plates {
  /** How many of the n. */
  readonly r: Float64Array;
  readonly n: Float64Array;
  readonly x1: Float64Array;
  readonly x2: Float64Array;
}

const names = ['r', 'n', 'x1', 'x2'] as const;
type Name = (typeof names)[number];

/** More plates have no place in a table that people count by hand. */
const mostPlates = 10_000;

/**
 * Reads a CSV file with columns r, n, x1 and x2 in any order; further columns are not looked at.
 * @throws InputError in one line that names row and column
 */
export function readPlates(path: string): Plates {
  const raw = readFileBounded(path);
  return platesOf(isGzip(raw) ? gunzipBounded(raw, path) : raw, path);
}

/** Exported for tests that damage the bytes. */
export function platesOf(bytes: Uint8Array, where: string): Plates {
  const values: Record<Name, number[]> = { r: [], n: [], x1: [], x2: [] };
  let columns: Readonly<Record<Name, number>> | undefined;
  readCells(bytes, where, {
    full: () => values.r.length > mostPlates,
    add(cells, row) {
      if (columns === undefined) {
        columns = columnsOf(cells, where);
        return;
      }
      const cell = (name: Name): number => numberIn(cells, columns?.[name] ?? NaN, name, row, where);
      const [r, n] = [cell('r'), cell('n')];
      if (r > n) throw new InputError(where, `row ${row} has r = ${r} of n = ${n}`, 'r counts some of the n.');
      values.r.push(r);
      values.n.push(n);
      values.x1.push(cell('x1'));
      values.x2.push(cell('x2'));
    },
  });
  const count = values.r.length;
  if (count === 0) throw new InputError(where, 'there are no plates in the file', 'Give at least one row.');
  if (count > mostPlates) throw new InputError(where, `has more than ${mostPlates} plates`, 'Use a smaller file.');
  return {
    r: Float64Array.from(values.r),
    n: Float64Array.from(values.n),
    x1: Float64Array.from(values.x1),
    x2: Float64Array.from(values.x2),
  };
}

function columnsOf(cells: readonly string[], where: string): Readonly<Record<Name, number>> {
  const header = isHeader(cells);
  const at = Object.fromEntries(names.map((name) => [name, cells.indexOf(name)])) as Record<Name, number>;
  const absent = names.find((name) => at[name] < 0);
  if (header && absent === undefined) return at;
  throw new InputError(
    where,
    header ? `row 1 names no column "${absent}"` : 'row 1 names no columns',
    'Begin with a row of names, r, n, x1 and x2 among them.',
  );
}

function numberIn(cells: readonly string[], column: number, name: Name, row: number, where: string): number {
  const text = cells[column] ?? '';
  const at = `row ${row}, column ${column + 1} (${name})`;
  const value = Number(text);
  if (text === '') throw new InputError(where, `${at} is empty`, 'Fill it in, or leave the row out.');
  const shown = text.length > 40 ? `${text.slice(0, 40)}…` : text;
  if (!number.test(text) || !Number.isFinite(value))
    throw new InputError(where, `${at} is "${shown}", not a finite number`, 'Write a number, or leave the row out.');
  const count = name === 'r' || name === 'n';
  if (count && !(Number.isSafeInteger(value) && value >= (name === 'n' ? 1 : 0)))
    throw new InputError(
      where,
      `${at} is ${shown}, not a count`,
      `Write a whole number of at least ${name === 'n' ? 1 : 0}.`,
    );
  return value;
}
