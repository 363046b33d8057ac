import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { InputError } from '../../shared/errors';
import { gunzipBounded, isGzip, readFileBounded } from '../files/read';
import { readCells } from './csv';
import { collectLabels, MAX_TABULAR, type Features } from './labelled';
import { looksLikeLibsvm, readLibsvm } from './libsvm';
import { isHeader, missing, number, type RowSink } from './table';

const MAX_FILE = 2 ** 29;

/** Rows of numbers with a label of two classes, in memory. */
export interface Tabular extends Features {
  /** The file's name without its folder. */
  readonly name: string;
  readonly format: 'csv' | 'libsvm';
  /** Of the file as it lies on the disk, in hexadecimal. */
  readonly sha256: string;
}

export interface TabularOptions {
  /** Default 'auto': LIBSVM where the first row has index:value pairs. */
  readonly format?: 'auto' | 'csv' | 'libsvm';
  /** By name or by number from 1. Default: "label", "class", "target" or "y", else the last column. */
  readonly label?: string | number | undefined;
  /** The label of class 1; default the greater one. */
  readonly positive?: string | number | undefined;
  /** Columns that are no features, by name or by number from 1. */
  readonly exclude?: readonly (string | number)[];
  /** What becomes of a row with a missing cell. Default 'refuse'. */
  readonly missing?: 'refuse' | 'drop';
}

/**
 * Reads a table with a label column, CSV or LIBSVM, compressed or not.
 * @throws InputError in one line that names row and column
 */
export function readTabular(path: string, options: TabularOptions = {}): Tabular {
  const raw = readFileBounded(path, { maxBytes: MAX_FILE });
  const bytes = isGzip(raw) ? gunzipBounded(raw, path, MAX_FILE) : raw;
  const { format = 'auto' } = options;
  const sparse = format === 'auto' ? looksLikeLibsvm(bytes) : format === 'libsvm';
  const contents = sparse ? readSparse(bytes, path, options) : readDense(bytes, path, options);
  return {
    name: basename(path),
    format: sparse ? 'libsvm' : 'csv',
    ...contents,
    sha256: createHash('sha256').update(raw).digest('hex'),
  };
}

function readSparse(bytes: Uint8Array, where: string, options: TabularOptions): Features {
  if (options.label !== undefined)
    throw new InputError(where, 'a LIBSVM file has its labels in the first field', 'Leave out "label".');
  const all = readLibsvm(bytes, where, options.positive);
  const left = new Set((options.exclude ?? []).map((column) => columnAt(column, all.columns, where)));
  if (left.size === 0) return all;
  const kept = all.columns.flatMap((_, index) => (left.has(index) ? [] : [index]));
  if (kept.length === 0) throw noFeatures(where);
  const [from, to] = [all.columns.length, kept.length];
  const features = new Float64Array(all.count * to);
  for (let row = 0; row < all.count; row += 1)
    kept.forEach((index, i) => (features[row * to + i] = all.features[row * from + index] ?? Number.NaN));
  return { ...all, features, columns: kept.map((index) => all.columns[index] ?? '') };
}

/** Parses the bytes of a CSV file; exported for tests that damage them. */
export function readDense(bytes: Uint8Array, where: string, options: TabularOptions = {}): Features {
  const rows = collectRows(where, options);
  readCells(bytes, where, rows);
  return rows.finish();
}

interface Layout {
  readonly width: number;
  readonly firstRow: number;
  /** Of all columns. */
  readonly names: readonly string[];
  readonly label: number;
  /** Which columns are features. */
  readonly kept: readonly number[];
}

function collectRows(where: string, options: TabularOptions): RowSink & { finish: () => Features } {
  const labels = collectLabels(where);
  let layout: Layout | undefined;
  let values = new Float64Array(1024);
  let [count, dropped] = [0, 0];

  function reserve(length: number): void {
    if (length > MAX_TABULAR)
      throw new InputError(where, `more than ${MAX_TABULAR} numbers do not fit in memory`, 'Use a smaller file.');
    if (values.length >= length) return;
    const more = new Float64Array(Math.max(length, 2 * values.length));
    more.set(values);
    values = more;
  }

  return {
    full: () => false,
    add(cells, row) {
      if (layout === undefined) {
        const header = isHeader(cells);
        layout = layOut(cells, header, row, where, options);
        if (header) return;
      }
      const { width, firstRow, names, label, kept } = layout;
      if (cells.length !== width)
        throw new InputError(
          where,
          `row ${row} has ${cells.length} columns and row ${firstRow} has ${width}`,
          'Give every row the same number of cells, with the same mark between them.',
        );
      if (options.missing === 'drop' && [label, ...kept].some((column) => missing.test(cells[column] ?? ''))) {
        dropped += 1;
        return;
      }
      const at = (column: number): string => `row ${row}, column ${column + 1}${named(names, column)}`;
      const text = cells[label] ?? '';
      if (missing.test(text))
        throw new InputError(where, `${at(label)} has no label`, 'Fill it in, or set "missing" to "drop".');
      labels.add(text);
      reserve((count + 1) * kept.length);
      kept.forEach((column, i) => {
        values[count * kept.length + i] = toDouble(cells[column] ?? '', () => at(column), where);
      });
      count += 1;
    },
    finish() {
      if (layout === undefined || count === 0)
        throw new InputError(
          where,
          dropped > 0 ? `every one of the ${dropped} rows has a missing cell` : 'there are no data in the file',
          dropped > 0 ? 'Exclude the columns that are mostly missing.' : 'Choose a file with at least one row.',
        );
      const { names, label, kept } = layout;
      return {
        count,
        features: values.slice(0, count * kept.length),
        columns: kept.map((column) => names[column] ?? ''),
        ...labels.finish(options.positive),
        labelColumn: names[label] ?? '',
        dropped,
      };
    },
  };
}

function layOut(
  cells: readonly string[],
  header: boolean,
  row: number,
  where: string,
  options: TabularOptions,
): Layout {
  const names = cells.map((cell, index) => (header && cell !== '' ? cell : `f${index + 1}`));
  const usual = names.findIndex((name) => /^(label|class|target|y)$/i.test(name));
  const label =
    options.label !== undefined ? columnAt(options.label, names, where) : usual >= 0 ? usual : names.length - 1;
  const left = new Set([label, ...(options.exclude ?? []).map((column) => columnAt(column, names, where))]);
  // Row numbers, as R and pandas write them, have no name.
  if (header && cells[0] === '') left.add(0);
  const kept = names.flatMap((_, index) => (left.has(index) ? [] : [index]));
  if (kept.length === 0) throw noFeatures(where);
  return { width: cells.length, firstRow: row, names, label, kept };
}

function columnAt(column: string | number, names: readonly string[], where: string): number {
  const index = typeof column === 'number' ? column - 1 : names.indexOf(column);
  if (names[index] !== undefined) return index;
  throw new InputError(
    where,
    typeof column === 'number'
      ? `there is no column ${column}, only ${names.length}`
      : `there is no column ${JSON.stringify(column)}`,
    `Columns are numbered from 1; the first are called ${names.slice(0, 5).join(', ')}.`,
  );
}

function noFeatures(where: string): InputError {
  return new InputError(where, 'no column is left as a feature', 'Exclude fewer columns.');
}

function named(names: readonly string[], column: number): string {
  const name = names[column] ?? '';
  return name === '' || name === `f${column + 1}` ? '' : ` (${name.slice(0, 40)})`;
}

function toDouble(cell: string, at: () => string, where: string): number {
  const value = Number(cell);
  if (number.test(cell) && Number.isFinite(value)) return value;
  if (cell === '') throw new InputError(where, `${at()} is empty`, 'Fill it in, or set "missing" to "drop".');
  const shown = cell.length > 40 ? `${cell.slice(0, 40)}…` : cell;
  throw new InputError(
    where,
    `${at()} is "${shown}", not a finite number`,
    /^[+-]?\d+,\d+$/.test(cell) ? 'Write decimals with a point.' : 'Write a number, or exclude the column.',
  );
}
