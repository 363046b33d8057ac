import { crc32, deflateRawSync } from 'node:zlib';
import { concat } from './fuzz';

export interface Part {
  name: string;
  data: Uint8Array;
  method?: 'stored' | 'deflated';
  /** What the directory says instead of the truth. */
  claim?: { size?: number; packed?: number; crc?: number; offset?: number; method?: number; flags?: number };
}

function bytesOf(...fields: [size: 2 | 4 | 8, value: number][]): Uint8Array {
  const view = new DataView(new ArrayBuffer(fields.reduce((sum, [size]) => sum + size, 0)));
  let at = 0;
  for (const [size, value] of fields) {
    if (size === 2) view.setUint16(at, value, true);
    else if (size === 4) view.setUint32(at, value, true);
    else view.setBigUint64(at, BigInt(value), true);
    at += size;
  }
  return new Uint8Array(view.buffer);
}

/** A zip archive written by hand from APPNOTE.TXT, so that it can lie. */
export function buildZip(
  parts: Part[],
  { zip64 = false, count, comment = '' }: { zip64?: boolean; count?: number; comment?: string } = {},
): Uint8Array {
  const locals: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const { name, data, method = 'stored', claim = {} } of parts) {
    const packed = method === 'stored' ? data : deflateRawSync(data);
    const code = claim.method ?? (method === 'stored' ? 0 : 8);
    const nameBytes = new TextEncoder().encode(name);
    const crc = claim.crc ?? crc32(data);
    const start: [2 | 4 | 8, number][] = [
      [2, 20],
      [2, claim.flags ?? 0],
      [2, code],
      [4, 0],
      [4, crc],
    ];
    const local = concat(
      bytesOf([4, 0x04034b50], ...start, [4, packed.length], [4, data.length], [2, nameBytes.length], [2, 0]),
      nameBytes,
      packed,
    );
    const size = claim.size ?? data.length;
    const packedSize = claim.packed ?? packed.length;
    const at = claim.offset ?? offset;
    const extra = zip64 ? bytesOf([2, 1], [2, 24], [8, size], [8, packedSize], [8, at]) : new Uint8Array();
    directory.push(
      bytesOf(
        [4, 0x02014b50],
        [2, 20],
        ...start,
        [4, zip64 ? 0xffffffff : packedSize],
        [4, zip64 ? 0xffffffff : size],
        [2, nameBytes.length],
        [2, extra.length],
        [2, 0],
        [2, 0],
        [2, 0],
        [4, 0],
        [4, zip64 ? 0xffffffff : at],
      ),
      nameBytes,
      extra,
    );
    locals.push(local);
    offset += local.length;
  }
  const central = concat(...directory);
  const n = count ?? parts.length;
  const tail64 = concat(
    bytesOf([4, 0x06064b50], [8, 44], [2, 45], [2, 45], [4, 0], [4, 0], [8, n], [8, n]),
    bytesOf([8, central.length], [8, offset]),
    bytesOf([4, 0x07064b50], [4, 0], [8, offset + central.length], [4, 1]),
  );
  const max = zip64 ? 0xffffffff : undefined;
  const end = bytesOf(
    [4, 0x06054b50],
    [2, 0],
    [2, 0],
    [2, zip64 ? 0xffff : n],
    [2, zip64 ? 0xffff : n],
    [4, max ?? central.length],
    [4, max ?? offset],
    [2, comment.length],
  );
  return concat(...locals, central, zip64 ? tail64 : new Uint8Array(), end, new TextEncoder().encode(comment));
}
