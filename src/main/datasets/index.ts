import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { InputError } from '../../shared/errors';
import { gunzipBounded, gunzipHead, isGzip, MAX_BYTES, readFileBounded } from '../files/read';
import { scaleBytes } from './convert';
import { cifar10 } from './cifar';
import { csv } from './csv';
import { idx } from './idx';
import { npy, npz } from './npyData';
import type { Dataset, DatasetOptions, Format } from './types';

export type { Dataset, DatasetOptions } from './types';

/** One line a format; the first that recognises the file reads it, so those that go by the file's name come last. */
const formats: readonly Format[] = [
  cifar10, // goes by the name, and images that begin black could look like IDX
  idx, // images and labels of MNIST and its kin
  npy, // one NumPy array
  npz, // several, in a zip archive
  csv, // tables of numbers in text; goes by the name
];

/** Compressed text says nothing about how long it will be. */
const MAX_UNKNOWN = 2 ** 29;

/**
 * Reads a data set. The format is told by the content, for text by the name; gzip is undone first.
 * @param path the file; 'file.npz#key' names an array in it
 * @throws InputError in one line: what is wrong, where in the file, how to mend it
 */
export function readDataset(path: string, options: DatasetOptions = {}): Dataset {
  checkRange('limit', options.limit, 1);
  checkRange('offset', options.offset, 0);
  const { file, array } = splitPath(path, options.array);
  const raw = readFileBounded(file);
  const zipped = isGzip(raw);
  const head = zipped ? gunzipHead(raw, file) : raw;
  const format = findFormat(head, file);
  if (array !== undefined && format !== npz)
    throw new InputError(file, `only .npz files have named arrays, and "${array}" is asked for`, 'Leave the name out.');
  const contents = format.read(zipped ? inflate(raw, head, format, file) : raw, file, { ...options, array });
  const scale = options.scale === 'unit';
  if (scale) scaleBytes(contents, file);
  const { array: chosen, ...rest } = contents;
  return {
    name: basename(file) + (chosen === undefined ? '' : `#${chosen}`),
    format: format.name + (zipped ? '.gz' : ''),
    ...rest,
    scale: scale ? 'bytes / 255' : 'none',
    sha256: createHash('sha256').update(raw).digest('hex'),
  };
}

function checkRange(name: string, value: number | undefined, least: number): void {
  if (value !== undefined && !(Number.isSafeInteger(value) && value >= least))
    throw new InputError(`data.${name}`, `${value} is not a whole number of at least ${least}`, 'Change it.');
}

function splitPath(path: string, array: string | undefined): { file: string; array: string | undefined } {
  const mark = path.lastIndexOf('#');
  // '#' may also stand in a name; a file that is there wins.
  if (mark <= 0 || existsSync(path)) return { file: path, array };
  const named = path.slice(mark + 1);
  if (array !== undefined && array !== named)
    throw new InputError(path, `the option names another array, "${array}"`, 'Name it in one place.');
  return { file: path.slice(0, mark), array: named };
}

function findFormat(head: Uint8Array, file: string): Format {
  const path = file.toLowerCase().replace(/\.gz$/, '');
  const format = formats.find((each) => each.detect(head, path));
  if (format) return format;
  const known = formats.map(({ about }) => about).join(', ');
  throw new InputError(file, 'the format is not known', `Use one of: ${known}.`);
}

function inflate(raw: Uint8Array, head: Uint8Array, format: Format, file: string): Uint8Array {
  const expected = format.byteLength?.(head, file) ?? MAX_UNKNOWN;
  if (expected > MAX_BYTES)
    throw new InputError(file, `the header declares ${expected} bytes, more than ${MAX_BYTES}`, 'Split the file.');
  return gunzipBounded(raw, file, expected);
}
