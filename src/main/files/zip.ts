import { constants } from 'node:buffer';
import { crc32, inflateRawSync } from 'node:zlib';
import { InputError } from '../../shared/errors';

// fflate inflates every entry at once and trusts the declared sizes, so the directory is read here instead (APPNOTE.TXT 4.3)
// and node:zlib, which can be told where to stop, inflates one entry when it is asked for.

/** One file of an archive. Nothing is inflated until `read`. */
export interface ZipEntry {
  /** Inflated bytes, as the directory declares them; `read` gives exactly this many. */
  readonly size: number;
  /**
   * A stored entry comes as a view of the archive (shares its memory, so never write to it), a deflated one as a fresh
   * array. Either may start at any byte of its buffer: copy before making a typed array of it.
   * @throws InputError if the data is damaged, encrypted, compressed otherwise, or inflates to another size than declared
   */
  read(): Uint8Array;
}

export interface ZipLimits {
  /** How many entries an archive may have (default 100,000). */
  readonly entries?: number;
  /** How many bytes all entries may declare together when inflated (default 4 GiB). */
  readonly bytes?: number;
}

interface Header {
  name: string;
  /** The name as it stands in the archive. */
  rawName: Uint8Array;
  flags: number;
  method: number;
  crc: number;
  packed: number;
  size: number;
  offset: number;
}

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const END64 = 0x06064b50;
const END64_LOCATOR = 0x07064b50;
/** Deflate cannot pack more than 1032 bytes into one; a header that claims more is lying. */
const MAX_RATIO = 1032;

/**
 * Reads the directory of a zip archive (zip64 too). All declared sizes are checked here, before anything is allocated.
 * @param where the file, for messages
 * @returns the files by name, in the order of the directory; folders are left out
 * @throws InputError if it is no zip archive, damaged, cut short, beyond the limits, or names a file twice
 */
export function readZip(bytes: Uint8Array, where: string, limits: ZipLimits = {}): Map<string, ZipEntry> {
  const maxEntries = limits.entries ?? 100_000;
  const maxBytes = limits.bytes ?? 2 ** 32;
  bytes = plain(bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const directory = findDirectory(view, where);
  if (directory.count > maxEntries)
    throw new InputError(
      where,
      `the archive declares ${directory.count} entries, more than the ${maxEntries} allowed`,
      'Repack it with fewer files.',
    );
  if (directory.count * 46 > directory.size)
    throw damaged(where, `its directory is too small for the ${directory.count} entries it declares`);

  const entries = new Map<string, ZipEntry>();
  const end = directory.offset + directory.size;
  let at = directory.offset;
  let total = 0;
  for (let i = 0; i < directory.count; i++) {
    const { header, next } = readHeader(bytes, view, at, end, where);
    at = next;
    const entryWhere = `${where}#${header.name}`;
    if (header.offset + 30 + header.packed > directory.offset)
      throw damaged(entryWhere, 'the entry reaches past the end of the data');
    const most = header.method === 0 ? header.packed : header.packed * MAX_RATIO;
    if (header.size > most || (header.method === 0 && header.size !== header.packed))
      throw damaged(entryWhere, `${header.packed} packed bytes cannot give the ${header.size} bytes declared`);
    total += header.size;
    if (total > maxBytes)
      throw new InputError(
        where,
        `the archive would inflate to more than ${maxBytes} bytes`,
        'Take out what is not needed, or split it.',
      );
    if (header.name.endsWith('/') && header.size === 0) continue;
    if (entries.has(header.name))
      throw damaged(entryWhere, 'the archive has two entries of this name, and which one counts is unclear');
    entries.set(header.name, {
      size: header.size,
      read: () => readEntry(bytes, view, header, directory.offset, entryWhere),
    });
  }
  if (at !== end) throw damaged(where, 'its directory has more in it than it declares');
  return entries;
}

function damaged(where: string, what: string, options?: ErrorOptions): InputError {
  return new InputError(where, what, 'The archive is damaged: fetch or save it again.', options);
}

function findDirectory(view: DataView, where: string): { offset: number; size: number; count: number } {
  const length = view.byteLength;
  // The record is the last thing in the file but for a comment of up to 65,535 bytes.
  let at = length - 22;
  const lowest = Math.max(0, at - 0xffff);
  while (at >= lowest && !(view.getUint32(at, true) === END && at + 22 + view.getUint16(at + 20, true) === length))
    at--;
  if (at < lowest) {
    const cut = length >= 4 && view.getUint32(0, true) === LOCAL;
    if (cut) throw damaged(where, 'the end of the zip archive is missing');
    throw new InputError(where, 'this is not a zip archive', 'Choose a zip file.');
  }
  let count = view.getUint16(at + 10, true);
  let size = view.getUint32(at + 12, true);
  let offset = view.getUint32(at + 16, true);
  let disks = view.getUint16(at + 4, true) + view.getUint16(at + 6, true);
  let limit = at;
  if (at >= 20 && view.getUint32(at - 20, true) === END64_LOCATOR) {
    const end64 = uint64(view, at - 12, where);
    if (end64 + 56 > at - 20 || view.getUint32(end64, true) !== END64)
      throw damaged(where, 'the zip64 record is not where it should be');
    count = uint64(view, end64 + 32, where);
    size = uint64(view, end64 + 40, where);
    offset = uint64(view, end64 + 48, where);
    disks = view.getUint32(end64 + 16, true) + view.getUint32(end64 + 20, true);
    limit = end64;
  }
  if (disks !== 0)
    throw new InputError(where, 'the archive is split over several files', 'Join them into one archive.');
  if (offset + size > limit) throw damaged(where, 'its directory reaches past the end of the file');
  return { offset, size, count };
}

function readHeader(
  bytes: Uint8Array,
  view: DataView,
  at: number,
  end: number,
  where: string,
): { header: Header; next: number } {
  if (at + 46 > end || view.getUint32(at, true) !== CENTRAL) throw damaged(where, 'its directory is damaged');
  const nameEnd = at + 46 + view.getUint16(at + 28, true);
  const extraEnd = nameEnd + view.getUint16(at + 30, true);
  const next = extraEnd + view.getUint16(at + 32, true);
  if (next > end) throw damaged(where, 'its directory is cut short');
  const rawName = bytes.subarray(at + 46, nameEnd);
  const header: Header = {
    name: decodeName(rawName),
    rawName,
    flags: view.getUint16(at + 8, true),
    method: view.getUint16(at + 10, true),
    crc: view.getUint32(at + 16, true),
    packed: view.getUint32(at + 20, true),
    size: view.getUint32(at + 24, true),
    offset: view.getUint32(at + 42, true),
  };
  const fields = (['size', 'packed', 'offset'] as const).filter((field) => header[field] === 0xffffffff);
  if (fields.length > 0) {
    let value = findZip64(view, nameEnd, extraEnd);
    for (const field of fields) {
      if (value === undefined || value.at + 8 > value.end)
        throw damaged(`${where}#${header.name}`, `its zip64 ${field} is missing`);
      header[field] = uint64(view, value.at, where);
      value = { at: value.at + 8, end: value.end };
    }
  }
  return { header, next };
}

/** Where the zip64 values lie among the extra fields of a directory entry (APPNOTE.TXT 4.5.3). */
function findZip64(view: DataView, from: number, to: number): { at: number; end: number } | undefined {
  let at = from;
  while (at + 4 <= to) {
    const end = at + 4 + view.getUint16(at + 2, true);
    if (end > to) return undefined;
    if (view.getUint16(at, true) === 1) return { at: at + 4, end };
    at = end;
  }
  return undefined;
}

function readEntry(bytes: Uint8Array, view: DataView, header: Header, dataEnd: number, where: string): Uint8Array {
  if (header.flags & 1) throw new InputError(where, 'the entry is encrypted', 'Save the archive without a password.');
  if (header.method !== 0 && header.method !== 8)
    throw new InputError(
      where,
      `zip compression method ${header.method} is not supported`,
      'Save the archive stored or deflated.',
    );
  const local = header.offset;
  if (view.getUint32(local, true) !== LOCAL) throw damaged(where, 'the entry is not where the directory says');
  const nameLength = view.getUint16(local + 26, true);
  const start = local + 30 + nameLength + view.getUint16(local + 28, true);
  if (start + header.packed > dataEnd) throw damaged(where, 'the entry reaches past the end of the data');
  if (!sameBytes(bytes.subarray(local + 30, local + 30 + nameLength), header.rawName))
    throw damaged(where, 'the entry has another name than the directory says');
  const packed = bytes.subarray(start, start + header.packed);
  const data = header.method === 0 ? packed : inflate(packed, header.size, where);
  // Some writers leave the checksum out for speed (torch can be told to); they write 0.
  if (header.crc !== 0 && crc32(data) !== header.crc) throw damaged(where, 'the checksum of the entry does not match');
  return data;
}

function inflate(packed: Uint8Array, size: number, where: string): Uint8Array {
  if (size > constants.MAX_LENGTH)
    throw new InputError(where, `the entry is too large (${size} bytes)`, 'Split it into smaller ones.');
  let data: Uint8Array;
  try {
    // Capped at 1 MiB a piece so that a lie about the size cannot make zlib reserve it up front.
    const chunkSize = Math.min(Math.max(size, 1024), 2 ** 20);
    data = plain(inflateRawSync(packed, { maxOutputLength: Math.max(size, 1), chunkSize }));
  } catch (error) {
    const tooLong = error instanceof RangeError;
    throw damaged(where, tooLong ? `the entry inflates to more than its ${size} bytes` : 'the entry does not inflate', {
      cause: error,
    });
  }
  if (data.length !== size) throw damaged(where, `the entry inflates to ${data.length} bytes, not ${size}`);
  return data;
}

/** The same memory without the methods of Buffer, whose `slice` does not copy. */
function plain(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function uint64(view: DataView, at: number, where: string): number {
  const value = Number(view.getBigUint64(at, true));
  if (!Number.isSafeInteger(value)) throw damaged(where, 'a size in the archive is absurd');
  return value;
}

function decodeName(raw: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(raw);
  } catch {
    return new TextDecoder('latin1').decode(raw); // older writers; only has to be unique and printable
  }
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
