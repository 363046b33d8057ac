import { isUtf8 } from 'node:buffer';
import { InputError } from '../../shared/errors';
import { collectLabels, MAX_TABULAR, type Features } from './labelled';
import { number } from './table';

/** A longer row is no row of such a file. */
const MAX_ROW = 2 ** 24;
const MAX_INDEX = 2 ** 24;
const pair = /^(\d{1,9}):(.+)$/;

/** Whether the first row of a text looks like "label index:value …". */
export function looksLikeLibsvm(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 2 ** 16)).toString('utf8');
  const row = head.split(/\r\n|\n|\r/).find((line) => line.trim() !== '' && !line.startsWith('#')) ?? '';
  return pair.test(row.trim().split(/\s+/)[1] ?? '');
}

/**
 * LIBSVM's sparse format: a label, then index:value pairs in ascending order, indices from 1; what is left out is 0.
 * @throws InputError that names the row and the pair
 */
export function readLibsvm(bytes: Uint8Array, where: string, positive: string | number | undefined): Features {
  if (!isUtf8(bytes) || bytes.includes(0))
    throw new InputError(where, 'this is not text in UTF-8', 'Fetch the file again.');
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const labels = collectLabels(where);
  const starts: number[] = [0];
  const indices: number[] = [];
  const values: number[] = [];
  let width = 0;
  for (const { line, row } of lines(text, where)) {
    const [label = '', ...pairs] = line.split(/\s+/);
    if (pair.test(label))
      throw new InputError(where, `row ${row} begins with "${clip(label)}" and has no label`, 'Put the label first.');
    labels.add(label);
    let last = 0;
    for (const text of pairs) {
      const { index, value } = parsePair(text, row, where);
      if (index <= last)
        throw new InputError(
          where,
          `row ${row} has index ${index} after index ${last}`,
          'Indices begin at 1 and ascend in each row.',
        );
      last = index;
      indices.push(index - 1);
      values.push(value);
    }
    width = Math.max(width, last);
    starts.push(indices.length);
    if ((starts.length - 1) * width > MAX_TABULAR)
      throw new InputError(
        where,
        `row ${row} makes a table of ${starts.length - 1} x ${width} numbers, too many`,
        'Use a smaller file.',
      );
  }
  const count = starts.length - 1;
  if (count === 0 || width === 0)
    throw new InputError(where, 'there are no data in the file', 'Choose a file with at least one row.');
  const features = new Float64Array(count * width);
  for (let row = 0; row < count; row += 1) {
    for (let at = starts[row] ?? 0; at < (starts[row + 1] ?? 0); at += 1)
      features[row * width + (indices[at] ?? 0)] = values[at] ?? Number.NaN;
  }
  const columns = Array.from({ length: width }, (_, index) => `f${index + 1}`);
  return { count, features, columns, ...labels.finish(positive), labelColumn: 'the first field', dropped: 0 };
}

function parsePair(text: string, row: number, where: string): { index: number; value: number } {
  const [, index = '', value = ''] = pair.exec(text) ?? [];
  if (index === '')
    throw new InputError(where, `row ${row} has "${clip(text)}", which is no index:value pair`, 'Mend the row.');
  if (Number(index) > MAX_INDEX)
    throw new InputError(where, `row ${row} has index ${index}, more than ${MAX_INDEX}`, 'Mend the row.');
  const parsed = Number(value);
  if (!number.test(value) || !Number.isFinite(parsed))
    throw new InputError(
      where,
      `row ${row}, index ${index} ("${clip(value)}") is not a finite number`,
      'Mend the row.',
    );
  return { index: Number(index), value: parsed };
}

function* lines(text: Buffer, where: string): Generator<{ line: string; row: number }> {
  let row = 0;
  let start = 0;
  while (start < text.length) {
    const found = text.indexOf(10, start);
    const end = found < 0 ? text.length : found;
    row += 1;
    if (end - start > MAX_ROW)
      throw new InputError(where, `row ${row} has more than ${MAX_ROW} bytes`, 'Check that the file is a LIBSVM file.');
    const line = text
      .toString('utf8', start, end)
      .replace(/^\ufeff/, '')
      .replace(/#.*/, '')
      .trim();
    if (line !== '') yield { line, row };
    start = end + 1;
  }
}

function clip(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
