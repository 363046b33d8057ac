import type { ElementArray } from '../../src/main/files/elements';

/**
 * Writes a .npy file, version 1.0, little-endian, C order.
 * @param data [product of shape]; its class decides the element type (Uint8Array gives u1)
 * @throws RangeError if the length of `data` is not the product of `shape`
 */
export function writeNpy(data: ElementArray, shape: readonly number[]): Uint8Array {
  if (data.length !== shape.reduce((product, axis) => product * axis, 1))
    throw new RangeError(`${data.length} elements do not fill the shape (${shape.join(', ')})`);
  const kind = /^(Big)?(Uint|Int|Float)/.exec(data.constructor.name)?.[2] ?? '';
  const size = data.BYTES_PER_ELEMENT;
  const descr = `${size === 1 ? '|' : '<'}${{ Uint: 'u', Int: 'i' }[kind] ?? 'f'}${size}`;
  const tuple = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const dictionary = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${tuple}), }`;
  // NumPy aligns the data to 64 bytes with spaces and ends the header with a line break.
  const dataStart = Math.ceil((10 + dictionary.length + 1) / 64) * 64;
  const bytes = new Uint8Array(dataStart + data.byteLength);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  new DataView(bytes.buffer).setUint16(8, dataStart - 10, true);
  bytes.set(new TextEncoder().encode(`${dictionary.padEnd(dataStart - 11)}\n`), 10);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), dataStart);
  return bytes;
}
