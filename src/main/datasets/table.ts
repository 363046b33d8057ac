import { InputError } from '../../shared/errors';
import type { Rows } from '../files/npy';
import { pastTheEnd, selectRows } from './convert';
import type { Contents } from './types';

/** Takes the rows of a table, however the text was divided into cells. */
export interface RowSink {
  /**
   * @param cells the row's cells without white space around them
   * @param row its number in a spreadsheet, from 1
   * @throws InputError if the row has another length than the first, or a cell is no finite number; names row and column
   */
  add(cells: readonly string[], row: number): void;
  /** Whether the rows asked for are there; further ones are ignored. */
  full(): boolean;
}

/** Collects the rows of a table of numbers. */
export interface Table extends RowSink {
  /** @throws InputError if there are no rows */
  finish(): Contents;
}

export const number = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
/** What people write where a number is missing; never a column's name. */
export const missing = /^(?:[+-]?(?:nan|inf|infinity)|na|n\/a|null|none|[?.-]*)$/i;

export function collectTable(where: string, { offset = 0, limit = Infinity }: Rows): Table {
  let columns: string[] | undefined;
  let width: number | undefined;
  let firstRow = 0;
  let seen = 0;
  let count = 0;
  let values = new Float32Array(1024);

  function start(cells: readonly string[], row: number): boolean {
    width = cells.length;
    firstRow = row;
    if (!isHeader(cells)) return false;
    columns = [...cells];
    return true;
  }

  function reserve(length: number): void {
    if (values.length >= length) return;
    selectRows(count + 1, width ?? 0, {}, where); // refuses what would not fit in memory
    const more = new Float32Array(Math.max(length, values.length * 2));
    more.set(values);
    values = more;
  }

  return {
    add(cells, row) {
      if (width === undefined) {
        if (start(cells, row)) return;
        if (isCounting(cells))
          throw new InputError(
            where,
            `row ${row} counts 0, 1, 2, … as if it numbered the columns`,
            'Delete it, or give the columns names that are no numbers.',
          );
      }
      if (cells.length !== width)
        throw new InputError(
          where,
          `row ${row} has ${cells.length} columns and row ${firstRow} has ${width}`,
          'Give every row the same number of cells, with the same mark between them.',
        );
      if (seen++ < offset || count >= limit) return;
      reserve((count + 1) * width);
      for (let column = 0; column < width; column++)
        values[count * width + column] = toNumber(cells[column] ?? '', row, column + 1, where);
      count++;
    },
    full: () => count >= limit,
    finish() {
      if (count === 0 && seen > 0) throw pastTheEnd(where, offset, seen);
      selectRows(count, width ?? 0, {}, where);
      const all = { count, shape: [width ?? 0], values: values.slice(0, count * (width ?? 0)) };
      return columns ? withoutRowNumbers({ ...all, columns }) : all;
    },
  };
}

/** A first row without a number in it, or the unnamed index and column numbers that pandas writes. */
export function isHeader(cells: readonly string[]): boolean {
  const [first, ...rest] = cells;
  if (first === '' && rest.length > 0 && rest.every((cell, i) => cell === String(i))) return true;
  return cells.every((cell) => !number.test(cell)) && cells.some((cell) => !missing.test(cell));
}

function isCounting(cells: readonly string[]): boolean {
  return cells.length >= 4 && cells.every((cell, i) => cell === String(i));
}

function toNumber(cell: string, row: number, column: number, where: string): number {
  const value = Math.fround(Number(cell));
  if (number.test(cell) && Number.isFinite(value)) return value;
  const at = `row ${row}, column ${column}`;
  if (cell === '') throw new InputError(where, `${at} is empty`, 'Fill it in, or leave out the row or the column.');
  const shown = cell.length > 40 ? `${cell.slice(0, 40)}…` : cell;
  if (number.test(cell))
    throw new InputError(where, `${at} (${shown}) is too large for float32`, 'Rescale the column.');
  throw new InputError(
    where,
    `${at} ("${shown}") is not a finite number`,
    /^[+-]?\d+,\d+$/.test(cell)
      ? 'Write decimals with a point.'
      : 'Write a number, or leave out the row or the column.',
  );
}

/** R and pandas write row numbers into a first column without a name; they are no data. */
function withoutRowNumbers(table: Contents & { columns: readonly string[] }): Contents {
  const { count, values, columns } = table;
  const width = columns.length;
  if (columns[0] !== '' || width < 2) return table;
  const first = values[0] ?? 0;
  for (let row = 0; row < count; row++) if (values[row * width] !== first + row) return table;
  const kept = new Float32Array(count * (width - 1));
  for (let row = 0; row < count; row++)
    kept.set(values.subarray(row * width + 1, (row + 1) * width), row * (width - 1));
  return { ...table, shape: [width - 1], values: kept, columns: columns.slice(1) };
}
