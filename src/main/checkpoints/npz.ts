import { readNpy, type NpyArray } from '../files/npy';
import type { ZipEntry } from '../files/zip';
import type { CheckpointContent, DType, NamedTensor } from './types';

const dtypes: Readonly<Record<NpyArray['dtype'], DType>> = {
  f2: 'float16',
  f4: 'float32',
  f8: 'float64',
  i1: 'int8',
  i2: 'int16',
  i4: 'int32',
  i8: 'int64',
  u1: 'uint8',
  u2: 'uint16',
  u4: 'uint32',
  u8: 'uint64',
  b1: 'bool',
};

/** Whether `numpy.savez` could have written the archive: nothing but arrays in it. */
export function isNpz(entries: ReadonlyMap<string, ZipEntry>): boolean {
  return entries.size > 0 && [...entries.keys()].every((name) => name.endsWith('.npy'));
}

/**
 * @param where the file, for messages
 * @throws InputError if an array is damaged or does not hold numbers, named by its key
 */
export function readNpz(entries: ReadonlyMap<string, ZipEntry>, where: string): CheckpointContent {
  const tensors = new Map<string, NamedTensor>();
  for (const [file, entry] of entries) {
    const name = file.slice(0, -'.npy'.length);
    const { dtype, shape, data } = readNpy(entry.read(), `${where}, array ${name}`);
    tensors.set(name, { name, shape, dtype: dtypes[dtype], data });
  }
  return { tensors, source: 'the whole file', ignored: [], metadata: new Map() };
}
