import { InputError } from '../../shared/errors';
import { layouts } from './dtypes';
import type { StorageRef, TensorRef } from './pickleValues';
import type { NamedTensor, TensorData } from './types';

/** Elements that may be made beyond what the file holds, by tensors that repeat a storage (`expand`). */
const spareElements = 2 ** 22;

/**
 * Makes tensors of references. Storages are decoded once and shared, a contiguous tensor is a view of its storage, any other
 * is copied into row-major order.
 * @param load the raw little-endian bytes of a whole storage: exactly `elements` of its type
 * @param fileBytes the size of the file, the measure of how much may be copied
 * @returns a function of (name, reference, where), which throws InputError for a window that leaves its storage or repeats it
 *   more than memory allows; both are seen before anything is allocated
 */
export function materialiser(
  load: (storage: StorageRef) => Uint8Array,
  fileBytes: number,
): (name: string, ref: TensorRef, where: string) => NamedTensor {
  const decoded = new Map<string, TensorData>();
  let copied = 0;

  function elementsOf(storage: StorageRef): TensorData {
    const key = `${storage.dtype}/${storage.key}`;
    const data = decoded.get(key) ?? layouts[storage.dtype].decode(load(storage));
    decoded.set(key, data);
    return data;
  }

  return (name, ref, where) => {
    const { storage, shape, strides } = ref;
    const count = shape.reduce((product, size) => product * size, 1);
    const tensor = { name, shape, dtype: storage.dtype };
    if (count === 0) return { ...tensor, data: layouts[storage.dtype].zeros(0) };
    const last = shape.reduce((sum, size, axis) => sum + (size - 1) * (strides[axis] ?? 0), ref.offset);
    // Not `last >= length`, which an overflow to NaN would pass.
    if (!(last < storage.length))
      throw new InputError(
        where,
        `it reaches to element ${last} of a storage of ${storage.length}`,
        'The file is damaged: save it again.',
      );
    const from = storage.start + ref.offset;
    if (isContiguous(ref)) return { ...tensor, data: elementsOf(storage).subarray(from, from + count) };
    copied += count;
    if (!(copied <= fileBytes + spareElements))
      throw new InputError(
        where,
        `its shape [${shape.slice(0, 8).join(', ')}${shape.length > 8 ? ', …' : ''}] repeats the ${storage.length} stored elements far too often`,
        'Call contiguous() or clone() on expanded tensors before saving.',
      );
    const data = layouts[storage.dtype].zeros(count);
    gather(elementsOf(storage), data, from, shape, strides);
    return { ...tensor, data };
  };
}

function isContiguous({ shape, strides }: TensorRef): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis] as number;
    if (size !== 1 && strides[axis] !== expected) return false;
    expected *= size;
  }
  return true;
}

/** Walks the window in row-major order like an odometer. */
function gather(
  source: TensorData,
  target: TensorData,
  from: number,
  shape: readonly number[],
  strides: readonly number[],
): void {
  // Both are of one kind, so that elements pass unchanged whether they are numbers or bigints.
  const [input, output] = [source as Float64Array, target as Float64Array];
  const index = new Array<number>(shape.length).fill(0);
  let at = from;
  for (let i = 0; i < output.length; i++) {
    output[i] = input[at] as number;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const [size, stride] = [shape[axis] as number, strides[axis] as number];
      at += stride;
      index[axis] = (index[axis] as number) + 1;
      if (index[axis] !== size) break;
      at -= size * stride;
      index[axis] = 0;
    }
  }
}
