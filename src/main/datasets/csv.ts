import { isUtf8 } from 'node:buffer';
import { CsvError, parse } from 'csv-parse/sync';
import { InputError } from '../../shared/errors';
import type { Rows } from '../files/npy';
import { sniffDelimiter } from './delimiter';
import { collectTable, type RowSink } from './table';
import type { Format } from './types';

/** A longer row is no row of a table; also keeps strings below what the engine can make. */
const MAX_ROW = 2 ** 26;

/** Tables of numbers in text: comma, semicolon, tab or spaces between the cells, with or without a line of names. */
export const csv: Format = {
  name: 'csv',
  about: 'a table of numbers as text (.csv, .tsv, .txt, .dat, .data)',
  detect: (_head, path) => /\.(csv|tsv|txt|dat|data)$/.test(path),
  read(bytes, where, options) {
    const table = collectTable(where, options);
    readCells(bytes, where, table, options);
    return table.finish();
  },
};

/**
 * Divides a table in text into rows of cells.
 * @param sink is given every row in turn, until it is full
 * @throws InputError if this is no text, or a quotation mark or the end of a row is missing
 */
export function readCells(bytes: Uint8Array, where: string, sink: RowSink, rows: Rows = {}): void {
  if (!isUtf8(bytes) || bytes.includes(0))
    throw new InputError(where, 'this is not text in UTF-8', 'Save the table as "CSV UTF-8".');
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const delimiter = sniffDelimiter(text);
  if (delimiter === ' ') readSpaced(text, sink, where);
  else readDelimited(text, delimiter, sink, where, rows);
}

function readDelimited(
  text: Buffer,
  delimiter: string,
  table: RowSink,
  where: string,
  { limit, offset = 0 }: Rows,
): void {
  try {
    parse(text, {
      bom: true,
      delimiter,
      record_delimiter: ['\r\n', '\n', '\r'],
      trim: true,
      comment: '#',
      comment_no_infix: true,
      skip_empty_lines: true,
      max_record_size: MAX_ROW,
      relax_column_count: true, // counted in the table, which can name the row
      ...(limit !== undefined && { to: 1 + offset + limit }),
      // Rows turn into numbers at once, so that the text of a large table is not kept twice.
      on_record: (cells: string[], { lines }) => {
        table.add(cells, lines);
        return null;
      },
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const row = 'lines' in error ? Number(error.lines) : 1;
    if (error.code === 'CSV_MAX_RECORD_SIZE') throw tooLong(row, where);
    throw new InputError(where, `a quotation mark in row ${row} is out of place`, 'Remove the quotation marks.', {
      cause: error,
    });
  }
}

function readSpaced(text: Buffer, table: RowSink, where: string): void {
  let row = 0;
  let start = 0;
  while (start < text.length && !table.full()) {
    const found = text.indexOf(10, start);
    const end = found < 0 ? text.length : found;
    if (end - start > MAX_ROW) throw tooLong(row + 1, where);
    const line = text
      .toString('utf8', start, end)
      .replace(/^\ufeff/, '')
      .trim();
    row++;
    if (line !== '' && !line.startsWith('#')) table.add(line.split(/\s+/), row);
    start = end + 1;
  }
}

function tooLong(row: number, where: string): InputError {
  return new InputError(
    where,
    `row ${row} has more than ${MAX_ROW} bytes`,
    'Check that the file is a table of numbers.',
  );
}
