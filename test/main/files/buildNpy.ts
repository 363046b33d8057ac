import { concat } from './fuzz';

/** A .npy file with the given header text, aligned as NumPy does it. */
export function buildNpy(header: string, data: ArrayLike<number>, version = 1): Uint8Array {
  const lengthBytes = version === 1 ? 2 : 4;
  const start = 8 + lengthBytes;
  const padded = `${header.padEnd(Math.ceil((start + header.length + 1) / 64) * 64 - start - 1)}\n`;
  const length = new DataView(new ArrayBuffer(lengthBytes));
  if (version === 1) length.setUint16(0, padded.length, true);
  else length.setUint32(0, padded.length, true);
  return concat(
    Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, 0),
    new Uint8Array(length.buffer),
    Buffer.from(padded, 'latin1'),
    Uint8Array.from(data),
  );
}

export function npyHeader(descr: string, shape: string, fortran = false): string {
  return `{'descr': '${descr}', 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': ${shape}, }`;
}
