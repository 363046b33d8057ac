import { InputError } from '../../shared/errors';
import { readNpy } from '../files/npy';
import { isNpy, readNpyHeader } from '../files/npyHeader';
import { readZip, type ZipEntry } from '../files/zip';
import { selectRows, toFloat32 } from './convert';
import type { Contents, DatasetOptions, Format } from './types';

/** Arrays that are taken for the data where an archive has several, the first that is there. */
const usualNames = ['x', 'data', 'arr_0'];

function read(bytes: Uint8Array, where: string, options: DatasetOptions): Contents {
  const { shape: all } = readNpyHeader(bytes, where);
  const [available, ...shape] = all;
  if (available === undefined)
    throw new InputError(where, 'the array is a single number', 'Save one datum for each entry of the first axis.');
  const size = shape.reduce((product, axis) => product * axis, 1);
  const { offset, count } = selectRows(available, size, options, where);
  const { data } = readNpy(bytes, where, { offset, limit: count });
  return { count, shape, values: toFloat32(data, shape, offset, where) };
}

/** One array, the first axis counts the data. */
export const npy: Format = {
  name: 'npy',
  about: 'a NumPy array (.npy)',
  detect: isNpy,
  byteLength(head, where) {
    return readNpyHeader(head, where).byteLength;
  },
  read,
};

/** Several arrays in a zip archive, of which one is read. */
export const npz: Format = {
  name: 'npz',
  about: 'NumPy arrays (.npz)',
  detect: (head) => head[0] === 0x50 && head[1] === 0x4b && (head[2] === 3 || head[2] === 5),
  read(bytes, where, options) {
    const arrays = new Map<string, ZipEntry>();
    for (const [name, entry] of readZip(bytes, where)) {
      if (name.endsWith('.npy')) arrays.set(name.slice(0, -4), entry);
    }
    const array = chooseArray([...arrays.keys()], where, options.array);
    const entry = arrays.get(array);
    if (!entry) throw new InputError(where, 'the archive has no such array', 'Choose another.');
    return { ...read(entry.read(), `${where}#${array}`, options), array };
  },
};

function chooseArray(keys: string[], where: string, wanted: string | undefined): string {
  if (keys.length === 0)
    throw new InputError(where, 'the zip archive has no .npy arrays in it', 'Save it with numpy.savez.');
  const list = keys.slice(0, 20).join(', ') + (keys.length > 20 ? ', …' : '');
  if (wanted !== undefined) {
    if (keys.includes(wanted)) return wanted;
    throw new InputError(where, `there is no array "${wanted}"`, `It has ${list}.`);
  }
  if (keys.length === 1 && keys[0] !== undefined) return keys[0];
  const usual = usualNames.find((name) => keys.includes(name));
  if (usual !== undefined) return usual;
  throw new InputError(
    where,
    `the archive has ${keys.length} arrays and which one holds the data is not clear`,
    `Name one behind "#", as in file.npz#${keys[0]}. It has ${list}.`,
  );
}
